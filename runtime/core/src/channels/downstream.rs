//! Messages from other processes.

use super::{
    publication::Publication,
    registry::{Recent, Registry},
};
use crate::sync::{Arc, Weak};

/// The subscribers in this process, for crates that connect processes. Made by
/// [`Channels::downstream`](crate::Channels::downstream).
///
/// It does not keep channels alive: every call returns `None` once nobody can publish or subscribe
/// any more. Clones are the same subscribers.
#[derive(Clone)]
pub struct Downstream {
    registry: Weak<Registry>,
}

impl Downstream {
    pub(super) fn of(registry: &Arc<Registry>) -> Self {
        Self {
            registry: Arc::downgrade(registry),
        }
    }

    /// Delivers a message to the subscribers of the channel `name`, and returns how many there
    /// are. Successive messages should share `recent`.
    pub fn deliver(
        &self,
        recent: &mut Recent,
        name: &str,
        publication: impl Into<Publication>,
    ) -> Option<usize> {
        let registry = self.registry.upgrade()?;
        Some(registry.deliver_again(recent, name.into(), publication.into()))
    }

    /// Marks a gap: the present subscribers of the channel `name` learn that messages may be
    /// missing here. Returns how many there are.
    #[allow(clippy::must_use_candidate, reason = "the count is a by-product")]
    pub fn mark_gap(&self, name: &str) -> Option<usize> {
        Some(self.registry.upgrade()?.mark_gap(name))
    }

    /// As [`mark_gap`](Downstream::mark_gap), on every channel.
    #[allow(clippy::must_use_candidate, reason = "the count is a by-product")]
    pub fn mark_gaps(&self) -> Option<usize> {
        Some(self.registry.upgrade()?.mark_gaps())
    }
}
