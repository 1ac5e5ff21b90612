//! Local messages on their way to the engine.

use super::{Joined, Mode, State};
use crate::{
    outbox::{
        outcome::{Place, Stuck, Wake},
        transit::{Awaited, Item},
    },
    wire::{Command, Frame, FrameId, Kind, Subject, content},
};
use autumn_ws_core::{Bytes, support::size, upstream::Publication};
use std::sync::Arc;

/// Commands to join and to leave that may wait in any case.
pub(super) const ORDERS: usize = 1 << 16;

/// What is sent instead of a message that is not sent.
const NOTICE: (Kind, Bytes) = (Kind::Gap, Bytes::new());

/// Channels for which room is kept.
const SMALL: usize = 1024;

impl State {
    pub(in crate::outbox) fn join(&mut self, name: &Arc<str>) -> Wake {
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

    pub(in crate::outbox) fn leave(&mut self, name: &Arc<str>) -> Wake {
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

    pub(in crate::outbox) fn publish(
        &mut self,
        name: Arc<str>,
        publication: Publication,
    ) -> (Wake, Place) {
        match self.mode {
            Mode::Up => {
                let subject = Subject::channel(Arc::clone(&name));
                if !self.bounds.has_room_for_subject(&subject) {
                    return (Wake::default(), Place::Nameless(publication));
                }
                self.send(subject, name, publication)
            }
            Mode::Draining => (Wake::default(), self.hold_back(name, publication)),
            Mode::Down => {
                self.missed.note(&name);
                (Wake::default(), Place::Here(publication))
            }
        }
    }

    /// Sends a message. One that is too large for the engine is not sent, and the others get a gap
    /// instead.
    fn send(
        &mut self,
        subject: Subject,
        name: Arc<str>,
        publication: Publication,
    ) -> (Wake, Place) {
        let size = size(&publication.message);
        let is_too_large = size > self.limits.largest() || !self.bounds.has_room_for_payload(size);
        let joined = self.subscribed.get(&name).map(|joined| joined.join);
        let (item, (kind, payload)) = match (joined, is_too_large) {
            (None, false) => (Item::Sent(name, size), content(publication.message)),
            (None, true) => {
                self.gone
                    .items
                    .push(Item::Held(Arc::clone(&name), publication));
                (Item::Notice(name), NOTICE)
            }
            (Some(join), is_too_large) => {
                let content = if is_too_large {
                    NOTICE
                } else {
                    content(publication.message.clone())
                };
                (
                    Item::Echoed(name, publication, Awaited::since(join)),
                    content,
                )
            }
        };
        let place = if is_too_large {
            Place::TooLarge
        } else {
            Place::Engine
        };
        (self.post(subject, item, kind, payload), place)
    }

    /// The engine is gone, and what was in flight is not delivered yet.
    fn hold_back(&mut self, name: Arc<str>, publication: Publication) -> Place {
        self.missed.note(&name);
        let held = Item::Held(name, publication);
        // A publisher faster than the delivery must not keep it from ending.
        if self.held < self.limits.messages && !self.is_full(2) {
            self.held += 1;
            self.transit.push(held);
        } else {
            self.transit.push_gap();
            self.gone.items.push(held);
        }
        Place::Held
    }

    /// Sends a probe, to learn whether the engine has received everything so far.
    pub(super) fn prove(&mut self) -> Wake {
        self.probes.ask(self.transit.next());
        let subject = Subject::replica(self.replica);
        self.send_frame(subject, Item::Probe, Kind::Probe, Bytes::new())
    }

    pub(super) fn post(
        &mut self,
        subject: Subject,
        item: Item,
        kind: Kind,
        payload: Bytes,
    ) -> Wake {
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
        let replica = self.replica;
        let mut frame = Frame::new(kind, FrameId { replica, sequence }, payload);
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

    /// The connection has to end. From here on everything stays here.
    pub(super) fn stop(&mut self, why: Stuck) -> Wake {
        self.stuck.get_or_insert(why);
        self.disconnect();
        Wake::NEWS
    }

    pub(super) fn disconnect(&mut self) {
        self.connected = false;
        self.clear();
        if self.mode == Mode::Up {
            self.mode = Mode::Draining;
        }
    }

    pub(super) fn clear(&mut self) {
        let mut commands = self.queue.clear();
        self.gone.commands.append(&mut commands);
    }
}
