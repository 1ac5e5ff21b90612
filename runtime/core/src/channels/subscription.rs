//! The receiving end of one channel.

use super::{
    error::RecvError,
    log::Reader,
    name::Key,
    registry::{Handle, Registry},
};
use crate::{Message, sync::Arc};
use std::{
    fmt,
    future::poll_fn,
    task::{Context, Poll, ready},
};
use tokio::task::coop;

/// Receives what is published on one channel. Made by
/// [`Channels::subscribe`](crate::Channels::subscribe).
///
/// A session takes it with [`Session::subscribe`](crate::Session::subscribe); elsewhere, such as
/// in a background task, [`recv`](Subscription::recv) is used directly. Dropping it unsubscribes.
pub struct Subscription {
    handle: Handle,
    reader: Reader,
}

impl Subscription {
    pub(super) fn open(registry: &Arc<Registry>, key: Key<'_>, capacity: usize) -> Self {
        let handle = Handle::open(registry, key);
        let reader = handle.topic().subscribe(capacity);
        Self { handle, reader }
    }

    /// Waits until everything that other processes publish from then on gets here: one round trip to
    /// the [engine](crate::Channels#other-processes). Whoever wants the present state of something, and every change to
    /// it, subscribes to the changes, waits for this, and then reads the state.
    ///
    /// What has come while that was waited for is dropped: there may be holes in it.
    ///
    /// While the engine is away nothing is waited for, because a [gap](RecvError::Gap) will tell
    /// when it is back. Nor is there anything to wait for [inside one process](crate::Channels). A
    /// session does this by itself for what it is [upgraded](crate::Upgrade::joined) with.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops the waiting only.
    pub async fn joined(&mut self) {
        self.handle.topic().joined(&mut self.reader).await;
    }

    /// Waits for the next message.
    ///
    /// # Errors
    ///
    /// [`RecvError::Lagged`] when messages were dropped because this subscriber fell too far
    /// behind: the next call gives the oldest message that is kept. [`RecvError::Gap`] when messages
    /// of other replicas may be missing here. [`RecvError::Closed`] when no message can come any
    /// more.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn recv(&mut self) -> Result<Message, RecvError> {
        poll_fn(|cx| {
            let budget = ready!(coop::poll_proceed(cx));
            let received = ready!(self.poll_recv(cx));
            budget.made_progress();
            Poll::Ready(received)
        })
        .await
    }

    /// As [`recv`](Subscription::recv), for a caller that yields to other tasks itself.
    pub(crate) fn poll_recv(&mut self, cx: &Context<'_>) -> Poll<Result<Message, RecvError>> {
        self.handle.topic().poll_recv(&mut self.reader, cx)
    }

    /// The next message of those that were read at once.
    pub(crate) fn next_ahead(&mut self) -> Option<Message> {
        self.reader.next_ahead()
    }

    /// How much waits to be read: messages, those that were dropped included, and a gap.
    pub(crate) fn unread(&self) -> u64 {
        self.handle.topic().unread(&self.reader)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.handle.topic().unsubscribe(&self.reader);
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("channel", &self.handle.topic().name())
            .finish_non_exhaustive()
    }
}
