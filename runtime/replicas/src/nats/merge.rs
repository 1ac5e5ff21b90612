//! Merges several orders into one.

use crate::wire::FrameId;
use std::collections::{HashMap, VecDeque};

/// A message, and its sender, if known.
#[derive(Debug)]
pub(super) struct Item<T> {
    pub(super) id: Option<FrameId>,
    pub(super) content: T,
}

/// Merges the messages of several queues: each queue keeps its order, and the messages of one sender
/// keep the order in which they were sent.
///
/// If these contradict each other, the order of the queues wins.
pub(super) fn merge<T>(mut queues: Vec<VecDeque<Item<T>>>) -> Vec<T> {
    if queues.len() < 2 {
        let only = queues.pop().unwrap_or_default();
        return only.into_iter().map(|item| item.content).collect();
    }
    let mut turns = Turns::of(&queues);
    let mut merged = Vec::with_capacity(queues.iter().map(VecDeque::len).sum());
    let mut queues = VecDeque::from(queues);
    let mut waiting = 0;
    while let Some(mut queue) = queues.pop_front() {
        while let Some(item) = queue.pop_front() {
            // When all of them wait for each other, one has to go first.
            if !turns.is_next(item.id) && waiting <= queues.len() {
                queue.push_front(item);
                break;
            }
            waiting = 0;
            turns.pass(item.id);
            merged.push(item.content);
        }
        if !queue.is_empty() {
            waiting += 1;
            queues.push_back(queue);
        }
    }
    merged
}

/// Each sender's messages that are not merged yet.
struct Turns(HashMap<u64, VecDeque<u64>>);

impl Turns {
    fn of<T>(queues: &[VecDeque<Item<T>>]) -> Self {
        let mut senders: Vec<_> = queues
            .iter()
            .flatten()
            .filter_map(|item| item.id)
            .map(|id| (id.replica, id.sequence))
            .collect();
        senders.sort_unstable();
        let mut turns = HashMap::<_, VecDeque<_>>::new();
        for (replica, sequence) in senders {
            turns.entry(replica).or_default().push_back(sequence);
        }
        Self(turns)
    }

    fn is_next(&self, id: Option<FrameId>) -> bool {
        id.is_none_or(|id| {
            let next = self.0.get(&id.replica).and_then(VecDeque::front);
            next == Some(&id.sequence)
        })
    }

    fn pass(&mut self, id: Option<FrameId>) {
        let Some(id) = id else { return };
        let Some(turns) = self.0.get_mut(&id.replica) else {
            return;
        };
        if let Ok(index) = turns.binary_search(&id.sequence) {
            turns.remove(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FrameId, Item, VecDeque, merge};
    use proptest::prelude::*;

    type Sent = (u64, u64);

    /// Senders and numbers of messages in several queues, in order of arrival.
    fn merged(queues: &[&[Sent]]) -> Vec<Sent> {
        let item = |&(replica, sequence): &Sent| Item {
            id: (replica > 0).then_some(FrameId { replica, sequence }),
            content: (replica, sequence),
        };
        let queue = |queue: &&[Sent]| queue.iter().map(item).collect::<VecDeque<_>>();
        merge(queues.iter().map(queue).collect())
    }

    #[test]
    fn one_queue_stays_as_it_is() {
        assert!(merged(&[]).is_empty());
        let queue = [(1, 5), (2, 1), (1, 4), (0, 0), (1, 4)];
        assert_eq!(merged(&[&queue]), queue);
    }

    #[test]
    fn a_sender_has_one_order() {
        let queues: [&[_]; 3] = [&[(1, 3), (2, 2)], &[(2, 1), (1, 2)], &[(1, 1), (0, 9)]];
        let merged = merged(&queues);
        let of = |replica| {
            let sent = merged.iter().filter(move |sent| sent.0 == replica);
            sent.map(|sent| sent.1).collect::<Vec<_>>()
        };
        assert_eq!((of(1), of(2), of(0)), (vec![1, 2, 3], vec![1, 2], vec![9]));
    }

    #[test]
    fn the_order_of_a_queue_wins() {
        let queues: [&[_]; 2] = [&[(1, 4), (1, 1)], &[(1, 3), (1, 2)]];
        let merged = merged(&queues);
        assert_eq!(merged.len(), 4);
        for queue in queues {
            assert!(merged.iter().filter(|sent| queue.contains(sent)).eq(queue));
        }
    }

    proptest! {
        /// Any messages, spread over queues in any way.
        #[test]
        fn nothing_is_lost_and_all_orders_stay(sent in prop::collection::vec((1..4_u64, 0..5_usize), 0..60)) {
            let mut counts = [0; 4];
            let mut queues = vec![Vec::new(); 5];
            for (replica, queue) in sent {
                let count = &mut counts[usize::try_from(replica).unwrap()];
                *count += 1;
                queues[queue].push((replica, *count));
            }
            let merged = merged(&queues.iter().map(Vec::as_slice).collect::<Vec<_>>());
            for queue in &queues {
                prop_assert!(merged.iter().filter(|sent| queue.contains(sent)).eq(queue));
            }
            for replica in 1..4 {
                let of = merged.iter().filter(|sent| sent.0 == replica);
                prop_assert!(of.map(|sent| sent.1).eq(1..=counts[usize::try_from(replica).unwrap()]));
            }
        }
    }
}
