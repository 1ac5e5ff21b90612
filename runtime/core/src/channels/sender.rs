//! The publishing end of one channel.

use super::{
    listener::Listener,
    name::Key,
    publication::Publication,
    registry::{Handle, Registry},
};
use crate::{Payload, sync::Arc};
use std::fmt;

/// Publishes on one channel without looking it up each time. Made by
/// [`Channels::sender`](crate::Channels::sender).
///
/// It holds the channel open and, like a clone of [`Channels`](crate::Channels), keeps subscriptions
/// from ending.
pub struct Sender {
    handle: Handle,
    registry: Arc<Registry>,
}

impl Sender {
    pub(super) fn open(registry: &Arc<Registry>, key: Key<'_>) -> Self {
        Self {
            handle: Handle::open(registry, key),
            registry: Arc::clone(registry),
        }
    }

    /// Publishes a message and returns how many subscribers in this process it reached, or will
    /// reach when it comes back from the [engine](crate::Channels#other-processes). Never waits. A
    /// control frame cannot be published: it reaches nobody.
    pub fn send(&self, payload: impl Into<Payload>) -> usize {
        match payload.into().into_publishable() {
            Some(message) => self.publish(message.into()),
            None => 0,
        }
    }

    /// As [`send`](Sender::send), but one session does not get the message, where it listens to
    /// this channel. The number of subscribers does not count it either.
    pub fn send_except(&self, session: &impl Listener, payload: impl Into<Payload>) -> usize {
        let Some(message) = payload.into().into_publishable() else {
            return 0;
        };
        let reached = self.publish(Publication::except(message, session.id()));
        reached.saturating_sub(session.subscriptions(self.handle.topic().name()))
    }

    fn publish(&self, publication: Publication) -> usize {
        // The handle holds the channel open.
        self.registry.publish_on(self.handle.topic(), publication)
    }
}

impl Clone for Sender {
    fn clone(&self) -> Self {
        Self::open(&self.registry, self.handle.topic().name().into())
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("channel", &self.handle.topic().name())
            .finish_non_exhaustive()
    }
}
