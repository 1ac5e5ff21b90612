//! The state of a link: what is sent, what is awaited, what is subscribed to.
//!
//! A plain data structure: the lock is around it, and it does nothing by itself.

mod waits;

pub(super) use self::waits::Flush;

use super::{
    bounds::Bounds,
    doubt::Doubt,
    missed::{Missed, Notices},
    outcome::{Echo, Place, Stuck, Wake},
    probes::{Probes, Tick},
    queue::Queue,
    transit::{Awaited, Item, Join, OutOfOrder, Transit},
};
use crate::{
    options::Limits,
    wire::{Command, Frame, Kind, Sender, Subject, content},
};
use autumn_ws_core::{Bytes, Message, support::size};
use std::{
    collections::{HashMap, VecDeque},
    mem,
    ops::RangeInclusive,
    sync::Arc,
    time::Duration,
};

#[derive(Debug)]
pub(super) struct State {
    origin: u64,
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
    /// How many messages were held back since the connection was given up.
    held: usize,
    probes: Probes,
    /// What the other replicas are to be told.
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

/// What is to be dropped outside of the lock, because the payload of a message can be foreign code,
/// which may publish.
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
    /// Behind those that were on their way to the engine, which are about to be delivered here.
    Draining,
    /// To local subscribers, at once.
    Down,
}

/// So many orders to join and to leave may wait in any case.
const ORDERS: usize = 1 << 16;

/// What goes in the place of a message that does not go.
const NOTICE: (Kind, Bytes) = (Kind::Gap, Bytes::new());

/// At once, so many items are delivered here that were on their way.
const BATCH: usize = 512;

/// Room for so many channels is kept.
const SMALL: usize = 1024;

