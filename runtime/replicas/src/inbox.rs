//! What arrives from an engine.

mod connections;

use self::connections::Connections;
use crate::{
    budget,
    outbox::{Echo, Outbox},
    wire::{Kind, NotOurs, Received, Recipients},
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

/// Takes what arrives on one connection of an [`Engine`](crate::Engine). Clones are the same.
#[derive(Clone)]
pub struct Inbox {
    outbox: Arc<Outbox>,
    downstream: Downstream,
    /// Held during delivery, so that an old connection delivers nothing once there is a new one,
    /// and nothing overtakes the gap with which a new one begins. Foreign code that runs in the
    /// meantime, such as wakers and the drop of a payload, cannot reach it.
    door: Arc<Mutex<Door>>,
}

/// Closes an inbox when it is dropped.
pub(crate) struct Closer(Arc<Mutex<Door>>);

struct Door {
    stage: Stage,
    /// Where the last message went.
    recent: Recent,
    /// What other replicas sent on abandoned connections.
    connections: Connections,
}

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Not all subscriptions are active yet. What arrives belongs to the gap.
    Opening,
    Open,
    /// It is abandoned.
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
                connections: Connections::default(),
            })),
        }
    }

    /// An open one without a link, for tests of engines.
    #[cfg(feature = "testing")]
    pub(crate) fn alone(channels: &autumn_ws_core::Channels) -> Self {
        let outbox = Arc::new(Outbox::new(0, &crate::Options::new()));
        let inbox = Self::new(&outbox, &channels.downstream());
        inbox.open();
        inbox
    }

    /// Takes what was published on a subject: the text of the [`Subject`](crate::Subject), and the
    /// bytes of the [`Frame`](crate::Frame). It may be anything: foreign messages are ignored.
    ///
    /// It does not wait. Two threads must not call it at once, because they would have no order.
    pub fn deliver(&self, subject: &str, frame: Bytes) {
        let mut door = lock(&self.door);
        if door.stage != Stage::Closed && self.take(&mut door, subject, frame).is_none() {
            self.outbox.counters().ignored.add(1);
        }
        drop(door);
        // Subscribers can read in the meantime.
        budget::spend();
    }

    /// The server has taken the frames that wanted [receipts](crate::Frame::receipt) with these
    /// numbers.
    ///
    /// Receipts must come in the order of their frames, each before anything that was sent later
    /// comes back.
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
    /// reached all replicas.
    pub fn end_check(&self) {
        self.unless_closed(Outbox::end_check);
    }

    /// The identity of the server: a text that no other server has, nor this one after it has lost
    /// what it took. An engine sets it while it connects, if it knows. What the same server took on
    /// the previous connection is not in doubt.
    pub fn identify(&self, server: &str) {
        self.unless_closed(|outbox| outbox.identify(server));
    }

    fn unless_closed(&self, then: impl FnOnce(&Outbox)) {
        let door = lock(&self.door);
        if door.stage != Stage::Closed {
            then(&self.outbox);
        }
    }

    /// Counts a message on a subject that cannot be ours.
    pub fn ignore(&self) {
        self.outbox.counters().ignored.add(1);
    }

    /// From here on everything is delivered, and what is published goes to the engine. Returns how
    /// many subscribers got a gap for what may be missing before. What they publish then goes to
    /// the engine, too.
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

    /// `None` if it is not ours.
    fn take(&self, door: &mut Door, subject: &str, frame: Bytes) -> Option<()> {
        let received = match Received::parse(frame) {
            Ok(received) => received,
            Err(NotOurs::Stranger) => return None,
            Err(NotOurs::Newer) => return self.miss(subject, door.stage),
        };
        let is_own = received.id.replica == self.outbox.replica();
        let recipients = Recipients::parse(subject)?;
        let is_said = recipients != Recipients::Replicas || received.kind == Kind::Gap;
        if !is_own && (!is_said || door.connections.is_late(received.id)) {
            return None;
        }
        let is_opening = door.stage == Stage::Opening;
        let recent = &mut door.recent;
        match recipients {
            Recipients::Channel(name) if is_own => self.echo(recent, name, received.id.sequence),
            Recipients::Channel(_) | Recipients::Replicas if is_opening && !is_own => Some(()),
            Recipients::Channel(name) => self.receive(recent, name, received),
            Recipients::Replica(_) | Recipients::Replicas if is_own => {
                self.outbox.settle(received.id.sequence)
            }
            Recipients::Replicas => self.mark_gaps(),
            Recipients::Replica(_) => None,
        }
    }

    /// Another replica sent something that this one does not understand.
    fn miss(&self, subject: &str, stage: Stage) -> Option<()> {
        match Recipients::parse(subject)? {
            Recipients::Channel(name) if stage == Stage::Open => self.mark_gap(name),
            Recipients::Replicas if stage == Stage::Open => self.mark_gaps(),
            Recipients::Channel(_) | Recipients::Replica(_) | Recipients::Replicas => Some(()),
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

    /// Takes what another replica published.
    fn receive(&self, recent: &mut Recent, name: &str, received: Received) -> Option<()> {
        if received.kind == Kind::Gap || received.len() > self.outbox.limits().message {
            return self.mark_gap(name);
        }
        self.downstream
            .deliver(recent, name, received.into_message()?)?;
        self.outbox.counters().received.add(1);
        Some(())
    }

    /// Takes what this replica published.
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
