//! Channels that carry messages of declared kinds.

use super::{encode::encode, kind::Kind};
use crate::{ChannelName, Channels, CloseCode, Listener, Subscription, Utf8Bytes};
use std::{fmt, marker::PhantomData, sync::Arc};

/// A kind of message that a channel carries: `M` is the enum of all that it does.
#[diagnostic::on_unimplemented(
    message = "the channel does not carry `{Self}`",
    label = "its messages are those of `{M}`",
    note = "list the message under the channel's `carries`"
)]
pub trait Carried<M>: Kind {}

impl<M, K: Carried<M>> Carried<M> for &K {}

/// A channel that carries the messages of `M`, and its name: what is published on it is declared, and
/// encoded once however many subscribers there are.
///
/// Modules that autumn-gen generates have a constant or a function for each:
///
/// ```
/// use autumn_ws::{
///     AppState, Message, escape,
///     messages::{Carried, Channel, Kind, Tag},
/// };
///
/// #[derive(serde::Serialize)]
/// struct Said { text: String }
///
/// impl Kind for Said {
///     const TAG: Tag<'static> = Tag::Text("said");
/// }
///
/// enum RoomMessage {
///     Said(Said),
/// }
///
/// impl Carried<RoomMessage> for Said {}
///
/// fn room_channel(room: &str) -> Channel<RoomMessage> {
///     Channel::filled("room:{room}", format!("room:{}", escape(room)))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let state = AppState::new();
/// let mut room = room_channel("tea").subscribe(state.channels());
/// room_channel("tea").publish(state.channels(), Said { text: "hello".to_owned() });
/// assert_eq!(room.recv().await, Ok(Message::text(r#"{"type":"said","text":"hello"}"#)));
/// # }
/// ```
///
/// A plain text is not published by mistake, nor a message of another kind:
///
/// ```compile_fail,E0277
/// # use autumn_ws::{AppState, messages::Channel};
/// enum RoomMessage {}
/// const ROOM_CHANNEL: Channel<RoomMessage> = Channel::fixed("room");
///
/// ROOM_CHANNEL.publish(AppState::new().channels(), "hello");
/// ```
pub struct Channel<M> {
    name: ChannelName,
    capacity: usize,
    carries: PhantomData<fn(M)>,
}

impl<M> Channel<M> {
    /// A channel whose name is always the same.
    #[must_use]
    pub const fn fixed(name: &'static str) -> Self {
        Self::new(ChannelName::fixed(name))
    }

    /// A channel whose name was made by filling values into a pattern, as
    /// [`ChannelName::filled`] describes.
    #[must_use]
    pub fn filled(pattern: &'static str, name: impl Into<Arc<str>>) -> Self {
        Self::new(ChannelName::filled(pattern, name))
    }

    const fn new(name: ChannelName) -> Self {
        Self {
            name,
            capacity: Channels::DEFAULT_CAPACITY,
            carries: PhantomData,
        }
    }

    /// How far its subscribers may fall behind, in messages. By default that is
    /// [`Channels::DEFAULT_CAPACITY`].
    #[must_use]
    pub const fn capacity(mut self, messages: usize) -> Self {
        self.capacity = messages;
        self
    }

    /// Its name, which metrics and [`Channels`] know it by.
    #[must_use]
    pub const fn name(&self) -> &ChannelName {
        &self.name
    }

    /// Publishes a message and returns how many subscribers in this process it reached, or will reach
    /// when it comes back from the [engine](Channels#other-processes), as [`Channels::publish`].
    ///
    /// A message that cannot be written as JSON ([`EncodeError`](super::EncodeError)) is logged and
    /// counted in `autumn_ws_channel_unwritten_total`, and reaches nobody.
    pub fn publish<K: Carried<M>>(&self, channels: &Channels, message: K) -> usize {
        match written(channels, &self.name, &message) {
            Some(text) => channels.publish(&self.name, text),
            None => 0,
        }
    }

    /// As [`publish`](Channel::publish), for all sessions but one: see
    /// [`Channels::publish_except`].
    pub fn publish_except<K: Carried<M>>(
        &self,
        channels: &Channels,
        session: &impl Listener,
        message: K,
    ) -> usize {
        match written(channels, &self.name, &message) {
            Some(text) => channels.publish_except(session, &self.name, text),
            None => 0,
        }
    }

    /// Closes every session that listens to the channel: see [`Channels::close`].
    pub fn close(
        &self,
        channels: &Channels,
        code: CloseCode,
        reason: impl Into<Utf8Bytes>,
    ) -> usize {
        channels.close(&self.name, code, reason)
    }

    /// Opens the channel for publishing without looking it up each time.
    #[must_use]
    pub fn sender(&self, channels: &Channels) -> Sender<M> {
        Sender {
            inner: channels.sender(&self.name),
            channels: channels.clone(),
            channel: self.clone(),
        }
    }

    /// Subscribes to the channel. What comes is JSON, which [`decode`](super::decode) reads.
    #[must_use]
    pub fn subscribe(&self, channels: &Channels) -> Subscription {
        channels.subscribe_with_capacity(&self.name, self.capacity)
    }
}

impl<M> Clone for Channel<M> {
    fn clone(&self) -> Self {
        Self::new(self.name.clone()).capacity(self.capacity)
    }
}

impl<M> fmt::Debug for Channel<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Channel").field(&self.name.as_str()).finish()
    }
}

/// Publishes messages of `M` on one channel without looking it up each time. Made by
/// [`Channel::sender`].
///
/// It holds the channel open, as [`autumn_ws::Sender`](crate::Sender) does.
pub struct Sender<M> {
    inner: crate::Sender,
    channels: Channels,
    channel: Channel<M>,
}

impl<M> Sender<M> {
    /// Publishes a message and returns how many subscribers it reached, as [`Channel::publish`].
    pub fn send<K: Carried<M>>(&self, message: K) -> usize {
        match written(&self.channels, &self.channel.name, &message) {
            Some(text) => self.inner.send(text),
            None => 0,
        }
    }

    /// As [`send`](Sender::send), for all sessions but one.
    pub fn send_except<K: Carried<M>>(&self, session: &impl Listener, message: K) -> usize {
        match written(&self.channels, &self.channel.name, &message) {
            Some(text) => self.inner.send_except(session, text),
            None => 0,
        }
    }
}

impl<M> Clone for Sender<M> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            channels: self.channels.clone(),
            channel: self.channel.clone(),
        }
    }
}

impl<M> fmt::Debug for Sender<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sender").field(&self.channel).finish()
    }
}

/// A message as text. `None`: it cannot be, which is logged. Nobody could do anything about it where
/// it is published.
fn written<K: Kind>(channels: &Channels, channel: &ChannelName, message: &K) -> Option<Utf8Bytes> {
    encode(message)
        .inspect_err(|error| {
            channels.note_unwritten(channel);
            tracing::error!(
                channel = channel.pattern(),
                kind = %K::TAG,
                %error,
                "a message was not published"
            );
        })
        .ok()
}
