//! What is sent.

use super::{frame::Frame, subject::Subject};

/// What is sent to the server.
#[derive(Clone, Debug)]
pub enum Command {
    /// From now on, everything that is published on a subject is wanted.
    Subscribe(Subject),
    /// No longer.
    Unsubscribe(Subject),
    /// Publish a frame on a subject.
    Publish(Subject, Frame),
}
