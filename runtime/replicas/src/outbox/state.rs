//! The state of a link: what is sent, what is awaited, what is subscribed to.
//!
//! A plain data structure: the lock is around it, and it does nothing by itself.

mod incoming;
mod outgoing;
mod waits;

pub(super) use self::waits::Flush;

use super::{
    bounds::Bounds,
    doubt::Doubt,
    missed::{Missed, Notices},
    outcome::{Stuck, Wake},
    probes::{Probes, Tick},
    queue::Queue,
    transit::{Item, Join, Transit},
};
use crate::{
    options::Limits,
    wire::{Command, Kind, Subject},
};
use autumn_ws_core::Bytes;
use std::{
    collections::{HashMap, VecDeque},
    mem,
    sync::Arc,
};

#[derive(Debug)]
pub(super) struct State {
    replica: u64,
    limits: Limits,
    bounds: Bounds,
    mode: Mode,
    /// Whether commands are taken: there is a connection.
    connected: bool,
    /// The channels that have subscribers here, and since when.
    subscribed: HashMap<Arc<str>, Joined>,
    joins: Join,
    queue: Queue,
    transit: Transit,
    /// Messages held back since the connection was abandoned.
    held: usize,
    probes: Probes,
    /// What to report to the other replicas.
    missed: Missed,
    doubt: Doubt,
    gone: Gone,
    stuck: Option<Stuck>,
    closed: bool,
    /// Counts the connections.
    connection: u64,
}

/// Since when a channel has subscribers here.
#[derive(Clone, Copy, Debug)]
struct Joined {
    join: Join,
    /// The sequence number of what was sent next.
    before: u64,
}

/// What to drop outside of the lock, because dropping a payload may run foreign code, which may
/// publish.
#[derive(Debug, Default)]
pub(super) struct Gone {
    items: Vec<Item>,
    commands: VecDeque<Command>,
}

/// Where messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// To the engine.
    Up,
    /// Behind those that were in flight, which are about to be delivered here.
    Draining,
    /// To local subscribers, at once.
    Down,
}

/// The number of items in flight that are delivered here at once.
const BATCH: usize = 512;

impl State {
    pub(super) fn new(replica: u64, limits: Limits) -> Self {
        Self {
            replica,
            limits,
            bounds: Bounds::NONE,
            mode: Mode::Down,
            connected: false,
            subscribed: HashMap::new(),
            joins: 0,
            queue: Queue::default(),
            transit: Transit::new(limits.largest()),
            held: 0,
            probes: Probes::default(),
            // All of them have room at once.
            missed: Missed::new(limits.messages / 4),
            doubt: Doubt::new(limits.messages / 4),
            gone: Gone::default(),
            stuck: None,
            closed: false,
            connection: 0,
        }
    }

    pub(super) fn is_up(&self) -> bool {
        self.mode == Mode::Up
    }

    /// Whether much waits for the engine already.
    pub(super) fn is_crowded(&self) -> bool {
        self.mode == Mode::Up
            && (self.transit.len() > self.limits.messages / 4
                || self.transit.bytes() > self.limits.bytes / 4)
    }

    pub(super) const fn transit(&self) -> &Transit {
        &self.transit
    }

    pub(super) fn stuck(&self) -> Option<Stuck> {
        self.closed.then_some(Stuck::Closed).or(self.stuck)
    }

    /// What to drop now, outside of the lock.
    pub(super) fn take_gone(&mut self) -> Gone {
        mem::take(&mut self.gone)
    }

    pub(super) fn connected(&mut self, bounds: Bounds) -> Wake {
        self.bounds = bounds;
        self.connected = true;
        self.stuck = None;
        self.connection += 1;
        let mut channels: Vec<_> = self.subscribed.keys().map(Arc::clone).collect();
        channels.sort_unstable();
        let channels = channels.into_iter().map(Subject::channel);
        let subjects = [Subject::replica(self.replica), Subject::replicas()];
        let subjects = subjects.into_iter().chain(channels);
        let subjects = subjects.filter(|subject| bounds.has_room_for_subject(subject));
        self.clear();
        self.transit.begin_connection();
        for subject in subjects {
            self.queue.push(Command::Subscribe(subject));
        }
        let _ = self.prove();
        Wake::work(true)
    }

    pub(super) fn has_answered(&self) -> bool {
        self.connected && self.mode == Mode::Down && self.probes.is_answered()
    }

    /// Also returns the number of notices.
    pub(super) fn open(&mut self) -> (u64, Wake) {
        self.mode = Mode::Up;
        self.doubt.open(&mut self.missed);
        match self.missed.take() {
            Notices::Channels(names) => {
                let mut notices = (0, Wake::default());
                for name in names {
                    let subject = Subject::channel(Arc::clone(&name));
                    // With a longer name it has never left this process.
                    if self.bounds.has_room_for_subject(&subject) {
                        let item = Item::Notice(name);
                        let wake = self.post(subject, item, Kind::Gap, Bytes::new());
                        notices = (notices.0 + 1, notices.1.and(wake));
                    }
                }
                notices
            }
            Notices::Everything => {
                let subject = Subject::replicas();
                let wake = self.post(subject, Item::Everything, Kind::Gap, Bytes::new());
                (1, wake)
            }
        }
    }

    pub(super) fn take(&mut self, batch: &mut Vec<Command>) -> bool {
        // Until the connection is open, the probe is the only frame.
        let is_asking = self.mode == Mode::Down && self.queue.frames() > 0;
        let under_way = self.transit.len().saturating_sub(self.queue.frames());
        self.queue.take(batch, self.bounds.room_after(under_way));
        if is_asking {
            self.probes.be_patient();
        }
        !batch.is_empty()
    }

    pub(super) fn tick(&mut self) -> Wake {
        if !self.connected {
            return Wake::default();
        }
        match self.probes.tick() {
            Tick::Ask if self.mode == Mode::Up => self.prove(),
            Tick::Ask | Tick::Wait => Wake::default(),
            Tick::GiveUp => self.stop(Stuck::Silent),
        }
    }

    pub(super) fn begin_check(&mut self) {
        self.doubt.begin_check();
    }

    pub(super) fn end_check(&mut self) {
        self.doubt.end_check();
    }

    pub(super) fn identify(&mut self, server: &str) {
        self.doubt.identify(server);
    }

    /// Returns how many messages may be lost to the other replicas.
    pub(super) fn cut(&mut self) -> u64 {
        self.disconnect();
        self.probes = Probes::default();
        self.doubt.cut();
        let mut messages = 0;
        for item in self.transit.iter() {
            match item {
                Item::Echoed(name, ..) | Item::Sent(name, _) => {
                    messages += 1;
                    self.missed.note(name);
                }
                Item::Notice(name) => self.missed.note(name),
                Item::Everything => self.missed.note_everything(),
                Item::Confirmed | Item::Held(..) | Item::Gap | Item::Probe => {}
            }
        }
        self.mode = Mode::Draining;
        messages
    }

    pub(super) fn drain(&mut self, items: &mut Vec<Item>) -> bool {
        while items.len() < BATCH
            && let Some(item) = self.transit.pop()
        {
            items.push(item);
        }
        // A publisher faster than the delivery only gets a gap.
        let is_over = self.held >= self.limits.messages && **items == [Item::Gap];
        if items.is_empty() || is_over {
            self.mode = Mode::Down;
            self.held = 0;
        }
        !items.is_empty()
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
    }
}

#[cfg(test)]
mod tests;
