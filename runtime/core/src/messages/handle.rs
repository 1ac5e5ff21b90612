//! A session from outside.

use super::{
    encode::encode,
    error::SendError,
    queue::{Queue, Queued},
    typed::ToClient,
};
use crate::{CloseCode, Utf8Bytes};
use std::{fmt, marker::PhantomData};

/// A session of the endpoint `E` for other tasks: they send to its client, and close it. Made by
/// [`Session::handle`](super::Session::handle). Clones are cheap.
///
/// It does not keep the session open.
pub struct Handle<E> {
    queue: Queue,
    endpoint: PhantomData<fn() -> E>,
}

impl<E> Handle<E> {
    pub(super) const fn new(queue: Queue) -> Self {
        let endpoint = PhantomData;
        Self { queue, endpoint }
    }

    /// Sends a message to the client, behind what was sent before.
    ///
    /// It waits while 16 messages wait for the session, which takes them while its code waits in
    /// [`Session::next`](super::Session::next).
    ///
    /// # Errors
    ///
    /// [`SendError`] when the session has ended, or the message cannot be written as JSON. In a method
    /// of the session itself, which would wait for itself, it fails instead of waiting.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done drops the message.
    pub fn send<K: ToClient<E>>(
        &self,
        message: K,
    ) -> impl Future<Output = Result<(), SendError>> + Send + use<'_, E, K> {
        let text = encode(&message);
        async move { self.queue.send(Queued::Message(text?)).await }
    }

    /// Closes the session behind what was sent before, as
    /// [`Session::close`](super::Session::close). It does not wait. If the session has ended, nothing
    /// happens.
    pub fn close(&self, code: CloseCode, reason: impl Into<Utf8Bytes>) {
        // It has ended.
        let _ = self.queue.order(Queued::Close(code, reason.into()));
    }
}

impl<E> Clone for Handle<E> {
    fn clone(&self) -> Self {
        Self::new(self.queue.clone())
    }
}

impl<E> fmt::Debug for Handle<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}
