//! Answers that have parts.

use super::{
    encode::encode_as,
    error::SendError,
    kind::Kind,
    queue::{Queue, Queued, Request},
};
use std::{fmt, marker::PhantomData, sync::Arc};
use tokio_util::sync::WaitForCancellationFuture;

/// A kind of message that is a part of the answer `A`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of `{A}`",
    label = "not a part of this answer",
    note = "list the message under the request's `stream`"
)]
pub trait PartOf<A>: Kind {}

impl<A, K: PartOf<A>> PartOf<A> for &K {}

/// A kind of message that ends the answer `A`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not end `{A}`",
    label = "not a reply to this request",
    note = "list the message under the request's `reply`"
)]
pub trait ReplyTo<A>: Kind {}

impl<A, K: ReplyTo<A>> ReplyTo<A> for &K {}

/// The answer to a request, made in a task of its own: any number of parts, and one reply that ends
/// it. Made by [`Session::answer`](super::Session::answer).
///
/// ```
/// use autumn_ws::messages::{Answer, Kind, PartOf, ReplyTo, SendError, Tag};
///
/// #[derive(serde::Serialize)]
/// struct Delta { text: String }
///
/// impl Kind for Delta {
///     const TAG: Tag<'static> = Tag::Text("delta");
/// }
///
/// #[derive(serde::Serialize)]
/// struct Done {}
///
/// impl Kind for Done {
///     const TAG: Tag<'static> = Tag::Text("done");
/// }
///
/// /// The answer to a prompt.
/// enum ChatPrompt {}
///
/// impl PartOf<ChatPrompt> for Delta {}
/// impl ReplyTo<ChatPrompt> for Done {}
///
/// async fn count(answer: Answer<ChatPrompt>) -> Result<(), SendError> {
///     for number in 0..3 {
///         answer.send(Delta { text: number.to_string() }).await?;
///     }
///     answer.finish(Done {}).await
/// }
/// ```
///
/// All of them carry the request's id. After `$cancel`, and after the end of the session, nothing is
/// sent.
///
/// An answer that is dropped without [`finish`](Answer::finish), unless it is cancelled, is a failure
/// of the application, such as a panic of its task: it is logged and counted in
/// `autumn_ws_errors_total`, and the session is closed with 1011, because its client waits for the
/// reply.
#[must_use = "the client waits for the reply"]
pub struct Answer<A> {
    request: Arc<Request>,
    queue: Queue,
    is_finished: bool,
    kinds: PhantomData<fn() -> A>,
}

impl<A> Answer<A> {
    pub(super) const fn new(request: Arc<Request>, queue: Queue) -> Self {
        Self {
            request,
            queue,
            is_finished: false,
            kinds: PhantomData,
        }
    }

    /// Sends a part. It waits while 16 messages wait for the session, which takes them while its code
    /// waits in [`Session::next`](super::Session::next).
    ///
    /// # Errors
    ///
    /// [`SendError`] when the client has cancelled the request, the session has ended, or the message
    /// cannot be written as JSON. In a method of the session itself, which would wait for itself, it
    /// fails instead of waiting.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done drops the part.
    pub fn send<K: PartOf<A>>(
        &self,
        part: K,
    ) -> impl Future<Output = Result<(), SendError>> + Send + use<'_, A, K> {
        let text = encode_as(&K::WIRE, K::TAG, Some(&self.request.id), &part);
        async move {
            self.queue(Queued::Part(Arc::clone(&self.request), text?))
                .await
        }
    }

    /// Sends the reply, which ends the answer.
    ///
    /// # Errors
    ///
    /// As [`send`](Answer::send).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done drops the answer without an end.
    pub fn finish<K: ReplyTo<A>>(
        self,
        reply: K,
    ) -> impl Future<Output = Result<(), SendError>> + Send + use<A, K> {
        let text = encode_as(&K::WIRE, K::TAG, Some(&self.request.id), &reply);
        let mut answer = self;
        async move {
            let reply = Queued::Reply(Arc::clone(&answer.request), text?);
            answer.queue(reply).await?;
            answer.settle();
            Ok(())
        }
    }

    /// Waits until nobody wants the answer any more: the client has sent `$cancel`, or the session has
    /// ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub fn cancelled(&self) -> WaitForCancellationFuture<'_> {
        self.request.cancelled.cancelled()
    }

    /// Whether nobody wants the answer any more.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.request.cancelled.is_cancelled()
    }

    /// Needs no end any more.
    const fn settle(&mut self) {
        self.is_finished = true;
    }

    async fn queue(&self, message: Queued) -> Result<(), SendError> {
        tokio::select! {
            biased;
            () = self.cancelled() => Err(SendError::Cancelled),
            queued = self.queue.send(message) => queued,
        }
    }
}

impl<A> Drop for Answer<A> {
    fn drop(&mut self) {
        if !self.is_finished && !self.is_cancelled() {
            // If the session has ended, nobody waits.
            let _ = self
                .queue
                .order(Queued::Abandoned(Arc::clone(&self.request)));
        }
    }
}

impl<A> fmt::Debug for Answer<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("id", &self.request.id)
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}
