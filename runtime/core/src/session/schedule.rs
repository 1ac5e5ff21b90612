//! What is due on a connection.

use tokio::time::Instant;

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// To ask the client for a sign of life.
    Ping,
    /// To close: the client gave no sign of life.
    Idle,
    /// To give up: the client took no bytes.
    Cut,
    /// To read again: the client had to wait because of its rate.
    Resume,
}

/// Deadlines that most sessions do not have.
#[derive(Default)]
pub(super) struct Schedule {
    /// When the client is read again, which has sent more than its rate.
    pub(super) resume: Option<Instant>,
}

impl Schedule {
    /// The earliest deadline.
    pub(super) fn next(&self) -> Option<(Instant, Due)> {
        self.resume.map(|at| (at, Due::Resume))
    }
}
