//! The rules of an endpoint as a value.

use crate::{Accept, CloseCode, Endpoint, Missed, Rate};
use std::time::Duration;

/// The constants of an [`Endpoint`] that matter to a live session.
///
/// It is in static memory, so that sessions are neither generic nor larger for it.
#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) name: &'static str,
    pub(crate) accept: Accept,
    pub(crate) message_size: usize,
    pub(crate) heartbeat: Option<Duration>,
    pub(crate) idle: Option<Duration>,
    pub(crate) send_timeout: Duration,
    pub(crate) rate: Option<Rate>,
    pub(crate) tick: Option<Duration>,
    pub(crate) lifetime: Option<Duration>,
    pub(crate) joined: usize,
    pub(crate) lag: Missed,
    pub(crate) gap: Missed,
    pub(crate) shutdown_code: CloseCode,
    pub(crate) shutdown_reason: &'static str,
    pub(crate) drain: Duration,
    pub(crate) spread: Duration,
}

impl Policy {
    pub(crate) const fn of<E: Endpoint>() -> &'static Self {
        const {
            &Self {
                name: E::NAME,
                accept: E::ACCEPT,
                message_size: E::MESSAGE_SIZE,
                heartbeat: E::HEARTBEAT,
                idle: E::IDLE,
                send_timeout: E::SEND_TIMEOUT,
                rate: E::RATE,
                tick: E::TICK,
                lifetime: E::LIFETIME,
                joined: E::JOINED,
                lag: E::LAG,
                gap: E::GAP,
                shutdown_code: E::SHUTDOWN_CODE,
                shutdown_reason: E::SHUTDOWN_REASON,
                drain: E::DRAIN,
                spread: E::SPREAD,
            }
        }
    }
}
