//! An engine in memory, with an off switch.

use crate::{Command, Connection, Engine, EngineError, Inbox};
use autumn_ws_core::{Bytes, support::lock};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};
use tokio::sync::Notify;

/// An engine in the memory of this process: several sets of [`Channels`](autumn_ws_core::Channels) over the
/// same one are as many replicas of an application, in one test.
///
/// Tests control it: it can be away, refuse, accept commands without carrying them out, and cut its
/// connections. Clones are the same engine.
///
/// ```
/// use autumn_ws::{Message, engine::{self, Options, testing::Hub}};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let hub = Hub::new();
/// let here = engine::connect(hub.clone(), Options::new()).await.unwrap();
/// let there = engine::connect(hub.clone(), Options::new()).await.unwrap();
///
/// let mut lobby = there.subscribe("lobby");
/// there.flush(Duration::from_secs(5)).await;
/// here.publish("lobby", "hello");
/// assert_eq!(lobby.recv().await, Ok(Message::text("hello")));
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Hub {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    /// The state has changed.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    mode: Mode,
    connections: BTreeMap<u64, Client>,
    /// The number of connections so far.
    opened: u64,
    /// Commands accepted while the hub is stuck.
    pending: Vec<(u64, Command)>,
    largest: Option<usize>,
    published: u64,
}

#[derive(Debug)]
struct Client {
    inbox: Inbox,
    subjects: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Running,
    Stuck,
    Blocked,
    Away,
    Refusing,
}

/// A connection to a [`Hub`].
#[derive(Debug)]
pub struct HubConnection {
    hub: Hub,
    id: u64,
}

impl Hub {
    /// Makes a running engine.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on it refuses larger frames.
    pub fn limit(&self, bytes: usize) {
        lock(&self.inner.state).largest = Some(bytes);
    }

    /// It runs again. Commands that it accepted while [stuck](Hub::stick) are carried out now, even
    /// those of abandoned connections.
    pub fn start(&self) {
        self.change(|state| {
            state.mode = Mode::Running;
            for (id, command) in std::mem::take(&mut state.pending) {
                state.run(id, command);
            }
        });
    }

    /// Cuts all connections, and accepts no new ones.
    pub fn stop(&self) {
        self.change(|state| {
            state.mode = Mode::Away;
            state.connections.clear();
            state.pending.clear();
        });
    }

    /// Cuts all connections.
    pub fn cut(&self) {
        self.change(|state| state.connections.clear());
    }

    /// Cuts all connections, and refuses new ones.
    pub fn refuse(&self) {
        self.change(|state| {
            state.mode = Mode::Refusing;
            state.connections.clear();
        });
    }

    /// From now on it accepts connections and commands, but does not carry them out.
    pub fn stick(&self) {
        self.change(|state| state.mode = Mode::Stuck);
    }

    /// From now on it accepts no commands, but keeps the connections.
    pub fn block(&self) {
        self.change(|state| state.mode = Mode::Blocked);
    }

    /// The subscribed subjects.
    #[must_use]
    pub fn subjects(&self) -> BTreeSet<String> {
        let state = lock(&self.inner.state);
        let clients = state.connections.values();
        clients.flat_map(|client| client.subjects.clone()).collect()
    }

    /// The number of connections so far.
    #[must_use]
    pub fn opened(&self) -> u64 {
        lock(&self.inner.state).opened
    }

    /// The number of frames published so far.
    #[must_use]
    pub fn published(&self) -> u64 {
        lock(&self.inner.state).published
    }

    /// Publishes like a stranger.
    pub fn inject(&self, subject: &str, frame: impl Into<Bytes>) {
        lock(&self.inner.state).publish(subject, &frame.into());
    }

    /// Waits until a condition on the hub holds.
    pub async fn until(&self, mut is_true: impl FnMut(&Self) -> bool) {
        loop {
            let mut changed = std::pin::pin!(self.inner.changed.notified());
            changed.as_mut().enable();
            if is_true(self) {
                return;
            }
            changed.await;
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut lock(&self.inner.state));
        self.inner.changed.notify_waiters();
        changed
    }
}

impl State {
    fn connect(&mut self, inbox: Inbox) -> Result<u64, EngineError> {
        match self.mode {
            Mode::Away => return Err(EngineError::away("the hub is away")),
            Mode::Refusing => return Err(EngineError::refused("the hub refuses")),
            Mode::Running | Mode::Stuck | Mode::Blocked => {}
        }
        self.opened += 1;
        let subjects = BTreeSet::new();
        self.connections
            .insert(self.opened, Client { inbox, subjects });
        Ok(self.opened)
    }

    fn take(&mut self, id: u64, command: Command) {
        if self.mode == Mode::Stuck {
            self.pending.push((id, command));
        } else {
            self.run(id, command);
        }
    }

    fn run(&mut self, id: u64, command: Command) {
        match command {
            Command::Publish(subject, frame) => {
                self.publish(&subject.to_string(), &frame.to_bytes());
            }
            Command::Subscribe(subject) => {
                if let Some(client) = self.connections.get_mut(&id) {
                    client.subjects.insert(subject.to_string());
                }
            }
            Command::Unsubscribe(subject) => {
                if let Some(client) = self.connections.get_mut(&id) {
                    client.subjects.remove(&subject.to_string());
                }
            }
        }
    }

    fn publish(&mut self, subject: &str, frame: &Bytes) {
        self.published += 1;
        for client in self.connections.values() {
            if client.subjects.contains(subject) {
                client.inbox.deliver(subject, frame.clone());
            }
        }
    }
}

impl Engine for Hub {
    type Connection = HubConnection;

    fn address(&self) -> String {
        "hub".into()
    }

    async fn connect(&mut self, inbox: Inbox) -> Result<HubConnection, EngineError> {
        let id = self.change(|state| state.connect(inbox))?;
        let hub = self.clone();
        Ok(HubConnection { hub, id })
    }
}

impl HubConnection {
    fn is_open(&self) -> bool {
        lock(&self.hub.inner.state)
            .connections
            .contains_key(&self.id)
    }

    fn is_blocked(&self) -> bool {
        lock(&self.hub.inner.state).mode == Mode::Blocked
    }
}

impl Connection for HubConnection {
    fn max_frame(&self) -> usize {
        lock(&self.hub.inner.state).largest.unwrap_or(usize::MAX)
    }

    async fn send(&mut self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
        self.hub
            .until(|_| !self.is_blocked() || !self.is_open())
            .await;
        if !self.is_open() {
            return Err(EngineError::away("the hub has cut the connection"));
        }
        self.hub.change(|state| {
            for command in batch.drain(..) {
                state.take(self.id, command);
            }
        });
        Ok(())
    }

    async fn lost(&mut self) -> EngineError {
        self.hub.until(|_| !self.is_open()).await;
        EngineError::away("the hub has cut the connection")
    }
}

impl Drop for HubConnection {
    fn drop(&mut self) {
        self.hub.change(|state| state.connections.remove(&self.id));
    }
}
