//! Named broadcast channels.

mod counts;
mod downstream;
mod error;
mod listener;
mod log;
mod name;
mod publication;
mod registry;
mod sender;
mod subscription;
mod topic;
mod upstream;
mod waiters;

pub use self::{
    downstream::Downstream,
    error::RecvError,
    listener::Listener,
    name::{AsChannelName, ChannelName},
    publication::Publication,
    registry::Recent,
    sender::Sender,
    subscription::Subscription,
    upstream::{EngineSnapshot, Upstream},
};

pub(crate) use self::{
    counts::Tally,
    listener::{ListenerId, Listening},
};

use self::{name::Key, registry::Registry, upstream::SharedUpstream};
use crate::{CloseFrame, Message, Payload, sync::Arc};
use std::{collections::BTreeMap, fmt, time::Duration};
use tokio::time::timeout;

/// Named broadcast channels: what is published on a name reaches every subscription to it.
///
/// A channel exists while a [`Subscription`] or a [`Sender`] of it exists; nothing has to be created
/// or cleaned up. Names are free text; see [`escape`](crate::escape) for values in them, and
/// [`ChannelName`] for names that metrics distinguish. Clones share the same channels.
///
/// ```
/// use autumn_ws::{Channels, Message};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let channels = Channels::new();
/// assert_eq!(channels.publish("lobby", "anybody here?"), 0);
///
/// let mut lobby = channels.subscribe("lobby");
/// assert_eq!(channels.publish("lobby", "hello"), 1);
/// assert_eq!(lobby.recv().await, Ok(Message::text("hello")));
/// # }
/// ```
///
/// # Order and loss
///
/// All subscribers of a channel see its messages in the same order, each from the moment when
/// [`subscribe`](Channels::subscribe) returned. Publishing never waits: a subscriber that falls
/// further behind than the channel's capacity loses the oldest messages, and learns how many
/// ([`RecvError::Lagged`]).
///
/// # Other processes
///
/// By default, channels are in one process. The replicas of an application can share channels over
/// an engine; then all of this holds for all replicas together. The module `engine` of `autumn-ws`
/// makes such channels, and nothing else changes.
///
/// # Cost
///
/// Publishing costs one wake-up per waiting subscriber: it copies no payload and allocates nothing
/// per subscriber. A message is freed when its last subscriber has read it. There is no global lock:
/// names are spread over independent parts of the registry, and each channel has its own lock.
#[derive(Clone)]
pub struct Channels {
    registry: Arc<Registry>,
}

impl Channels {
    /// How far a subscriber may fall behind by default, in messages.
    pub const DEFAULT_CAPACITY: usize = 128;

    /// Makes an independent set of channels. Sessions normally share those of
    /// [`AppState::channels`](crate::AppState::channels).
    #[must_use]
    pub fn new() -> Self {
        Self {
            registry: Arc::new(Registry::new(None)),
        }
    }

    /// Makes channels that reach other processes through `upstream`, for crates that connect
    /// processes. Messages from there are delivered through [`downstream`](Channels::downstream).
    #[must_use]
    pub fn with_upstream(upstream: SharedUpstream) -> Self {
        Self {
            registry: Arc::new(Registry::new(Some(upstream))),
        }
    }

    /// The subscribers of these channels in this process, for crates that connect processes.
    #[must_use]
    pub fn downstream(&self) -> Downstream {
        Downstream::of(&self.registry)
    }

    /// What carries messages to other processes, if anything does.
    pub(crate) fn upstream(&self) -> Option<&SharedUpstream> {
        self.registry.upstream()
    }

    /// Publishes a message on the channel `name` and returns how many subscribers in this process
    /// it reached, or will reach when it comes back from the engine.
    ///
    /// Publishing to nobody is not an error and leaves nothing behind. A control frame
    /// ([`Message::Ping`](crate::Message::Ping), `Pong`, `Close`) cannot be published: it reaches
    /// nobody.
    ///
    /// To publish on one channel many times, use a [`sender`](Channels::sender).
    pub fn publish(&self, name: impl AsChannelName, payload: impl Into<Payload>) -> usize {
        match payload.into().into_publishable() {
            Some(message) => self.registry.publish(name.key(), message.into()),
            None => 0,
        }
    }

