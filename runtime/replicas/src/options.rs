//! How the replicas of an application use an engine.

use std::time::Duration;

/// How long an engine may take, and how much may wait for it.
///
/// ```
/// use autumn_ws::engine::Options;
/// use std::time::Duration;
///
/// let options = Options::new().timeout(Duration::from_secs(2)).queue(10_000, 16 << 20);
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(super) timeout: Duration,
    pub(super) limits: Limits,
    pub(super) backoff: Duration,
}

/// How much may wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Messages that the engine is not known to have.
    pub(super) messages: usize,
    /// Their payload in bytes.
    pub(super) bytes: usize,
    /// The payload of one of them, in bytes.
    pub(super) message: usize,
}

impl Options {
    /// The defaults: a [timeout](Options::timeout) of 5 seconds, a [queue](Options::queue) of 262,144
    /// messages and 64 MiB, 16 MiB for [one message](Options::message_size), and 2 seconds of
    /// [back-off](Options::backoff) at most.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            timeout: Duration::from_secs(5),
            limits: Limits {
                messages: 1 << 18,
                bytes: 64 << 20,
                message: 16 << 20,
            },
            backoff: Duration::from_secs(2),
        }
    }

    /// How long the engine may take to answer, or to accept a connection, before it counts as away.
    /// It gets five probes in that time.
    ///
    /// When the time is over, everything published in the meantime reaches the subscribers of this
    /// replica at once. Those of a busy channel may then [lag](autumn_ws_core::RecvError::Lagged),
    /// unless its [capacity](autumn_ws_core::Channels::subscribe_with_capacity) is enough for what
    /// is published in that time.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many messages and bytes may wait for the engine. When there are more, it counts as away:
    /// nothing waits forever, and nothing grows without bound.
    ///
    /// There is always room for 16 messages, and for one of any size beyond those bytes. A message
    /// with more bytes than may wait is [too large](Options::message_size).
    #[must_use]
    pub const fn queue(mut self, messages: usize, bytes: usize) -> Self {
        self.limits.messages = if messages < 16 { 16 } else { messages };
        self.limits.bytes = bytes;
        self
    }

    /// How large a message may be. Larger ones reach the subscribers of their own replica; those
    /// of others get a [gap](autumn_ws_core::RecvError::Gap) instead.
    #[must_use]
    pub const fn message_size(mut self, bytes: usize) -> Self {
        self.limits.message = bytes;
        self
    }

    /// The longest time between two attempts to connect. The first attempt comes soon, then the
    /// time doubles, and it is different for each replica. For this long after an outage, replicas
    /// still reconnect, each with gaps for what it published in the meantime.
    #[must_use]
    pub const fn backoff(mut self, longest: Duration) -> Self {
        self.backoff = longest;
        self
    }
}

impl Limits {
    /// The bytes that may wait, times this factor.
    pub(super) const fn bytes(self, times: usize) -> usize {
        let bytes = self.bytes.saturating_mul(times);
        bytes.saturating_add(self.largest())
    }

    /// The bytes of the largest message that travels.
    pub(super) const fn largest(self) -> usize {
        if self.message < self.bytes {
            self.message
        } else {
            self.bytes
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}
