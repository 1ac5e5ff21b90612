//! The receiving end of one channel.

use super::{
    error::RecvError,
    listener::ListenerId,
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

    /// Waits until everything that other replicas publish from then on arrives here: one round trip
    /// to the [engine](crate::Channels#other-processes). To have the present state of something and
    /// every change to it, subscribe to the changes, wait for this, and then read the state.
    ///
    /// Messages that come in the meantime are dropped, since there may be holes between them.
    ///
    /// It does not wait while the engine is away, because a [gap](RecvError::Gap) will come when it
    /// is back, nor for channels [inside one process](crate::Channels). [`Upgrade::on_upgrade`] does
    /// this for the channels of a session.
    ///
    /// [`Upgrade::on_upgrade`]: crate::Upgrade::on_upgrade
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
    /// behind: the next call returns the oldest message that is kept. [`RecvError::Gap`] when
    /// messages of other replicas may be missing here. [`RecvError::Closed`] when no message can
    /// come any more.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn recv(&mut self) -> Result<Message, RecvError> {
        poll_fn(|cx| {
            let budget = ready!(coop::poll_proceed(cx));
            loop {
                // Only sessions are closed.
                match ready!(self.poll_recv(cx)) {
                    Ok(Message::Close(_)) => {}
                    received => {
                        budget.made_progress();
                        return Poll::Ready(received);
                    }
                }
            }
        })
        .await
    }

    /// The name of the channel.
    pub(crate) fn name(&self) -> &str {
        self.handle.topic().name()
    }

    /// Whose subscription it is, where it is a session's.
    pub(crate) const fn listener(&self) -> Option<ListenerId> {
        self.reader.listener()
    }

    /// Makes it a session's.
    pub(crate) const fn belong_to(&mut self, listener: ListenerId) {
        self.reader.belong_to(listener);
    }

    /// As [`recv`](Subscription::recv), for a caller that yields to other tasks itself. A
    /// [`Message::Close`] closes its session.
    pub(crate) fn poll_recv(&mut self, cx: &Context<'_>) -> Poll<Result<Message, RecvError>> {
        self.handle.topic().poll_recv(&mut self.reader, cx)
    }

    /// The next message that was read ahead.
    pub(crate) fn next_ahead(&mut self) -> Option<Message> {
        self.reader.next_ahead()
    }

    /// How much waits to be read: messages, dropped ones included, and one for a gap.
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
