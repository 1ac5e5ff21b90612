//! Channels over more than one process.
//!
//! [`Channels`](crate::Channels) are in-process until they are given an engine: a server that the
//! replicas of an application share. `Redis` (feature `redis`) and `Nats` (feature `nats`) are
//! ready; [`Engine`] is what another one has to implement. Nothing else changes: publishing stays
//! synchronous, subscriptions are the same.
//!
//! # What is promised
//!
//! * **Order.** While the engine can be reached, all subscribers of a channel, on every replica,
//!   see its messages in one and the same order, exactly once. What is published goes to the
//!   engine, and reaches local subscribers when it comes back.
//! * **Only what is needed travels.** A replica subscribes to a channel when its first local
//!   subscriber comes, and leaves it after its last one goes.
//! * **Outage.** When the engine is away, or does not answer in time, what is published reaches
//!   the local subscribers at once. Publishing never waits, and nothing grows without bound.
//!   Afterwards each subscriber that may have missed something gets a
//!   [`RecvError::Gap`](crate::RecvError::Gap) ([`Event::Gap`](crate::Event::Gap) in a session):
//!   those of a replica that was cut off on all their channels, those of the other replicas on the
//!   channels that it has published on meanwhile. It is one for each replica that was cut off: when
//!   the engine itself was away, they come back one after the other, within the
//!   [back-off](Options::backoff).
//! * **Shutdown.** [`serve`](crate::serve) returns when what was published has reached the engine;
//!   elsewhere there is [`Channels::flush`](crate::Channels::flush).
//!
//! # What is not promised
//!
//! * Nothing is stored: a subscriber gets what is published after its replica has joined the
//!   channel. What its own replica publishes after `subscribe` it does get; what others publish at
//!   the same moment it may not, until [`Subscription::joined`](crate::Subscription::joined)
//!   returns. Sockets of generated endpoints open after that.
//! * A subscriber that comes while messages are on their way may get some that its own replica has
//!   published just before.
//! * A replica that is killed takes with it what has not left it yet, and nobody is told.
//! * Whoever can publish on the engine can publish on the channels. What is no message of ours is
//!   ignored and [counted](crate::metrics).
//!
//! # Another engine
//!
//! Anything that has subjects to publish on and to subscribe to can be an [`Engine`]. This one
//! relays between several [`Channels`](crate::Channels) of one process. One that is beyond a network
//! writes and reads instead, and no more:
//!
//! ```
//! use autumn_ws::{
//!     Bytes, Channels, Message,
//!     engine::{Command, Connection, Engine, EngineError, Inbox, Options},
//! };
//! use std::{
//!     collections::HashSet,
//!     sync::{Arc, Mutex, PoisonError},
//!     time::Duration,
//! };
//! use tokio::{sync::broadcast, task::JoinHandle};
//!
//! #[derive(Clone)]
//! struct Relay(broadcast::Sender<(String, Bytes)>);
//!
//! impl Engine for Relay {
//!     type Connection = Line;
//!
//!     fn address(&self) -> String {
//!         "the relay".to_owned()
//!     }
//!
//!     async fn connect(&mut self, inbox: Inbox) -> Result<Line, EngineError> {
//!         let wanted = Wanted::default();
//!         // What comes is handed over by a task of its own, whatever else is going on.
//!         let reader = tokio::spawn(read(self.0.subscribe(), Arc::clone(&wanted), inbox));
//!         Ok(Line { relay: self.clone(), wanted, reader })
//!     }
//! }
//!
//! struct Line {
//!     relay: Relay,
//!     wanted: Wanted,
//!     reader: JoinHandle<EngineError>,
//! }
//!
//! /// The subjects that are subscribed to.
//! type Wanted = Arc<Mutex<HashSet<String>>>;
//!
//! async fn read(
//!     mut relay: broadcast::Receiver<(String, Bytes)>,
//!     wanted: Wanted,
//!     inbox: Inbox,
//! ) -> EngineError {
//!     loop {
//!         match relay.recv().await {
//!             Ok((subject, frame)) => {
//!                 let wanted = wanted.lock().unwrap_or_else(PoisonError::into_inner);
//!                 if wanted.contains(&subject) {
//!                     inbox.deliver(&subject, frame);
//!                 }
//!             }
//!             // Whatever is lost, the connection is.
//!             Err(error) => return EngineError::away(error),
//!         }
//!     }
//! }
//!
//! impl Connection for Line {
//!     async fn send(&mut self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
//!         for command in batch.drain(..) {
//!             let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
//!             match command {
//!                 Command::Subscribe(subject) => {
//!                     wanted.insert(subject.to_string());
//!                 }
//!                 Command::Unsubscribe(subject) => {
//!                     wanted.remove(&subject.to_string());
//!                 }
//!                 Command::Publish(subject, frame) => {
//!                     let sent = self.relay.0.send((subject.to_string(), frame.to_bytes()));
//!                     sent.map_err(EngineError::away)?;
//!                 }
//!             }
//!         }
//!         Ok(())
//!     }
//!
//!     async fn lost(&mut self) -> EngineError {
//!         (&mut self.reader).await.unwrap_or_else(EngineError::away)
//!     }
//! }
//!
//! impl Drop for Line {
//!     fn drop(&mut self) {
//!         self.reader.abort();
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), EngineError> {
//! let relay = Relay(broadcast::Sender::new(10_000));
//! // In its tests: autumn_ws::testing::conformance::all(|| relay.clone()).await;
//! let here = Channels::over(relay.clone(), Options::new()).await?;
//! let there = Channels::over(relay, Options::new()).await?;
//!
//! let mut lobby = there.subscribe("lobby");
//! lobby.joined().await;
//! here.publish("lobby", "hello");
//! assert_eq!(lobby.recv().await, Ok(Message::text("hello")));
//! # Ok(())
//! # }
//! ```

mod channels;
mod counters;
mod error;
mod frame;
mod inbox;
mod late;
mod link;
mod missed;
#[cfg(feature = "nats")]
mod nats;
mod open;
mod options;
mod outbox;
mod pace;
#[cfg(any(feature = "nats", feature = "redis"))]
mod prefix;
#[cfg(feature = "redis")]
mod redis;
mod subject;
mod transit;

pub use self::{
    error::EngineError,
    frame::{Frame, HEADER},
    inbox::Inbox,
    options::Options,
    subject::Subject,
};

#[cfg(feature = "nats")]
pub use self::nats::{Nats, NatsConnection};
#[cfg(feature = "redis")]
pub use self::redis::{Redis, RedisConnection};

pub(crate) use self::outbox::{Outbox, SharedOutbox};

/// A server that carries channels from one replica of an application to the others.
///
/// It is handed to [`Channels::over`](crate::Channels::over), which does everything else: it
/// decides what to send and when, keeps the order, notices outages, and connects again. To
/// implement an engine is to translate three commands and to hand over what comes, for one
/// connection at a time; `conformance` (feature `testing`) tests it.
pub trait Engine: Send + 'static {
    /// A connection to the server.
    type Connection: Connection;

    /// Where the server is, for log lines: without a password.
    fn address(&self) -> String;

    /// Opens a connection and logs in. From then on everything that comes on it is handed to the
    /// inbox, in the order in which it comes, once, and also while the connection
    /// [sends](Connection::send): best by a task of its own, which ends with the connection.
    ///
    /// There is one connection at a time. Each new one is told everything anew, its subscriptions
    /// first.
    ///
    /// The future may be dropped, when it takes too long.
    ///
    /// # Errors
    ///
    /// [`EngineError::away`] where it may work later, [`EngineError::refused`] where somebody has to
    /// do something about it.
    fn connect(
        &mut self,
        inbox: Inbox,
    ) -> impl Future<Output = Result<Self::Connection, EngineError>> + Send;
}

