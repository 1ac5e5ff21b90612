//! The end of a socket: close frames, and how a session ended.

mod closed;
mod frame;

pub use self::closed::{Closed, ClosedBy};

pub(crate) use self::closed::INTERNAL_ERROR;

#[cfg(feature = "testing")]
pub(crate) use self::frame::client_frame;
pub(crate) use self::frame::frame;
