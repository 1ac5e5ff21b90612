//! What can be sent and published.

use crate::{Bytes, Message, Utf8Bytes};

/// A message to be sent or published: what [`Session::send`](crate::Session::send),
/// [`Channels::publish`](crate::Channels::publish) and [`Sender::send`](crate::Sender::send) take.
///
/// Text becomes a text message, bytes a binary one. The content is reference-counted: sending one
/// payload to many clients copies nothing. Only borrowed content (`&str`, `&String`, `&[u8]`) is
/// copied, once.
#[derive(Clone, Debug)]
pub struct Payload(Message);

impl Payload {
    pub(crate) fn into_message(self) -> Message {
        self.0
    }

    /// The message, if it can be published: control frames belong to one connection.
    pub(crate) fn into_publishable(self) -> Option<Message> {
        matches!(self.0, Message::Text(_) | Message::Binary(_)).then_some(self.0)
    }
}

/// The bytes of the content of a message.
pub fn size(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    }
}

impl From<Message> for Payload {
    fn from(message: Message) -> Self {
        Self(message)
    }
}

impl From<Utf8Bytes> for Payload {
    fn from(text: Utf8Bytes) -> Self {
        Self(Message::Text(text))
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Self(Message::Text(text.into()))
    }
}

impl From<&String> for Payload {
    fn from(text: &String) -> Self {
        Self(Message::Text(text.into()))
    }
}

impl From<&str> for Payload {
    fn from(text: &str) -> Self {
        Self(Message::Text(text.into()))
    }
}

impl From<Bytes> for Payload {
    fn from(bytes: Bytes) -> Self {
        Self(Message::Binary(bytes))
    }
}

impl From<Vec<u8>> for Payload {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Message::Binary(bytes.into()))
    }
}

impl From<&[u8]> for Payload {
    fn from(bytes: &[u8]) -> Self {
        Self(Message::Binary(Bytes::copy_from_slice(bytes)))
    }
}
