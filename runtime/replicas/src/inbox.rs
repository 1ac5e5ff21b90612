//! What comes from an engine.

use super::{
    frame::{Kind, NotOurs, Received},
    late::Late,
    outbox::{Echo, Outbox},
    pace::step,
    subject::Line,
};
use crate::{
    Bytes,
    channels::{Last, Registry},
    sync::{Arc, Mutex, Weak, lock},
};
use std::{fmt, ops::RangeInclusive};

/// Takes what comes on one connection of an [`Engine`](super::Engine). Clones are the same.
#[derive(Clone)]
pub struct Inbox {
    outbox: Arc<Outbox>,
    registry: Weak<Registry>,
    /// Held while something is delivered, so that nothing is delivered by an old connection once
    /// there is a new one, and nothing overtakes the gap with which a new one begins. Foreign code
    /// that runs meanwhile, as wakers are and the end of a payload, finds no way back to it.
    door: Arc<Mutex<Door>>,
}

/// Closes an inbox when it is dropped.
pub(super) struct Closer(Arc<Mutex<Door>>);

struct Door {
    stage: Stage,
    /// Where the last message has gone.
    last: Option<Last>,
    /// What other replicas have sent on connections that they have given up.
    late: Late,
}

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Not everything that is subscribed to gets here yet. What does is a part of the gap.
    Opening,
    Open,
    /// It is given up.
    Closed,
}

impl Inbox {
    pub(super) fn new(outbox: &Arc<Outbox>, registry: &Weak<Registry>) -> Self {
        Self {
            outbox: Arc::clone(outbox),
            registry: Weak::clone(registry),
            door: Arc::new(Mutex::new(Door {
                stage: Stage::Opening,
                last: None,
                late: Late::default(),
            })),
        }
    }

    /// One that belongs to no link, and is open: what tests of engines see of a connection.
    #[cfg(feature = "testing")]
    pub(crate) fn alone(channels: &crate::Channels) -> Self {
        let outbox = Arc::new(Outbox::new(0, &super::Options::new()));
        let inbox = Self::new(&outbox, &Arc::downgrade(channels.registry()));
        inbox.open();
        inbox
    }

    /// Takes what was published on a subject: the text of the [`Subject`](super::Subject), and the
    /// bytes of the [`Frame`](super::Frame). Whatever it is: what is none of ours is ignored.
    ///
    /// It does not wait, and must not be called by two threads at once, which would have no order.
    pub fn deliver(&self, subject: &str, frame: Bytes) {
        let mut door = lock(&self.door);
        if door.stage != Stage::Closed && self.take(&mut door, subject, frame).is_none() {
            self.outbox.counters().ignored.add(1);
        }
        drop(door);
        // Whoever listens can read meanwhile.
        step();
    }

    /// The server has taken frames that wanted [receipts](super::Frame::receipt): all of those with
    /// these numbers.
    ///
    /// Receipts come in the order of their frames, each before whatever comes back of what was sent
    /// later.
    pub fn receipt(&self, numbers: RangeInclusive<u64>) {
        let door = lock(&self.door);
        if door.stage != Stage::Closed {
            self.outbox.confirm(numbers);
        }
    }

    /// Takes what was published where no subject can be: it is ignored.
    pub fn ignore(&self) {
        self.outbox.counters().ignored.add(1);
    }

    /// Everything is taken from here on, and what is published goes to the engine. Answers how many
    /// subscribers were told that there may be something missing before: what they publish then
    /// goes there, too.
    pub(super) fn open(&self) -> usize {
        let mut door = lock(&self.door);
        door.stage = Stage::Open;
        self.outbox.open();
        self.registry
            .upgrade()
            .map_or(0, |registry| registry.mark_gaps())
    }

    /// Nothing is taken once this is dropped.
    pub(super) fn closer(&self) -> Closer {
        Closer(Arc::clone(&self.door))
    }

    /// `None`: it is none of ours.
    fn take(&self, door: &mut Door, subject: &str, frame: Bytes) -> Option<()> {
        let received = match Received::parse(frame) {
            Ok(received) => received,
            Err(NotOurs::Stranger) => return None,
            Err(NotOurs::Newer) => return self.miss(subject, door.stage),
        };
        let is_own = received.sender.origin == self.outbox.origin();
        let line = Line::parse(subject)?;
        let is_said = line != Line::Replicas || received.kind == Kind::Gap;
        if !is_own && (!is_said || door.late.has(received.sender)) {
            return None;
        }
        let is_opening = door.stage == Stage::Opening;
        let last = &mut door.last;
        match line {
            Line::Channel(name) if is_own => self.echo(last, name, received.sender.sequence),
            Line::Channel(_) | Line::Replicas if is_opening && !is_own => Some(()),
            Line::Channel(name) => self.receive(last, name, received),
            Line::Replica(_) | Line::Replicas if is_own => {
                self.outbox.settle(received.sender.sequence)
            }
            Line::Replicas => self.mark_gaps(),
            Line::Replica(_) => None,
        }
    }

    /// Another replica has said something that this one does not understand.
    fn miss(&self, subject: &str, stage: Stage) -> Option<()> {
        match Line::parse(subject)? {
            Line::Channel(name) if stage == Stage::Open => self.mark_gap(name),
            Line::Replicas if stage == Stage::Open => self.mark_gaps(),
            Line::Channel(_) | Line::Replica(_) | Line::Replicas => Some(()),
        }
    }

    fn mark_gap(&self, name: &str) -> Option<()> {
        self.registry.upgrade()?.mark_gap(name);
        self.outbox.counters().gaps_received.add(1);
        Some(())
    }

    fn mark_gaps(&self) -> Option<()> {
        self.registry.upgrade()?.mark_gaps();
        self.outbox.counters().gaps_received.add(1);
        Some(())
    }

    /// Takes what another replica has published.
    fn receive(&self, last: &mut Option<Last>, name: &str, received: Received) -> Option<()> {
        if received.kind == Kind::Gap || received.len() > self.outbox.limits().message {
            return self.mark_gap(name);
        }
        let registry = self.registry.upgrade()?;
        registry.deliver_again(last, name.into(), received.into_message()?);
        self.outbox.counters().received.add(1);
        Some(())
    }

    /// Takes what this replica has published.
    fn echo(&self, last: &mut Option<Last>, name: &str, sequence: u64) -> Option<()> {
        if let Echo::Message(message) = self.outbox.echo(name, sequence)? {
            let registry = self.registry.upgrade()?;
            registry.deliver_again(last, name.into(), message);
        }
        Some(())
    }
}

impl Drop for Closer {
    fn drop(&mut self) {
        let mut door = lock(&self.0);
        door.stage = Stage::Closed;
        let last = door.last.take();
        drop(door);
        drop(last);
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("stage", &lock(&self.door).stage)
            .finish_non_exhaustive()
    }
}
