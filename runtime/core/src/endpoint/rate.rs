//! How many messages a client may send.

use std::time::Duration;

/// How many messages a client may send in a time ([`Endpoint::RATE`](crate::Endpoint::RATE)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    messages: u32,
    per: Duration,
}

impl Rate {
    /// This many messages a second, at least one.
    #[must_use]
    pub const fn per_second(messages: u32) -> Self {
        Self::new(messages, Duration::from_secs(1))
    }

    /// This many messages a minute, at least one.
    #[must_use]
    pub const fn per_minute(messages: u32) -> Self {
        Self::new(messages, Duration::from_mins(1))
    }

    /// This many messages an hour, at least one.
    #[must_use]
    pub const fn per_hour(messages: u32) -> Self {
        Self::new(messages, Duration::from_hours(1))
    }

    const fn new(messages: u32, per: Duration) -> Self {
        let messages = if messages == 0 { 1 } else { messages };
        Self { messages, per }
    }

    /// The time between two messages of a client that sends evenly.
    pub(crate) const fn interval(self) -> Duration {
        match self.per.checked_div(self.messages) {
            Some(interval) => interval,
            None => self.per,
        }
    }

    /// The time that as many messages as may come at once take evenly: twice the rate.
    pub(crate) const fn burst(self) -> Duration {
        self.per.saturating_mul(2)
    }
}
