//! What arrives from NATS, in the order in which it was sent.
//!
//! The client library has a queue for each subscription. One replica's messages on several subjects
//! have an order, too: that in which they were sent. It is restored [here](merge).
//!
//! (JetStream numbers the messages, but before 2.10 it may republish two of them in a different
//! order. All subscribers see the same order, so it is kept.)

use super::{
    bundle::frame_id,
    merge::{Item, merge},
    passes::{Queue, complete},
};
use async_nats::{Message, Subscriber};
use autumn_ws_core::support::lock;
use futures_util::{StreamExt, task::AtomicWaker};
use std::{
    collections::{BTreeMap, HashMap},
    mem,
    sync::{Arc, Mutex},
    task::{Context, Poll, Wake, Waker},
};

/// All subscriptions of one connection.
#[derive(Default)]
pub(super) struct Subscriptions {
    by_id: HashMap<Id, Subscription>,
    by_subject: HashMap<Arc<str>, Id>,
    next: Id,
    ready: Arc<Ready>,
    /// Messages taken out of the queues, which may have to wait for earlier ones.
    arrived: BTreeMap<Id, Queue<Arrived>>,
}

type Id = u64;

struct Subscription {
    subject: Arc<str>,
    subscriber: Subscriber,
    waker: Waker,
}

/// A message, and the subject of its subscription.
pub(super) struct Arrived {
    pub(super) subject: Arc<str>,
    pub(super) message: Message,
}

/// The subscriptions that may have messages.
#[derive(Default)]
struct Ready {
    ids: Mutex<Vec<Id>>,
    task: AtomicWaker,
}

struct SubscriptionWaker {
    id: Id,
    ready: Arc<Ready>,
}

impl Subscriptions {
    pub(super) fn open(&mut self, subject: String, subscriber: Subscriber) {
        let id = self.next;
        self.next += 1;
        let subject: Arc<str> = subject.into();
        let ready = Arc::clone(&self.ready);
        let waker = Waker::from(Arc::new(SubscriptionWaker { id, ready }));
        // It may already have messages.
        waker.wake_by_ref();
        self.by_subject.insert(Arc::clone(&subject), id);
        let subscription = Subscription {
            subject,
            subscriber,
            waker,
        };
        self.by_id.insert(id, subscription);
    }

    /// Closes a subscription. Its remaining messages are dropped.
    pub(super) fn close(&mut self, subject: &str) {
        if let Some(id) = self.by_subject.remove(subject) {
            self.by_id.remove(&id);
            self.arrived.remove(&id);
        }
    }

    /// Takes what has arrived, in order.
    ///
    /// A second pass over the queues finds everything that arrived before the messages of the first
    /// pass. Messages that only the second pass finds may have others before them, and wait for the
    /// next call.
    pub(super) fn poll_take(&mut self, cx: &Context<'_>) -> Poll<Vec<Arrived>> {
        self.ready.task.register(cx.waker());
        self.collect();
        if self.arrived.is_empty() {
            return Poll::Pending;
        }
        for queue in self.arrived.values_mut() {
            queue.seen = queue.items.len();
        }
        self.collect();
        let complete = complete(&self.arrived.values().collect::<Vec<_>>());
        let mut queues = Vec::with_capacity(complete.len());
        let mut complete = complete.into_iter();
        self.arrived.retain(|_, queue| {
            let rest = queue.items.split_off(complete.next().unwrap_or_default());
            queues.push(mem::replace(&mut queue.items, rest));
            !queue.items.is_empty()
        });
        if !self.arrived.is_empty() {
            cx.waker().wake_by_ref();
        }
        Poll::Ready(merge(queues))
    }

    /// Empties all queues.
    fn collect(&mut self) {
        let mut ids = mem::take(&mut *lock(&self.ready.ids));
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let Some(subscription) = self.by_id.get_mut(&id) else {
                continue;
            };
            let mut cx = Context::from_waker(&subscription.waker);
            while let Poll::Ready(Some(message)) = subscription.subscriber.poll_next_unpin(&mut cx)
            {
                let queue = self.arrived.entry(id).or_default();
                queue.items.push_back(Item {
                    id: frame_id(&message.payload),
                    content: Arrived {
                        subject: Arc::clone(&subscription.subject),
                        message,
                    },
                });
            }
        }
    }
}

impl Wake for SubscriptionWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        lock(&self.ready.ids).push(self.id);
        self.ready.task.wake();
    }
}
