//! Beyond this process.

use crate::{Message, sync::Arc};
use futures_util::future::BoxFuture;

/// Whatever it is, shared by all channels: with plain reference counts, which are no business of a
/// model checker.
pub(crate) type SharedUpstream = std::sync::Arc<dyn Upstream>;

/// What carries channels to other processes, and back.
///
/// What it takes comes back through [`Registry::deliver`](super::registry::Registry::deliver).
pub(crate) trait Upstream: Send + Sync {
    /// A channel has its first subscriber. Called under the lock of the channel, so that what
    /// comes and goes is told in order: it must not wait, nor touch the channel.
    fn join(&self, name: &Arc<str>);

    /// A channel has no subscriber any more. As [`join`](Upstream::join).
    fn leave(&self, name: &Arc<str>);

    /// Waits until everything that is published on a channel, which has subscribers, gets here.
    /// Answers whether it did not at once.
    fn joined<'a>(&'a self, name: &'a Arc<str>) -> BoxFuture<'a, bool>;

    /// Takes a message. One that is to be delivered here, at once, comes back.
    fn publish(&self, name: Arc<str>, message: Message) -> Option<Message>;

    /// Nobody is left who could publish or subscribe.
    fn close(&self);
}
