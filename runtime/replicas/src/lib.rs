#![doc = include_str!("../README.md")]
//!
//! An engine is a server that the replicas of an application share. `Redis` (feature `redis`) and
//! `Nats` (feature `nats`) are ready; [`Engine`] is what another one has to implement. Nothing else
//! changes: publishing stays synchronous, subscriptions are the same.
//!
//! # What is promised
//!
//! * **Order.** While the engine can be reached, all subscribers of a channel, on every replica,
//!   see its messages in the same order, each exactly once. What is published goes to the engine,
//!   and reaches local subscribers when it comes back.
//! * **Only what is needed travels.** A replica subscribes to a channel when its first local
//!   subscriber comes, and leaves it after its last one goes.
//! * **Outage.** When the engine is away, or does not answer in time, what is published reaches
//!   the local subscribers at once. Publishing never waits, and nothing grows without bound.
//!   Afterwards each subscriber that may have missed something gets a
//!   [`RecvError::Gap`](autumn_ws_core::RecvError::Gap) ([`Event::Gap`](autumn_ws_core::Event::Gap) in a session):
//!   those of a replica that was cut off on all their channels, those of the other replicas on the
//!   channels that it has published on in the meantime. It is one for each replica that was cut off:
//!   when the engine itself was away, they come back one after the other, within the
//!   [back-off](Options::backoff).
//! * **The right server.** A server that answers and cannot keep these promises counts as away: a
//!   Redis that is no longer the primary, a JetStream stream with other settings, an address that
//!   leads to another server than before. That is noticed within the [timeout](Options::timeout),
//!   and what such a server has taken since the last good check is a gap for the other replicas.
//!   At the start it is an error.
//! * **Shutdown.** [`serve`](autumn_ws_core::serve) returns when what was published has reached the engine;
//!   elsewhere there is [`Channels::flush`](autumn_ws_core::Channels::flush).
//!
//! # What is not promised
//!
//! * Nothing is stored: a subscriber gets what is published after its replica has joined the
//!   channel. What its own replica publishes after `subscribe` it does get; what others publish at
//!   the same moment it may not, until [`Subscription::joined`](autumn_ws_core::Subscription::joined)
//!   returns. Sockets of generated endpoints open after that.
//! * A new subscriber may get messages that its own replica published just before, while they are
//!   in flight.
//! * A replica that is killed takes with it what it had not yet sent, without a gap.
//! * Anyone who can publish on the engine can publish on the channels. Messages that are not a
//!   replica's are ignored and [counted](autumn_ws_core::metrics).
//!
//! # Another engine
//!
//! Anything with subjects to publish on and to subscribe to can be an [`Engine`]. This one relays
//! between several [`Channels`](autumn_ws_core::Channels) of one process. An engine behind a
//! network reads and writes instead, and does no more:
//!
//! ```
//! use autumn_ws::{
//!     Bytes, Message,
//!     engine::{self, Command, Connection, Engine, EngineError, Inbox, Options},
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
//! // In its tests: engine::testing::conformance::all(|| relay.clone()).await;
//! let here = engine::connect(relay.clone(), Options::new()).await?;
//! let there = engine::connect(relay, Options::new()).await?;
//!
//! let mut lobby = there.subscribe("lobby");
//! lobby.joined().await;
//! here.publish("lobby", "hello");
//! assert_eq!(lobby.recv().await, Ok(Message::text("hello")));
//! # Ok(())
//! # }
//! ```

mod budget;
mod connect;
mod engine;
mod error;
mod inbox;
mod link;
#[cfg(feature = "nats")]
mod nats;
mod options;
mod outbox;
#[cfg(any(feature = "nats", feature = "redis"))]
mod prefix;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "testing")]
pub mod testing;
mod wire;

pub use self::{
    connect::connect,
    engine::{Connection, Engine},
    error::EngineError,
    inbox::Inbox,
    options::Options,
    wire::{Command, Frame, HEADER, Subject},
};

#[cfg(feature = "nats")]
pub use self::nats::{Nats, NatsConnection, nats};
#[cfg(feature = "redis")]
pub use self::redis::{Redis, RedisConnection, redis};
