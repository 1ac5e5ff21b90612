//! The channels that exist.

use super::{
    counts::{Counts, Tally},
    name::Key,
    publication::Publication,
    topic::Topic,
    upstream::SharedUpstream,
};
use crate::sync::{Arc, Mutex, MutexGuard, RandomState, Weak, lock};
use std::{
    collections::{BTreeMap, HashMap},
    hash::BuildHasher,
    mem,
};

/// The channels by name, spread over shards so that no lock is global.
pub(super) struct Registry {
    hasher: RandomState,
    shards: [Mutex<Shard>; SHARDS],
    upstream: Option<SharedUpstream>,
}

const SHARDS: usize = 64;

/// A shard with fewer channels than this keeps its memory.
const SMALL: usize = 32;

#[derive(Default)]
struct Shard {
    channels: HashMap<Arc<str>, Entry>,
    /// What was counted on channels that are gone, and for names without a channel.
    past: Past,
}

struct Entry {
    topic: Arc<Topic>,
    /// What its name was made from, once that is known.
    pattern: Option<&'static str>,
    /// How many [`Handle`]s hold the channel open. It changes only under the shard's lock, so that a
    /// channel that is being freed cannot be opened.
    handles: usize,
}

/// The channel of the last delivery, so that the next one need not look it up. It does not hold the
/// channel open.
#[derive(Default)]
pub struct Recent(Option<Arc<Topic>>);

