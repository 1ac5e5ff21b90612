//! Which channels exist.

use super::topic::Topic;
use crate::sync::{Arc, Mutex, MutexGuard, Weak, lock};
use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
};

/// The channels by name, spread over shards so that no lock is global.
pub(super) struct Registry {
    hasher: RandomState,
    shards: [Mutex<Shard>; SHARDS],
}

const SHARDS: usize = 64;

/// A shard with fewer channels than this does not bother to give memory back.
const SMALL: usize = 32;

type Shard = HashMap<Arc<str>, Entry>;

struct Entry {
    topic: Arc<Topic>,
    /// How many [`Handle`]s hold the channel open. It changes under the shard's lock only, so a
    /// channel cannot be joined while it is being freed.
    handles: usize,
}

impl Registry {
    pub(super) fn new() -> Self {
        Self {
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::default()),
        }
    }

    /// The channel `name`, if it exists.
    pub(super) fn find(&self, name: &str) -> Option<Arc<Topic>> {
        self.shard(name)
            .get(name)
            .map(|entry| Arc::clone(&entry.topic))
    }

    /// Opens the channel `name`, which exists until the last handle to it is dropped.
    pub(super) fn open(self: &Arc<Self>, name: &str) -> Handle {
        Handle {
            topic: self.retain(name),
            registry: Arc::downgrade(self),
        }
    }

    /// How many channels exist.
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }

    fn retain(&self, name: &str) -> Arc<Topic> {
        let mut shard = self.shard(name);
        if let Some(entry) = shard.get_mut(name) {
            entry.handles += 1;
            return Arc::clone(&entry.topic);
        }
        let name: Arc<str> = name.into();
        let topic = Arc::new(Topic::new(Arc::clone(&name)));
        let entry = Entry {
            topic: Arc::clone(&topic),
            handles: 1,
        };
        shard.insert(name, entry);
        topic
    }

    fn release(&self, name: &str) {
        let mut shard = self.shard(name);
        let Some(entry) = shard.get_mut(name) else {
            return;
        };
        entry.handles -= 1;
        if entry.handles > 0 {
            return;
        }
        let freed = shard.remove(name);
        if shard.capacity() > SMALL && shard.len() < shard.capacity() / 4 {
            let enough = shard.len() * 2;
            shard.shrink_to(enough);
        }
        drop(shard);
        drop(freed);
    }

    fn shard(&self, name: &str) -> MutexGuard<'_, Shard> {
        let hash = self.hasher.hash_one(name);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::indexing_slicing,
            reason = "the remainder is below SHARDS"
        )]
        lock(&self.shards[(hash % SHARDS as u64) as usize])
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        for shard in &self.shards {
            let topics: Vec<_> = lock(shard).drain().map(|(_, entry)| entry.topic).collect();
            for topic in topics {
                topic.end();
            }
        }
    }
}

/// Holds a channel open.
pub(super) struct Handle {
    topic: Arc<Topic>,
    /// Weak, so that a subscription learns when nobody is left who could publish.
    registry: Weak<Registry>,
}

impl Handle {
    pub(super) fn topic(&self) -> &Topic {
        &self.topic
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Some(registry) = self.registry.upgrade() {
            registry.release(self.topic.name());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Registry, SMALL, lock};
    use crate::sync::Arc;

    #[test]
    fn a_channel_is_freed_with_its_last_handle() {
        let registry = Arc::new(Registry::new());
        let first = registry.open("a");
        let second = registry.open("a");
        assert!(std::ptr::eq(first.topic(), second.topic()));
        drop(first);
        assert!(registry.find("a").is_some());
        drop(second);
        assert!(registry.find("a").is_none());
        assert_eq!(registry.len(), 0);
    }

    #[test]
    fn memory_is_given_back() {
        let registry = Arc::new(Registry::new());
        let handles: Vec<_> = (0..20_000).map(|n| registry.open(&n.to_string())).collect();
        assert_eq!(registry.len(), 20_000);
        drop(handles);
        assert_eq!(registry.len(), 0);
        for shard in &registry.shards {
            assert!(lock(shard).capacity() <= SMALL);
        }
    }
}