/// One connection of an [`Engine`]. Dropping it closes it, and ends whatever reads from it.
///
/// # Order
///
/// * The server takes the commands of one connection in the order in which they are sent: what is
///   published after a subscription comes back. Only to unsubscribe may overtake what was published
///   before.
/// * What is published on one subject reaches all connections that are subscribed to it in one
///   order.
/// * What a connection has published itself, on whatever subjects, comes back to it in the order in
///   which it was sent.
///
/// What a connection that was given up brings to the server after all may reach the others: they
/// ignore what comes after something that the same replica has sent on a later one.
pub trait Connection: Send + 'static {
    /// The largest frame that the server takes, in bytes.
    fn max_frame(&self) -> usize {
        usize::MAX
    }

    /// The longest subject that the server takes, in bytes of its text. Channels with longer names
    /// stay in their process.
    fn max_subject(&self) -> usize {
        usize::MAX
    }

    /// How many frames the server may have before the first of them has come back, where it drops
    /// what it cannot take in at once. Fewer than 1024 count as 1024.
    fn window(&self) -> usize {
        usize::MAX
    }

    /// Whether the server may drop a frame and take later ones, and tells which it has taken: those
    /// that want a [receipt](Frame::receipt). Otherwise, what comes back proves what was sent before
    /// it.
    fn has_receipts(&self) -> bool {
        false
    }

    /// Sends commands, in order, and leaves the batch empty. It returns when it can take more,
    /// which need not be when the server has taken them.
    ///
    /// No subject is subscribed to twice. The future is dropped only together with the connection.
    ///
    /// # Errors
    ///
    /// When the connection is lost, or the server has refused a command.
    fn send(
        &mut self,
        batch: &mut Vec<Command>,
    ) -> impl Future<Output = Result<(), EngineError>> + Send;

    /// Waits until the connection is lost, or the server has refused a command that was sent
    /// before. It is not asked while something is being sent: [`send`](Connection::send) should tell
    /// then. The future may be dropped, and asked for again until it has answered.
    fn lost(&mut self) -> impl Future<Output = EngineError> + Send;
}

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
