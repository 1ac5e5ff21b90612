//! Which messages are complete after two passes over several queues.

use super::merge::Item;
use std::collections::{HashMap, VecDeque};

/// What arrived in one queue.
pub(super) struct Queue<T> {
    pub(super) items: VecDeque<Item<T>>,
    /// How many of them the first pass found.
    pub(super) seen: usize,
}

/// How many items of each queue are known to have all earlier ones present.
///
/// Everything that arrived before an item of the first pass, in the same queue or from the same
/// sender, is present after the second. So the items of the first pass are complete, and so are the
/// earlier ones of their senders, all that precede these in their queues, and so on.
pub(super) fn complete<T>(queues: &[&Queue<T>]) -> Vec<usize> {
    let mut counts: Vec<_> = queues.iter().map(|queue| queue.seen).collect();
    if counts.len() < 2 {
        return counts;
    }
    let mut last = HashMap::new();
    for queue in queues {
        note(&mut last, queue.items.iter().take(queue.seen));
    }
    loop {
        let mut has_more = false;
        for (queue, count) in queues.iter().zip(&mut counts) {
            let is_earlier = |item: &Item<T>| {
                item.id.is_some_and(|id| {
                    let last = last.get(&id.replica);
                    last.is_some_and(|last| id.sequence <= *last)
                })
            };
            let mut rest = queue.items.iter().skip(*count);
            if let Some(index) = rest.rposition(is_earlier) {
                let more = queue.items.iter().skip(*count).take(index + 1);
                note(&mut last, more);
                *count += index + 1;
                has_more = true;
            }
        }
        if !has_more {
            return counts;
        }
    }
}

/// Notes the last item of each sender.
fn note<'a, T: 'a>(last: &mut HashMap<u64, u64>, items: impl Iterator<Item = &'a Item<T>>) {
    for id in items.filter_map(|item| item.id) {
        let last = last.entry(id.replica).or_default();
        *last = id.sequence.max(*last);
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            items: VecDeque::new(),
            seen: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, Queue, complete};
    use crate::wire::FrameId;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// The sender, the number, and the queue.
    type Sent = (u64, u64, usize);

    const QUEUES: usize = 4;

    /// What two passes over each queue find of messages sent in this order.
    fn two_passes(
        sent: &[Sent],
        first: [usize; QUEUES],
        second: [usize; QUEUES],
    ) -> Vec<Queue<Sent>> {
        let on = |queue: usize, end: usize| {
            let sent = sent.iter().take(end).filter(move |sent| sent.2 == queue);
            sent.map(|&(replica, sequence, queue)| Item {
                id: Some(FrameId { replica, sequence }),
                content: (replica, sequence, queue),
            })
        };
        let queue = |index| Queue {
            items: on(index, second[index]).collect(),
            seen: on(index, first[index]).count(),
        };
        (0..QUEUES).map(queue).collect()
    }

    /// In its own queue, the second sender's first message precedes one that is complete only
    /// because of a third.
    #[test]
    fn completeness_spreads_through_senders_and_queues() {
        let sent = [(1, 1, 0), (2, 1, 2), (2, 2, 1), (1, 2, 1), (1, 3, 0)];
        let queues = two_passes(&sent, [5, 0, 0, 0], [5; QUEUES]);
        assert_eq!(complete(&queues.iter().collect::<Vec<_>>()), [2, 2, 1, 0]);
    }

    proptest! {
        #[test]
        fn complete_items_have_all_earlier_ones(
            senders in prop::collection::vec((0..3_u64, 0..QUEUES), 0..40),
            first in prop::array::uniform4(0..40_usize),
            second in prop::array::uniform4(0..40_usize),
        ) {
            let mut counts = BTreeMap::<_, u64>::new();
            let sent: Vec<_> = senders.into_iter().map(|(replica, queue)| {
                let count = counts.entry(replica).or_default();
                *count += 1;
                (replica, *count, queue)
            }).collect();
            // The second pass begins when the first has ended.
            let between = first.iter().copied().max().unwrap_or_default();
            let second = second.map(|end| end.max(between));
            let queues = two_passes(&sent, first, second);
            let complete = complete(&queues.iter().collect::<Vec<_>>());
            let mut found = BTreeMap::<_, Vec<u64>>::new();
            for (queue, count) in queues.iter().zip(complete) {
                prop_assert!(count >= queue.seen && count <= queue.items.len());
                for item in queue.items.iter().take(count) {
                    found.entry(item.content.0).or_default().push(item.content.1);
                }
            }
            for sequences in found.values_mut() {
                sequences.sort_unstable();
                prop_assert!(sequences.iter().copied().eq(1..=sequences.len() as u64));
            }
        }
    }
}
