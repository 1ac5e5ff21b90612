//! The end of a socket: close frames, and how a session ended.

mod closed;
mod frame;

pub use self::closed::{Closed, ClosedBy};

#[cfg(feature = "testing")]
pub(crate) use self::frame::client_frame;
pub(crate) use self::{closed::INTERNAL_ERROR, frame::frame};

use crate::CloseCode;

/// Another session has taken this one's place.
pub(crate) const REPLACED: CloseCode = 4000;

/// The session has expired: the client may sign in again and reconnect. As the status 401.
pub(crate) const EXPIRED: CloseCode = 4401;
