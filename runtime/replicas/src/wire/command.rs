//! Commands to the server.

use super::{frame::Frame, subject::Subject};

/// What is sent to the server.
#[derive(Clone, Debug)]
pub enum Command {
    /// Subscribe to a subject.
    Subscribe(Subject),
    /// Unsubscribe from a subject.
    Unsubscribe(Subject),
    /// Publish a frame on a subject.
    Publish(Subject, Frame),
}
