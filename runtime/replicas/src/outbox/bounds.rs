//! What a connection can carry.

use crate::wire::{HEADER, Subject};

/// What a connection can carry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) frame: usize,
    pub(crate) subject: usize,
    pub(crate) window: usize,
    pub(crate) receipts: bool,
}

impl Bounds {
    /// While there is no connection.
    pub(super) const NONE: Self = Self {
        frame: usize::MAX,
        subject: usize::MAX,
        window: usize::MAX,
        receipts: false,
    };

    /// With subjects no longer than this.
    #[cfg(test)]
    pub(super) const fn with_subject(self, subject: usize) -> Self {
        Self { subject, ..self }
    }

    /// With no more frames in flight than this.
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

    /// Whether messages that do not come back are confirmed.
    pub(super) const fn has_receipts(self) -> bool {
        self.receipts
    }

    pub(super) const fn has_room_for_payload(self, bytes: usize) -> bool {
        bytes.saturating_add(HEADER) <= self.frame
    }

    pub(super) fn has_room_for_subject(self, subject: &Subject) -> bool {
        subject.len() <= self.subject
    }

    /// How many more may be sent with this many in flight.
    pub(super) const fn room_after(self, frames: usize) -> usize {
        self.window.saturating_sub(frames)
    }
}
