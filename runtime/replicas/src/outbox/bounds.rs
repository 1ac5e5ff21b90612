//! What a connection can carry.

use crate::engine::{Connection, HEADER, Subject};

/// Several times as much as goes to the engine before a probe does, on whose answer the rest may
/// have to wait.
const SMALLEST_WINDOW: usize = 1024;

/// What a connection can carry.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Bounds {
    frame: usize,
    subject: usize,
    window: usize,
    receipts: bool,
}

impl Bounds {
    /// As long as there is no connection.
    pub(super) const NONE: Self = Self {
        frame: usize::MAX,
        subject: usize::MAX,
        window: usize::MAX,
        receipts: false,
    };

    pub(in crate::engine) fn of(connection: &impl Connection) -> Self {
        Self {
            frame: connection.max_frame(),
            subject: connection.max_subject(),
            window: connection.window().max(SMALLEST_WINDOW),
            receipts: connection.has_receipts(),
        }
    }

    /// With subjects no longer than this.
    #[cfg(test)]
    pub(super) const fn with_subject(self, subject: usize) -> Self {
        Self { subject, ..self }
    }

    /// With no more frames on their way than this.
    #[cfg(test)]
    pub(super) const fn with_window(self, window: usize) -> Self {
        Self { window, ..self }
    }

    /// With receipts.
    #[cfg(test)]
    pub(super) const fn with_receipts(self) -> Self {
        Self {
            receipts: true,
            ..self
        }
    }

    /// Whether what does not come back is confirmed.
    pub(super) const fn has_receipts(self) -> bool {
        self.receipts
    }

    pub(super) const fn has_room_for_payload(self, bytes: usize) -> bool {
        bytes.saturating_add(HEADER) <= self.frame
    }

    pub(super) fn has_room_for_subject(self, subject: &Subject) -> bool {
        subject.len() <= self.subject
    }

    /// How many more may go where so many are on their way.
    pub(super) const fn room_after(self, frames: usize) -> usize {
        self.window.saturating_sub(frames)
    }
}
