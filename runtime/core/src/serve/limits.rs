//! How long a client may take.

use std::time::Duration;

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Until the head of its first request has arrived.
    pub(crate) first_request: Duration,
    /// Over HTTP/1.1, until the head of each further request has arrived. Longer than load balancers
    /// keep a connection: one that they reuse just as it is closed costs a client a 502.
    pub(crate) next_request: Duration,
    /// Over HTTP/2, how long it may be silent before it is pinged.
    pub(crate) ping: Duration,
    /// How long it may take to answer a ping.
    pub(crate) pong: Duration,
    /// How long requests may take after the beginning of the shutdown.
    pub(crate) requests: Duration,
    /// How long requests may take at least when the sessions are gone.
    pub(crate) last_requests: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_request: Duration::from_secs(30),
            next_request: Duration::from_secs(75),
            ping: Duration::from_secs(20),
            pong: Duration::from_secs(20),
            requests: Duration::from_secs(10),
            last_requests: Duration::from_secs(1),
        }
    }
}