impl State {
    pub(super) fn new(origin: u64, limits: Limits) -> Self {
        Self {
            origin,
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

    /// What is to be dropped now, outside of the lock.
    pub(super) fn take_gone(&mut self) -> Gone {
        mem::take(&mut self.gone)
    }

    // What is said here.

    pub(super) fn join(&mut self, name: &Arc<str>) -> Wake {
        self.joins += 1;
        let joined = Joined {
            join: self.joins,
            before: self.transit.next(),
        };
        self.subscribed.insert(Arc::clone(name), joined);
        let subject = Subject::channel(Arc::clone(name));
        if !self.bounds.has_room_for_subject(&subject) {
            return Wake::default();
        }
        self.order(Command::Subscribe(subject))
    }

    pub(super) fn leave(&mut self, name: &Arc<str>) -> Wake {
        self.subscribed.remove(name);
        if self.subscribed.capacity() > SMALL && self.subscribed.len() < SMALL / 4 {
            self.subscribed.shrink_to(SMALL);
        }
        let subject = Subject::channel(Arc::clone(name));
        if !self.bounds.has_room_for_subject(&subject) {
            return Wake::default();
        }
        self.order(Command::Unsubscribe(subject))
    }

    pub(super) fn publish(&mut self, name: Arc<str>, message: Message) -> (Wake, Place) {
        match self.mode {
            Mode::Up => {
                let subject = Subject::channel(Arc::clone(&name));
                if !self.bounds.has_room_for_subject(&subject) {
                    return (Wake::default(), Place::Nameless(message));
                }
                self.send(subject, name, message)
            }
            Mode::Draining => (Wake::default(), self.hold_back(name, message)),
            Mode::Down => {
                self.missed.note(&name);
                (Wake::default(), Place::Here(message))
            }
        }
    }

    /// Sends a message. One that is too large for the engine goes to nobody else, and the others
    /// are told so in its place.
    fn send(&mut self, subject: Subject, name: Arc<str>, message: Message) -> (Wake, Place) {
        let size = size(&message);
        let is_too_large = size > self.limits.largest() || !self.bounds.has_room_for_payload(size);
        let joined = self.subscribed.get(&name).map(|joined| joined.join);
        let (item, (kind, payload)) = match (joined, is_too_large) {
            (None, false) => (Item::Sent(name, size), content(message)),
            (None, true) => {
                self.gone.items.push(Item::Held(Arc::clone(&name), message));
                (Item::Notice(name), NOTICE)
            }
            (Some(join), is_too_large) => {
                let content = if is_too_large {
                    NOTICE
                } else {
                    content(message.clone())
                };
                (Item::Echoed(name, message, Awaited::since(join)), content)
            }
        };
        let place = if is_too_large {
            Place::TooLarge
        } else {
            Place::Engine
        };
        (self.post(subject, item, kind, payload), place)
    }

    /// The engine is gone, and what was on its way before is not delivered yet.
    fn hold_back(&mut self, name: Arc<str>, message: Message) -> Place {
        self.missed.note(&name);
        let held = Item::Held(name, message);
        // Whoever publishes faster than that is delivered must not keep this from its end.
        if self.held < self.limits.messages && !self.is_full(2) {
            self.held += 1;
            self.transit.push(held);
        } else {
            self.transit.push_gap();
            self.gone.items.push(held);
        }
        Place::Held
    }

    /// Asks the engine whether it has got everything so far.
    fn prove(&mut self) -> Wake {
        self.probes.ask(self.transit.next());
        let subject = Subject::replica(self.origin);
        self.send_frame(subject, Item::Probe, Kind::Probe, Bytes::new())
    }

    fn post(&mut self, subject: Subject, item: Item, kind: Kind, payload: Bytes) -> Wake {
        self.probes.note(payload.len());
        self.doubt.note(&item);
        let wake = self.send_frame(subject, item, kind, payload);
        if self.probes.are_due(self.limits) {
            wake.and(self.prove())
        } else {
            wake
        }
    }

    fn send_frame(&mut self, subject: Subject, item: Item, kind: Kind, payload: Bytes) -> Wake {
        let sequence = self.transit.push(item);
        let origin = self.origin;
        let mut frame = Frame::new(kind, Sender { origin, sequence }, payload);
        if self.bounds.has_receipts() {
            frame = frame.with_receipt(sequence);
        }
        self.order(Command::Publish(subject, frame))
    }

    fn order(&mut self, command: Command) -> Wake {
        if !self.connected {
            return Wake::default();
        }
        Wake::work(self.queue.push(command)).and(self.check_room())
    }

    fn check_room(&mut self) -> Wake {
        if !self.is_full(1) {
            return Wake::default();
        }
        self.stop(Stuck::Full)
    }

    fn is_full(&self, times: usize) -> bool {
        let most = self.limits.messages.saturating_mul(times);
        let orders = most.max(ORDERS);
        self.transit.len() > most
            || self.queue.orders() > orders.saturating_add(self.subscribed.len())
            || self.transit.bytes() > self.limits.bytes(times)
    }

    /// The connection cannot go on. From here on everything stays here.
    fn stop(&mut self, why: Stuck) -> Wake {
        self.stuck.get_or_insert(why);
        self.disconnect();
        Wake::NEWS
    }

    fn disconnect(&mut self) {
        self.connected = false;
        self.clear();
        if self.mode == Mode::Up {
            self.mode = Mode::Draining;
        }
    }

    fn clear(&mut self) {
        let mut commands = self.queue.clear();
        self.gone.commands.append(&mut commands);
    }

    // What comes back.

    pub(super) fn echo(&mut self, name: &str, sequence: u64) -> Option<(Echo, Wake)> {
        let is_awaited = |item: &Item| match item {
            Item::Echoed(sent, ..) | Item::Sent(sent, _) | Item::Notice(sent) => **sent == *name,
            Item::Confirmed | Item::Held(..) | Item::Gap | Item::Everything | Item::Probe => false,
        };
        Some(match self.come_back(sequence, is_awaited)? {
            Ok(Item::Echoed(_, message, _)) => (Echo::Message(message), self.go_on()),
            Ok(_) => (Echo::Nothing, self.go_on()),
            Err(OutOfOrder) => (Echo::Nothing, self.stop(Stuck::OutOfOrder)),
        })
    }

    pub(super) fn settle(&mut self, sequence: u64) -> Option<(Option<Duration>, Wake)> {
        let is_awaited = |item: &Item| matches!(item, Item::Everything | Item::Probe);
        if self.come_back(sequence, is_awaited)? == Err(OutOfOrder) {
            return Some((None, self.stop(Stuck::OutOfOrder)));
        }
        let time = self.probes.answer(sequence);
        let wake = match self.mode {
            Mode::Up => Wake::PROGRESS.and(self.go_on()),
            Mode::Draining | Mode::Down => Wake::NEWS,
        };
        Some((time, wake))
    }

    pub(super) fn confirm(&mut self, sequences: RangeInclusive<u64>) -> Wake {
        self.transit.confirm(sequences);
        self.go_on()
    }

    /// Something has come back, so more may be sent.
    fn go_on(&mut self) -> Wake {
        Wake::work(self.queue.go_on())
    }

    /// What is published while somebody listens must come back for as long as he does. After that
    /// it may: to leave a channel overtakes what is on its way. Everything has its receipt by then,
    /// where there are any.
    fn come_back(
        &mut self,
        sequence: u64,
        is_awaited: impl FnOnce(&Item) -> bool,
    ) -> Option<Result<Item, OutOfOrder>> {
        let subscribed = &self.subscribed;
        let receipts = self.bounds.has_receipts();
        let must_come = |item: &Item| match item {
            Item::Echoed(name, _, awaited) => {
                let joined = subscribed.get(name);
                joined.is_some_and(|joined| joined.join == awaited.join)
                    || receipts && !awaited.is_confirmed
            }
            Item::Everything | Item::Probe => true,
            Item::Sent(..) | Item::Notice(_) => receipts,
            Item::Confirmed | Item::Held(..) | Item::Gap => false,
        };
        let gone = &mut self.gone.items;
        self.transit.settle(sequence, is_awaited, must_come, gone)
    }

    // What the connection does.

    pub(super) fn connected(&mut self, bounds: Bounds) -> Wake {
        self.bounds = bounds;
        self.connected = true;
        self.stuck = None;
        self.connection += 1;
        let mut channels: Vec<_> = self.subscribed.keys().map(Arc::clone).collect();
        channels.sort_unstable();
        let channels = channels.into_iter().map(Subject::channel);
        let lines = [Subject::replica(self.origin), Subject::replicas()];
        let subjects = lines.into_iter().chain(channels);
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

    /// Answers how many notices there are, too.
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
        // Until the connection is open, there is no frame but the question.
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

    /// Answers how many messages are lost to the other replicas, as far as is known.
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
        // Whoever publishes faster than that is delivered only has to hear of the gap.
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
