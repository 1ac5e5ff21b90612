//! The readers that wait for the next message of one channel.

use std::{collections::VecDeque, num::NonZeroU64, task::Waker};

/// The wakers of waiting readers, in the order in which they came.
///
/// A reader finds its waker by a ticket. Tickets count up and are never reused, so an old one finds
/// nothing. The cost of waking depends only on how many are woken.
#[derive(Default)]
pub(super) struct Waiters {
    /// In the order of their tickets. A reader that left early leaves a gap.
    queue: VecDeque<(Ticket, Option<Waker>)>,
    /// How many tickets there were.
    tickets: u64,
    gaps: usize,
}

pub(super) type Ticket = NonZeroU64;

/// How many wakers are taken at once, onto the stack.
const BATCH: usize = 32;

/// The room that a queue always keeps.
const SMALL: usize = 16;

impl Waiters {
    /// The next ticket: readers that wait now have lower ones.
    pub(super) fn next_ticket(&self) -> Ticket {
        NonZeroU64::MIN.saturating_add(self.tickets)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Adds a waker, or replaces that of a ticket. Returns the waker that this replaces.
    pub(super) fn wait(&mut self, ticket: &mut Option<Ticket>, waker: &Waker) -> Option<Waker> {
        match ticket.and_then(|ticket| self.find(ticket)) {
            Some(known) if known.as_ref().is_some_and(|known| known.will_wake(waker)) => None,
            Some(known) => known.replace(waker.clone()),
            None => {
                let new = self.next_ticket();
                *ticket = Some(new);
                self.queue.push_back((new, Some(waker.clone())));
                self.tickets += 1;
                None
            }
        }
    }

    /// Removes the waker of a ticket, if it is still there.
    pub(super) fn remove(&mut self, ticket: Ticket) -> Option<Waker> {
        let waker = self.find(ticket)?.take();
        self.gaps += usize::from(waker.is_some());
        if self.gaps > self.queue.len() / 2 {
            self.queue.retain(|(_, waker)| waker.is_some());
            self.gaps = 0;
        }
        waker
    }

    /// Takes a batch of the wakers with tickets below `end`, and returns whether there are more.
    pub(super) fn take(&mut self, end: Ticket) -> ([Option<Waker>; BATCH], bool) {
        let mut wakers = [const { None }; BATCH];
        let mut room = wakers.iter_mut();
        while self.queue.front().is_some_and(|(ticket, _)| *ticket < end) {
            let Some(place) = room.next() else {
                return (wakers, true);
            };
            *place = self.queue.pop_front().and_then(|(_, waker)| waker);
            self.gaps -= usize::from(place.is_none());
        }
        (wakers, false)
    }

    /// Gives back room that is not needed for this many readers.
    pub(super) fn shrink(&mut self, readers: usize) {
        let enough = readers.max(SMALL) * 2;
        if self.queue.capacity() > enough * 2 {
            self.queue.shrink_to(enough);
        }
    }

    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.queue.capacity()
    }

    fn find(&mut self, ticket: Ticket) -> Option<&mut Option<Waker>> {
        let found = self
            .queue
            .binary_search_by_key(&ticket, |(ticket, _)| *ticket);
        self.queue.get_mut(found.ok()?).map(|(_, waker)| waker)
    }
}

#[cfg(test)]
mod tests {
    use super::{BATCH, Ticket, Waiters};
    use std::task::Waker;

    fn wait(waiters: &mut Waiters) -> Ticket {
        let mut ticket = None;
        waiters.wait(&mut ticket, Waker::noop());
        ticket.unwrap()
    }

    fn take_all(waiters: &mut Waiters) -> usize {
        let end = waiters.next_ticket();
        take_before(waiters, end)
    }

    fn take_before(waiters: &mut Waiters, end: Ticket) -> usize {
        let mut woken = 0;
        loop {
            let (wakers, more) = waiters.take(end);
            woken += wakers.iter().flatten().count();
            if !more {
                return woken;
            }
        }
    }

    #[test]
    fn every_waiting_reader_is_woken_once() {
        let mut waiters = Waiters::default();
        let mut tickets = vec![None; 2 * BATCH];
        for ticket in &mut tickets {
            waiters.wait(ticket, Waker::noop());
            waiters.wait(ticket, Waker::noop());
        }
        let end = waiters.next_ticket();
        let (first, more) = waiters.take(end);
        assert!(more && first.iter().all(Option::is_some));
        // A reader that waits again in the meantime is not woken again.
        waiters.wait(&mut tickets[0], Waker::noop());
        assert_eq!(take_before(&mut waiters, end), BATCH);
        assert_eq!(take_all(&mut waiters), 1);
    }

    #[test]
    fn an_old_ticket_finds_nothing() {
        let mut waiters = Waiters::default();
        let old = wait(&mut waiters);
        assert_eq!(take_all(&mut waiters), 1);
        wait(&mut waiters);
        assert!(waiters.remove(old).is_none());
        assert_eq!(take_all(&mut waiters), 1);
    }

    #[test]
    fn readers_that_left_cost_nothing() {
        let mut waiters = Waiters::default();
        let mut tickets: Vec<_> = (0..10_000).map(|_| wait(&mut waiters)).collect();
        let last = tickets.pop().unwrap();
        // Neither front to back nor back to front.
        tickets.sort_by_key(|ticket| ticket.get() % 7);
        for ticket in tickets {
            assert!(waiters.remove(ticket).is_some());
        }
        assert!(waiters.queue.len() <= 2, "{}", waiters.queue.len());
        assert!(waiters.remove(last).is_some());
        assert_eq!((waiters.queue.len(), waiters.gaps), (0, 0));
    }

    #[test]
    fn gaps_are_skipped() {
        let mut waiters = Waiters::default();
        let tickets: Vec<_> = (0..4).map(|_| wait(&mut waiters)).collect();
        waiters.remove(tickets[0]);
        assert_eq!(take_all(&mut waiters), 3);
        assert_eq!(waiters.gaps, 0);
    }
}