impl Registry {
    pub(super) fn new(upstream: Option<SharedUpstream>) -> Self {
        Self {
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::default()),
            upstream,
        }
    }

    /// Publishes on a channel. Returns how many readers in this process will see the message.
    pub(super) fn publish(&self, key: Key<'_>, publication: Publication) -> usize {
        let Some(upstream) = &self.upstream else {
            return self.deliver(key, publication);
        };
        let is_counted = !publication.is_close();
        let topic = self.shard(key.name).topic(key.name);
        let name = topic
            .as_ref()
            .map_or_else(|| key.name.into(), |t| t.shared_name());
        match upstream.publish(name, publication) {
            Some(publication) => self.deliver(key, publication),
            None => topic
                .or_else(|| self.find(key, is_counted))
                .map_or(0, |topic| topic.announce(is_counted)),
        }
    }

    /// As [`publish`](Registry::publish), on a channel that is held open.
    pub(super) fn publish_on(&self, topic: &Topic, publication: Publication) -> usize {
        let is_counted = !publication.is_close();
        let publication = match &self.upstream {
            None => Some(publication),
            Some(upstream) => upstream.publish(topic.shared_name(), publication),
        };
        match publication {
            Some(publication) => topic.publish(publication).unwrap_or(0),
            None => topic.announce(is_counted),
        }
    }

    /// Delivers a message to the readers of a channel in this process, if the channel exists.
    /// Returns how many will see it.
    pub(super) fn deliver(&self, key: Key<'_>, publication: Publication) -> usize {
        self.deliver_again(&mut Recent::default(), key, publication)
    }

    /// As [`deliver`](Registry::deliver), for a caller that often delivers on the same channel.
    pub(super) fn deliver_again(
        &self,
        recent: &mut Recent,
        key: Key<'_>,
        mut publication: Publication,
    ) -> usize {
        let is_counted = !publication.is_close();
        if let Some(topic) = recent.0.as_ref().filter(|topic| topic.name() == key.name) {
            match topic.publish(publication) {
                Ok(readers) => return readers,
                Err(unpublished) => publication = unpublished,
            }
        }
        recent.0 = None;
        while let Some(topic) = self.find(key, is_counted) {
            match topic.publish(publication) {
                Ok(readers) => {
                    recent.0 = Some(topic);
                    return readers;
                }
                // It was closed in the meantime, and may have been opened again.
                Err(unpublished) => publication = unpublished,
            }
        }
        0
    }

    /// Marks a gap for the present readers of a channel. Returns how many there are.
    pub(super) fn mark_gap(&self, name: &str) -> usize {
        let topic = self.shard(name).topic(name);
        topic.map_or(0, |topic| topic.mark_gap())
    }

    /// As [`mark_gap`](Registry::mark_gap), on every channel.
    pub(super) fn mark_gaps(&self) -> usize {
        let mut readers = 0;
        for shard in &self.shards {
            let topics = lock(shard).topics();
            readers += topics.iter().map(|topic| topic.mark_gap()).sum::<usize>();
        }
        readers
    }

    /// What carries messages to other processes, if anything does.
    pub(super) const fn upstream(&self) -> Option<&SharedUpstream> {
        self.upstream.as_ref()
    }

    /// How many channels exist.
    pub(super) fn len(&self) -> usize {
        let shards = self.shards.iter();
        shards.map(|shard| lock(shard).channels.len()).sum()
    }

    /// What is counted on the channels, those that are gone included, by pattern.
    pub(super) fn tallies(&self) -> BTreeMap<Option<&'static str>, Tally> {
        let mut tallies = BTreeMap::new();
        for shard in &self.shards {
            lock(shard).add_to(&mut tallies);
        }
        tallies
    }

    /// Counts a message that could not be written.
    #[allow(dead_code, reason = "only typed messages can fail to be written")]
    pub(super) fn note_unwritten(&self, key: Key<'_>) {
        self.shard(key.name).past.of(key).unwritten += 1;
    }

    /// The channel to publish on. If there is none, a message may count as one that nobody hears.
    fn find(&self, key: Key<'_>, is_counted: bool) -> Option<Arc<Topic>> {
        let mut shard = self.shard(key.name);
        if let Some(topic) = shard.topic(key.name) {
            return Some(topic);
        }
        if is_counted {
            shard.past.of(key).unheard += 1;
        }
        None
    }

    fn retain(&self, key: Key<'_>) -> Arc<Topic> {
        let mut shard = self.shard(key.name);
        let Shard { channels, past } = &mut *shard;
        let pattern = past.pattern(key);
        if let Some(entry) = channels.get_mut(key.name) {
            entry.handles += 1;
            if entry.pattern.is_none() && pattern.is_some() {
                // Counters never fall, so earlier counts stay with their pattern.
                past.other += entry.topic.take_counts();
                entry.pattern = pattern;
            }
            return Arc::clone(&entry.topic);
        }
        let name: Arc<str> = key.name.into();
        let upstream = self.upstream.clone();
        let topic = Arc::new(Topic::new(Arc::clone(&name), upstream));
        let entry = Entry {
            topic: Arc::clone(&topic),
            pattern,
            handles: 1,
        };
        channels.insert(name, entry);
        topic
    }

    fn release(&self, name: &str) {
        let mut shard = self.shard(name);
        let Shard { channels, past } = &mut *shard;
        let Some(entry) = channels.get_mut(name) else {
            return;
        };
        entry.handles -= 1;
        if entry.handles > 0 {
            return;
        }
        let freed = channels.remove(name);
        if let Some(entry) = &freed {
            *past.of_pattern(entry.pattern) += entry.topic.retire();
        }
        if channels.capacity() > SMALL && channels.len() < channels.capacity() / 4 {
            channels.shrink_to(channels.len() * 2);
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

impl Shard {
    fn topic(&self, name: &str) -> Option<Arc<Topic>> {
        let entry = self.channels.get(name)?;
        Some(Arc::clone(&entry.topic))
    }

    fn topics(&self) -> Vec<Arc<Topic>> {
        let entries = self.channels.values();
        entries.map(|entry| Arc::clone(&entry.topic)).collect()
    }

    fn add_to(&self, tallies: &mut BTreeMap<Option<&'static str>, Tally>) {
        let past = |counts| Tally {
            counts,
            ..Tally::default()
        };
        let gone = self
            .past
            .counts()
            .map(|(name, counts)| (name, past(counts)));
        let open = self.channels.values();
        let open = open.map(|entry| (entry.pattern, entry.topic.tally()));
        gone.chain(open)
            .for_each(|(pattern, tally)| *tallies.entry(pattern).or_default() += tally);
    }
}

/// What was counted on channels that are gone, by pattern. There are few patterns.
#[derive(Default)]
struct Past {
    patterns: BTreeMap<&'static str, Counts>,
    /// Channels whose pattern is not known.
    other: Counts,
}

impl Past {
    /// What a name was made from. A fixed name is known once it was used as a [`ChannelName`].
    fn pattern(&mut self, key: Key<'_>) -> Option<&'static str> {
        if let Some(pattern) = key.pattern {
            self.patterns.entry(pattern).or_default();
            return Some(pattern);
        }
        let known = self.patterns.get_key_value(key.name);
        known.map(|(pattern, _)| *pattern)
    }

    fn of(&mut self, key: Key<'_>) -> &mut Counts {
        let pattern = self.pattern(key);
        self.of_pattern(pattern)
    }

    fn of_pattern(&mut self, pattern: Option<&'static str>) -> &mut Counts {
        match pattern {
            Some(pattern) => self.patterns.entry(pattern).or_default(),
            None => &mut self.other,
        }
    }

    fn counts(&self) -> impl Iterator<Item = (Option<&'static str>, Counts)> {
        let known = self.patterns.iter();
        let known = known.map(|(pattern, counts)| (Some(*pattern), *counts));
        known.chain([(None, self.other)])
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        for shard in &self.shards {
            let channels = mem::take(&mut lock(shard).channels);
            let topics: Vec<_> = channels.into_values().map(|entry| entry.topic).collect();
            for topic in topics {
                topic.end();
            }
        }
        if let Some(upstream) = &self.upstream {
            upstream.close();
        }
    }
}

/// Holds a channel open.
pub(super) struct Handle {
    topic: Arc<Topic>,
    /// Weak, so that subscriptions end when nobody can publish any more.
    registry: Weak<Registry>,
}

impl Handle {
    /// Opens a channel, which exists until the last handle to it is dropped.
    pub(super) fn open(registry: &Arc<Registry>, key: Key<'_>) -> Self {
        Self {
            topic: registry.retain(key),
            registry: Arc::downgrade(registry),
        }
    }

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
mod tests;
