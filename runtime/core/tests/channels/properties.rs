//! Any operations in any order, compared with the model.

use super::{
    model::{Reader, Topic},
    poll,
};
use autumn_ws_core::{AppState, ChannelName, Channels, Message, Sender, Subscription, testing};
use proptest::{collection::vec, prelude::*};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Poll, Wake, Waker},
};

const NAMES: [&str; 2] = ["one", "two"];

#[derive(Clone, Debug)]
enum Operation {
    Subscribe {
        channel: usize,
        capacity: usize,
        count: usize,
    },
    Unsubscribe {
        which: usize,
        count: usize,
    },
    /// All clients, one after the other.
    ReceiveAll,
    Publish {
        channel: usize,
        count: usize,
    },
    Receive {
        which: usize,
        count: usize,
    },
    OpenSender {
        channel: usize,
    },
    CloneSender {
        which: usize,
    },
    Send {
        which: usize,
        count: usize,
    },
    DropSender {
        which: usize,
    },
    MarkGap {
        channel: usize,
    },
    MarkGaps,
}

fn operation() -> impl Strategy<Value = Operation> {
    let channel = 0..NAMES.len();
    let which = 0..100_usize;
    // A few sizes, around those at which the implementation switches.
    let count = prop_oneof![4 => 1..4_usize, 1 => 30..70_usize];
    let capacity = prop_oneof![4 => 0..5_usize, 1 => 30..70_usize];
    prop_oneof![
        2 => (channel.clone(), capacity, count.clone())
            .prop_map(|(channel, capacity, count)| Operation::Subscribe { channel, capacity, count }),
        1 => (which.clone(), count.clone())
            .prop_map(|(which, count)| Operation::Unsubscribe { which, count }),
        2 => Just(Operation::ReceiveAll),
        4 => (channel.clone(), count.clone())
            .prop_map(|(channel, count)| Operation::Publish { channel, count }),
        6 => (which.clone(), count.clone())
            .prop_map(|(which, count)| Operation::Receive { which, count }),
        1 => channel.clone().prop_map(|channel| Operation::OpenSender { channel }),
        2 => channel.prop_map(|channel| Operation::MarkGap { channel }),
        1 => Just(Operation::MarkGaps),
        1 => which.clone().prop_map(|which| Operation::CloneSender { which }),
        2 => (which.clone(), count).prop_map(|(which, count)| Operation::Send { which, count }),
        1 => which.prop_map(|which| Operation::DropSender { which }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn channels_do_what_the_model_does(operations in vec(operation(), 0..120)) {
        let mut both = Both::new();
        for operation in &operations {
            both.apply(operation);
            both.check_counts();
        }
        both.end();
    }
}

/// The channels and their model.
struct Both {
    state: AppState,
    channels: Channels,
    topics: [Topic; NAMES.len()],
    readers: Vec<Client>,
    senders: Vec<(usize, Sender)>,
    published: u64,
    unheard: u64,
    gaps: u64,
}

struct Client {
    channel: usize,
    subscription: Subscription,
    model: Reader,
    /// The waker of a waiting client.
    alarm: Option<Arc<Alarm>>,
}

#[derive(Default)]
struct Alarm(AtomicUsize);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Both {
    fn new() -> Self {
        let state = AppState::new();
        Self {
            channels: state.channels().clone(),
            state,
            topics: Default::default(),
            readers: Vec::new(),
            senders: Vec::new(),
            published: 0,
            unheard: 0,
            gaps: 0,
        }
    }

    fn apply(&mut self, operation: &Operation) {
        match *operation {
            Operation::Subscribe {
                channel,
                capacity,
                count,
            } => (0..count).for_each(|_| self.subscribe(channel, capacity)),
            Operation::Unsubscribe { which, count } => {
                for _ in 0..count {
                    if let Some(which) = index(which, &self.readers) {
                        let Client { channel, .. } = self.readers.swap_remove(which);
                        self.topics[channel].subscribers -= 1;
                    }
                }
            }
            Operation::ReceiveAll => {
                (0..self.readers.len()).for_each(|which| self.receive(which, false));
            }
            Operation::Publish { channel, count } => {
                for _ in 0..count {
                    let channels = self.channels.clone();
                    self.publish(channel, |message| {
                        channels.publish(ChannelName::fixed(NAMES[channel]), message)
                    });
                }
            }
            Operation::Receive { which, count } => {
                if let Some(which) = index(which, &self.readers) {
                    (0..count).for_each(|_| self.receive(which, false));
                }
            }
            Operation::OpenSender { channel } => {
                let sender = self.channels.sender(ChannelName::fixed(NAMES[channel]));
                self.senders.push((channel, sender));
                self.topics[channel].senders += 1;
            }
            Operation::CloneSender { which } => {
                if let Some(which) = index(which, &self.senders) {
                    let (channel, sender) = &self.senders[which];
                    let clone = (*channel, sender.clone());
                    self.topics[clone.0].senders += 1;
                    self.senders.push(clone);
                }
            }
            Operation::Send { which, count } => {
                if let Some(which) = index(which, &self.senders) {
                    let (channel, sender) = self.senders.swap_remove(which);
                    (0..count).for_each(|_| self.publish(channel, |message| sender.send(message)));
                    self.senders.push((channel, sender));
                }
            }
            Operation::DropSender { which } => {
                if let Some(which) = index(which, &self.senders) {
                    let (channel, _) = self.senders.swap_remove(which);
                    self.topics[channel].senders -= 1;
                }
            }
            Operation::MarkGap { channel } => {
                let told = testing::gap(&self.channels, NAMES[channel]);
                assert_eq!(told, self.mark_gap(channel));
                self.check_alarms(channel);
            }
            Operation::MarkGaps => {
                let told = testing::gaps(&self.channels);
                let expected: usize = (0..NAMES.len()).map(|channel| self.mark_gap(channel)).sum();
                assert_eq!(told, expected);
                self.check_all_alarms();
            }
        }
        for topic in self.topics.iter_mut().filter(|topic| !topic.is_open()) {
            // The channel is freed, and starts over.
            *topic = Topic::default();
        }
    }

    fn subscribe(&mut self, channel: usize, capacity: usize) {
        let name = ChannelName::fixed(NAMES[channel]);
        self.readers.push(Client {
            channel,
            subscription: self.channels.subscribe_with_capacity(name, capacity),
            model: self.topics[channel].subscribe(capacity),
            alarm: None,
        });
    }

    fn publish(&mut self, channel: usize, publish: impl FnOnce(Message) -> usize) {
        let topic = &mut self.topics[channel];
        let position = topic.publish();
        // Published to nobody: the position does not count, and nobody may ever see it.
        let text = position.map_or("nobody".to_owned(), |position| position.to_string());
        assert_eq!(publish(Message::text(text)), topic.subscribers);
        self.published += 1;
        self.unheard += u64::from(position.is_none());
        if position.is_some() {
            self.check_alarms(channel);
        }
    }

    fn mark_gap(&mut self, channel: usize) -> usize {
        let told = self.topics[channel].mark_gap();
        self.gaps += told as u64;
        told
    }

    /// Every waiting client was woken once.
    fn check_all_alarms(&mut self) {
        for reader in &mut self.readers {
            let alarm = reader.alarm.take();
            assert!(alarm.is_none_or(|alarm| alarm.0.load(Ordering::Relaxed) == 1));
        }
    }

    /// Every client that waits on the channel was woken once, and no other.
    fn check_alarms(&mut self, channel: usize) {
        for reader in &mut self.readers {
            if reader.channel == channel {
                let alarm = reader.alarm.take();
                assert!(alarm.is_none_or(|alarm| alarm.0.load(Ordering::Relaxed) == 1));
            } else if let Some(alarm) = &reader.alarm {
                assert_eq!(alarm.0.load(Ordering::Relaxed), 0);
            }
        }
    }

    fn receive(&mut self, which: usize, has_ended: bool) {
        let reader = &mut self.readers[which];
        let alarm = Arc::<Alarm>::default();
        let answer = match poll(&mut reader.subscription, &Waker::from(Arc::clone(&alarm))) {
            Poll::Pending => {
                // A second wait replaces the first one.
                reader.alarm = Some(alarm);
                None
            }
            Poll::Ready(received) => {
                let position =
                    |message: Message| message.to_text().unwrap().parse::<u64>().unwrap();
                Some(received.map(position))
            }
        };
        let topic = &self.topics[reader.channel];
        let before = reader.model;
        let is_allowed = topic.allows(&mut reader.model, answer, has_ended);
        assert!(is_allowed, "{answer:?} to {before:?} in {topic:?}");
    }

    fn check_counts(&self) {
        let open = self.topics.iter().filter(|topic| topic.is_open()).count();
        assert_eq!(
            format!("{:?}", self.channels),
            format!("Channels {{ open: {open} }}")
        );
        let metrics = self.state.metrics().snapshot().channels;
        let sum = |number: fn(&autumn_ws_core::metrics::ChannelSnapshot) -> u64| {
            metrics.iter().map(number).sum::<u64>()
        };
        let subscribers = metrics
            .iter()
            .map(|channel| channel.subscribers)
            .sum::<usize>();
        assert_eq!(subscribers, self.readers.len());
        assert_eq!(sum(|channel| channel.published), self.published);
        assert_eq!(sum(|channel| channel.unheard), self.unheard);
        assert_eq!(sum(|channel| channel.gaps), self.gaps);
    }

    /// Without publishers, every subscription gets the rest, and then the end, forever.
    fn end(mut self) {
        self.senders.clear();
        self.channels = Channels::new();
        self.state = AppState::new();
        self.check_all_alarms();
        for which in 0..self.readers.len() {
            (0..200).for_each(|_| self.receive(which, true));
        }
    }
}

/// One of the existing ones.
fn index<T>(which: usize, all: &[T]) -> Option<usize> {
    (!all.is_empty()).then(|| which % all.len())
}
