//! Merges several orders into one.

use crate::wire::Sender;
use std::collections::{HashMap, VecDeque};

/// A message, and its sender, if known.
#[derive(Debug)]
pub(super) struct Item<T> {
    pub(super) sender: Option<Sender>,
    pub(super) content: T,
}

/// Merges the messages of several lines: each line keeps its order, and the messages of one sender
/// keep the order in which they were sent.
///
/// If these contradict each other, the order of the lines wins.
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
            if !turns.is_next(item.sender) && waiting <= queues.len() {
                queue.push_front(item);
                break;
            }
            waiting = 0;
            turns.pass(item.sender);
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
            .filter_map(|item| item.sender)
            .map(|sender| (sender.origin, sender.sequence))
            .collect();
        senders.sort_unstable();
        let mut turns = HashMap::<_, VecDeque<_>>::new();
        for (origin, sequence) in senders {
            turns.entry(origin).or_default().push_back(sequence);
        }
        Self(turns)
    }

    fn is_next(&self, sender: Option<Sender>) -> bool {
        sender.is_none_or(|sender| {
            let next = self.0.get(&sender.origin).and_then(VecDeque::front);
            next == Some(&sender.sequence)
        })
    }

    fn pass(&mut self, sender: Option<Sender>) {
        let Some(sender) = sender else { return };
        let Some(turns) = self.0.get_mut(&sender.origin) else {
            return;
        };
        if let Ok(index) = turns.binary_search(&sender.sequence) {
            turns.remove(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, Sender, VecDeque, merge};
    use proptest::prelude::*;

    type Sent = (u64, u64);

    /// Senders and numbers of messages on several lines, in order of arrival.
    fn merged(lines: &[&[Sent]]) -> Vec<Sent> {
        let item = |&(origin, sequence): &Sent| Item {
            sender: (origin > 0).then_some(Sender { origin, sequence }),
            content: (origin, sequence),
        };
        let queue = |line: &&[Sent]| line.iter().map(item).collect::<VecDeque<_>>();
        merge(lines.iter().map(queue).collect())
    }

    #[test]
    fn one_line_stays_as_it_is() {
        assert!(merged(&[]).is_empty());
        let line = [(1, 5), (2, 1), (1, 4), (0, 0), (1, 4)];
        assert_eq!(merged(&[&line]), line);
    }

    #[test]
    fn a_sender_has_one_order() {
        let lines: [&[_]; 3] = [&[(1, 3), (2, 2)], &[(2, 1), (1, 2)], &[(1, 1), (0, 9)]];
        let merged = merged(&lines);
        let of = |origin| {
            let sent = merged.iter().filter(move |sent| sent.0 == origin);
            sent.map(|sent| sent.1).collect::<Vec<_>>()
        };
        assert_eq!((of(1), of(2), of(0)), (vec![1, 2, 3], vec![1, 2], vec![9]));
    }

    #[test]
    fn the_order_of_a_line_wins() {
        let lines: [&[_]; 2] = [&[(1, 4), (1, 1)], &[(1, 3), (1, 2)]];
        let merged = merged(&lines);
        assert_eq!(merged.len(), 4);
        for line in lines {
            assert!(merged.iter().filter(|sent| line.contains(sent)).eq(line));
        }
    }

    proptest! {
        /// Any messages, spread over lines in any way.
        #[test]
        fn nothing_is_lost_and_all_orders_stay(sent in prop::collection::vec((1..4_u64, 0..5_usize), 0..60)) {
            let mut counts = [0; 4];
            let mut lines = vec![Vec::new(); 5];
            for (origin, line) in sent {
                let count = &mut counts[usize::try_from(origin).unwrap()];
                *count += 1;
                lines[line].push((origin, *count));
            }
            let merged = merged(&lines.iter().map(Vec::as_slice).collect::<Vec<_>>());
            for line in &lines {
                prop_assert!(merged.iter().filter(|sent| line.contains(sent)).eq(line));
            }
            for origin in 1..4 {
                let of = merged.iter().filter(|sent| sent.0 == origin);
                prop_assert!(of.map(|sent| sent.1).eq(1..=counts[usize::try_from(origin).unwrap()]));
            }
        }
    }
}
