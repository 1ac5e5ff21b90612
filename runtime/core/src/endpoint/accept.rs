//! The kinds of message that an endpoint accepts.

use crate::Message;

/// The kinds of message that an endpoint accepts from its clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Accept {
    /// Text and binary messages.
    #[default]
    TextAndBinary,
    /// Text messages only.
    Text,
    /// Binary messages only.
    Binary,
}

impl Accept {
    /// Whether a message is of an accepted kind. Control frames always are.
    pub(crate) const fn takes(self, message: &Message) -> bool {
        !matches!(
            (self, message),
            (Self::Text, Message::Binary(_)) | (Self::Binary, Message::Text(_))
        )
    }

    /// The close reason for a client that sent another kind.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::TextAndBinary => "text and binary messages only",
            Self::Text => "text messages only",
            Self::Binary => "binary messages only",
        }
    }
}