    /// As [`publish`](Channels::publish), but one session does not get the message, where it
    /// listens to this channel; other sessions of the same user do. The number of subscribers does
    /// not count it either.
    pub fn publish_except(
        &self,
        session: &impl Listener,
        name: impl AsChannelName,
        payload: impl Into<Payload>,
    ) -> usize {
        match payload.into().into_publishable() {
            Some(message) => self.reach_others(session, name.key(), message),
            None => 0,
        }
    }

    /// Publishes what ends the sessions that listen to a channel. Returns how many subscriptions in
    /// this process are concerned.
    pub(crate) fn publish_close(&self, name: impl AsChannelName, frame: CloseFrame) -> usize {
        let message = Message::Close(Some(frame));
        self.registry.publish(name.key(), message.into())
    }

    /// As [`publish_close`](Channels::publish_close), for all sessions but one.
    pub(crate) fn publish_close_except(
        &self,
        session: &impl Listener,
        name: impl AsChannelName,
        frame: CloseFrame,
    ) -> usize {
        self.reach_others(session, name.key(), Message::Close(Some(frame)))
    }

    /// Publishes for all but a session. Returns how many other subscribers there are.
    fn reach_others(&self, session: &impl Listener, key: Key<'_>, message: Message) -> usize {
        let own = session.subscriptions(key.name);
        let publication = Publication::except(message, session.id());
        self.registry.publish(key, publication).saturating_sub(own)
    }

    /// Opens the channel `name` for publishing without looking it up each time.
    #[must_use]
    pub fn sender(&self, name: impl AsChannelName) -> Sender {
        Sender::open(&self.registry, name.key())
    }

    /// Subscribes to the channel `name`, with the
    /// [default capacity](Channels::DEFAULT_CAPACITY).
    #[must_use]
    pub fn subscribe(&self, name: impl AsChannelName) -> Subscription {
        self.subscribe_with_capacity(name, Self::DEFAULT_CAPACITY)
    }

    /// Subscribes to the channel `name`, which then keeps at least `capacity` messages for
    /// subscribers that fall behind.
    ///
    /// Subscribers share the kept messages, so the capacity of a channel is the largest that was
    /// asked for while it exists. At least one message is kept, and beyond it no more than 16 MiB of
    /// payload. Memory is only used when it is needed.
    #[must_use]
    pub fn subscribe_with_capacity(
        &self,
        name: impl AsChannelName,
        capacity: usize,
    ) -> Subscription {
        Subscription::open(&self.registry, name.key(), capacity)
    }

    /// Waits until everything that was published before has reached the engine, and everything
    /// that is subscribed to arrives from there, but at most for `limit`. Returns whether that
    /// happened.
    ///
    /// Channels in one process have nothing to wait for. [`serve`](crate::serve()) does this at
    /// the end of the shutdown.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops the waiting only.
    pub async fn flush(&self, limit: Duration) -> bool {
        match self.upstream() {
            Some(upstream) => timeout(limit, upstream.flush()).await.is_ok(),
            None => true,
        }
    }

    /// Whether other processes can be reached, as far as is known. Always true for channels in one
    /// process.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.upstream().is_none_or(|upstream| upstream.is_up())
    }

    /// Counts a message that could not be written, and so was not published on a channel.
    #[allow(dead_code, reason = "only typed messages can fail to be written")]
    pub(crate) fn note_unwritten(&self, name: impl AsChannelName) {
        self.registry.note_unwritten(name.key());
    }

    /// What is counted on the channels, by pattern. `None`: those whose pattern is not known.
    pub(crate) fn tallies(&self) -> BTreeMap<Option<&'static str>, Tally> {
        self.registry.tallies()
    }
}

impl Default for Channels {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut channels = f.debug_struct("Channels");
        channels.field("open", &self.registry.len());
        if let Some(upstream) = self.upstream() {
            channels.field("connected", &upstream.is_up());
        }
        channels.finish()
    }
}
