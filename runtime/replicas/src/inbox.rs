//! What comes from an engine.

mod late;

use self::late::Late;
use crate::{
    outbox::{Echo, Outbox},
    pace::step,
    wire::{Kind, Line, NotOurs, Received},
};
use autumn_ws_core::{
    Bytes,
    support::lock,
    upstream::{Downstream, Recent, Upstream},
};
use std::{
    fmt, mem,
    ops::RangeInclusive,
    sync::{Arc, Mutex},
    time::Duration,
};

/// Takes what comes on one connection of an [`Engine`](crate::Engine). Clones are the same.
#[derive(Clone)]
pub struct Inbox {
    outbox: Arc<Outbox>,
    downstream: Downstream,
    /// Held while something is delivered, so that nothing is delivered by an old connection once
    /// there is a new one, and nothing overtakes the gap with which a new one begins. Foreign code
    /// that runs meanwhile, as wakers are and the end of a payload, finds no way back to it.
    door: Arc<Mutex<Door>>,
}

/// Closes an inbox when it is dropped.
pub(crate) struct Closer(Arc<Mutex<Door>>);

struct Door {
    stage: Stage,
    /// Where the last message has gone.
    recent: Recent,
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
    pub(crate) fn new(outbox: &Arc<Outbox>, downstream: &Downstream) -> Self {
        Self {
            outbox: Arc::clone(outbox),
            downstream: downstream.clone(),
            door: Arc::new(Mutex::new(Door {
                stage: Stage::Opening,
                recent: Recent::default(),
                late: Late::default(),
            })),
        }
    }

    /// One that belongs to no link, and is open: what tests of engines see of a connection.
    #[cfg(feature = "testing")]
    pub(crate) fn alone(channels: &autumn_ws_core::Channels) -> Self {
        let outbox = Arc::new(Outbox::new(0, &crate::Options::new()));
        let inbox = Self::new(&outbox, &channels.downstream());
        inbox.open();
        inbox
    }

    /// Takes what was published on a subject: the text of the [`Subject`](crate::Subject), and the
    /// bytes of the [`Frame`](crate::Frame). Whatever it is: what is none of ours is ignored.
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

    /// The server has taken frames that wanted [receipts](crate::Frame::receipt): all of those with
    /// these numbers.
    ///
    /// Receipts come in the order of their frames, each before whatever comes back of what was sent
    /// later.
    pub fn receipt(&self, numbers: RangeInclusive<u64>) {
        self.unless_closed(|outbox| outbox.confirm(numbers));
    }

    /// How long the server may take to answer: [`Options::timeout`](crate::Options::timeout).
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.outbox.patience()
    }

    /// The engine begins to check that the server is still the one that all replicas use.
    ///
    /// An engine whose server can be replaced while a connection to the old one lasts, as in a
    /// failover, checks that while it connects and then several times in each
    /// [`timeout`](Inbox::timeout). What was published since the last good check is in doubt: when
    /// the connection is lost, the other replicas get gaps for it.
    pub fn begin_check(&self) {
        self.unless_closed(Outbox::begin_check);
    }

    /// The check that began last has found nothing wrong: what was published before it began has
    /// reached everybody.
    pub fn end_check(&self) {
        self.unless_closed(Outbox::end_check);
    }

    /// Which server the connection leads to: a text that no other server has, nor this one after it
    /// has forgotten what it has taken. An engine says so while it connects, if it knows. What the
    /// same server took on the connection before is not in doubt.
    pub fn identify(&self, server: &str) {
        self.unless_closed(|outbox| outbox.identify(server));
    }

    fn unless_closed(&self, then: impl FnOnce(&Outbox)) {
        let door = lock(&self.door);
        if door.stage != Stage::Closed {
            then(&self.outbox);
        }
    }

    /// Takes what was published where no subject can be: it is ignored.
    pub fn ignore(&self) {
        self.outbox.counters().ignored.add(1);
    }

    /// Everything is taken from here on, and what is published goes to the engine. Answers how many
    /// subscribers were told that there may be something missing before: what they publish then
    /// goes there, too.
    pub(crate) fn open(&self) -> usize {
        let mut door = lock(&self.door);
        door.stage = Stage::Open;
        self.outbox.open();
        self.downstream.mark_gaps().unwrap_or(0)
    }

    /// Nothing is taken once this is dropped.
    pub(crate) fn closer(&self) -> Closer {
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
        let recent = &mut door.recent;
        match line {
            Line::Channel(name) if is_own => self.echo(recent, name, received.sender.sequence),
            Line::Channel(_) | Line::Replicas if is_opening && !is_own => Some(()),
            Line::Channel(name) => self.receive(recent, name, received),
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
        self.downstream.mark_gap(name)?;
        self.outbox.counters().gaps_received.add(1);
        Some(())
    }

    fn mark_gaps(&self) -> Option<()> {
        self.downstream.mark_gaps()?;
        self.outbox.counters().gaps_received.add(1);
        Some(())
    }

    /// Takes what another replica has published.
    fn receive(&self, recent: &mut Recent, name: &str, received: Received) -> Option<()> {
        if received.kind == Kind::Gap || received.len() > self.outbox.limits().message {
            return self.mark_gap(name);
        }
        self.downstream
            .deliver(recent, name, received.into_message()?)?;
        self.outbox.counters().received.add(1);
        Some(())
    }

    /// Takes what this replica has published.
    fn echo(&self, recent: &mut Recent, name: &str, sequence: u64) -> Option<()> {
        if let Echo::Message(message) = self.outbox.echo(name, sequence)? {
            self.downstream.deliver(recent, name, message)?;
        }
        Some(())
    }
}

impl Drop for Closer {
    fn drop(&mut self) {
        let mut door = lock(&self.0);
        door.stage = Stage::Closed;
        let recent = mem::take(&mut door.recent);
        drop(door);
        drop(recent);
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("stage", &lock(&self.door).stage)
            .finish_non_exhaustive()
    }
}
