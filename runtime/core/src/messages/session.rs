//! An open socket whose messages are typed.

mod requests;
mod state;

use self::state::{Rules, State};
use super::{
    answer::Answer,
    channel::Channel,
    encode::{EncodeError, encode, encode_as},
    fault::Fault,
    handle::Handle,
    incoming::{Incoming, decode},
    kind::Kind,
    request_id::RequestId,
    typed::{OnDemand, RawToClient, ToClient, Typed},
};
use crate::{
    CloseCode, Closed, Event, JoinError, Message, Payload, Subscription, Utf8Bytes,
    channels::{ListenerId, Listening},
};
use futures_util::FutureExt;
use std::{
    borrow::Cow, fmt, future::ready, marker::PhantomData, net::SocketAddr, time::SystemTime,
};

/// A [session](crate::Session) of a [typed](Typed) endpoint: what clients say is decoded and checked
/// before its code sees it, and what they are sent is declared.
///
/// ```
/// use autumn_ws::{
///     Closed, Endpoint, Event,
///     messages::{self, Body, Check, Incoming, Invalid, Kind, Tag, ToClient, Typed},
/// };
///
/// #[derive(serde::Deserialize, serde::Serialize)]
/// struct Say { text: String }
///
/// impl Kind for Say {
///     const TAG: Tag<'static> = Tag::Text("say");
/// }
///
/// impl Check for Say {}
///
/// struct Chat;
///
/// impl Endpoint for Chat {
///     const NAME: &'static str = "chat";
/// }
///
/// enum ChatIncoming {
///     Say(Say),
/// }
///
/// impl Incoming for ChatIncoming {
///     fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
///         match tag {
///             Tag::Text("say") => Ok(Self::Say(body.read()?)),
///             _ => Err(body.unknown_kind()),
///         }
///     }
/// }
///
/// impl Typed for Chat {
///     type Incoming = ChatIncoming;
/// }
///
/// impl ToClient<Chat> for Say {}
///
/// async fn echo(mut session: messages::Session<Chat>) -> Result<(), Closed> {
///     while let Some(event) = session.next().await {
///         match event {
///             Event::Message(ChatIncoming::Say(say)) => session.send(say).await?,
///             event => session.fallback(event).await?,
///         }
///     }
///     Ok(())
/// }
/// ```
///
/// What is not declared does not compile:
///
/// ```compile_fail,E0277
/// # use autumn_ws::{Endpoint, messages::{self, Kind, Nothing, Tag, Typed}};
/// # struct Chat;
/// # impl Endpoint for Chat { const NAME: &'static str = "chat"; }
/// # impl Typed for Chat { type Incoming = Nothing; }
/// #[derive(serde::Serialize)]
/// struct Secret {}
///
/// impl Kind for Secret {
///     const TAG: Tag<'static> = Tag::Text("secret");
/// }
///
/// async fn leak(session: &mut messages::Session<Chat>) {
///     session.send(Secret {}).await;
/// }
/// ```
///
/// While [`next`](Session::next) waits, it also
///
/// * answers `{"type":"$ping"}` with `{"type":"$pong"}`, and announces the end of a session that
///   [expires](Session::expires_at) with `$expiring`,
/// * answers what is not accepted with `$invalid`, or closes
///   ([`Typed::ON_INVALID`](super::Typed::ON_INVALID)), and counts it in
///   `autumn_ws_messages_invalid_total`,
/// * cancels the [answer](Session::answer) that the client does not want any more (`$cancel`),
/// * sends what other tasks want to send ([`handle`](Session::handle)).
pub struct Session<E> {
    inner: crate::Session,
    /// Boxed, because every function that passes a session on reserves room for it.
    state: Box<State>,
    endpoint: PhantomData<fn() -> E>,
}

impl<E: Typed> Session<E> {
    /// Makes a session of the endpoint of it.
    #[must_use]
    pub fn new(session: crate::Session) -> Self {
        Self {
            inner: session,
            state: Box::default(),
            endpoint: PhantomData,
        }
    }

    /// Waits for the next event; `None` when the session has ended. See
    /// [`autumn_ws::Session::next`](crate::Session::next).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Event<E::Incoming>> {
        let Self { inner, state, .. } = self;
        let next = inner.wait(|live, cx| state.poll_next::<E>(live, cx));
        next.await
    }

    /// Queues a message for the client, as [`autumn_ws::Session::send`](crate::Session::send) does.
    ///
    /// # Errors
    ///
    /// [`Closed`] when the session has ended, or the message cannot be written as JSON
    /// ([`EncodeError`]).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done drops the message.
    pub fn send<K: ToClient<E>>(
        &mut self,
        message: K,
    ) -> impl Future<Output = Result<(), Closed>> + Send + use<'_, E, K> {
        self.send_text(encode(&message))
    }

    /// Replies to a request: the message carries its id.
    ///
    /// # Errors
    ///
    /// As [`send`](Session::send).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done drops the reply.
    #[expect(clippy::needless_pass_by_value, reason = "a request has one reply")]
    pub fn reply<K: Kind>(
        &mut self,
        id: RequestId,
        reply: K,
    ) -> impl Future<Output = Result<(), Closed>> + Send + use<'_, E, K> {
        self.send_text(encode_as(&K::WIRE, K::TAG, Some(&id), &reply))
    }

    /// Begins to answer a request beside the session: the answer goes to a task of its own, while the
    /// session continues. At most 64 of them may be under way; further requests are not accepted.
    pub fn answer<A>(&mut self, id: RequestId) -> Answer<A> {
        Answer::new(self.state.begin(id), self.state.queue())
    }

    /// Answers that the last message is not accepted: `at` is a JSON pointer into it
    /// ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)), and `must` says what must be the case
    /// there, without the value, as in `session.invalid("/choice", "be one of this question's")`.
    ///
    /// It counts as any other message that is not accepted.
    ///
    /// # Errors
    ///
    /// [`Closed`] when the session has ended, or ends now: see [`OnInvalid`](super::OnInvalid).
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, [`next`](Session::next) sends the answer.
    pub async fn invalid(
        &mut self,
        at: impl Into<String>,
        must: impl Into<Cow<'static, str>>,
    ) -> Result<(), Closed> {
        let fault = Fault::new(at, must);
        let Self { inner, state, .. } = self;
        state.refuse_last(fault, &Rules::of::<E>(), inner.live());
        inner.wait(|live, cx| state.poll_due(live, cx)).await;
        inner.closed().map_or(Ok(()), Err)
    }

    /// A handle with which other tasks send to the client, and close.
    pub fn handle(&mut self) -> Handle<E> {
        Handle::new(self.state.queue())
    }

    /// Joins a channel at run time: see [`autumn_ws::Session::join`](crate::Session::join).
    /// [`Event::Lagged`] and [`Event::Gap`] name it by its [pattern](crate::ChannelName::pattern).
    ///
    /// # Errors
    ///
    /// [`JoinError`] when the session has joined [`Endpoint::JOINED`](crate::Endpoint::JOINED)
    /// channels in this way.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done joins nothing.
    pub async fn join<M: OnDemand<E>>(&mut self, channel: Channel<M>) -> Result<(), JoinError> {
        let label = channel.name().pattern();
        let subscription = channel.subscribe(self.inner.live().channels());
        self.inner.join(label, subscription).await
    }

    /// Leaves a channel that the session has joined: see
    /// [`autumn_ws::Session::leave`](crate::Session::leave).
    #[expect(clippy::needless_pass_by_value, reason = "as `join`")]
    pub fn leave<M: OnDemand<E>>(&mut self, channel: Channel<M>) -> bool {
        self.inner.leave(channel.name())
    }

    /// Reads a message of a channel that the session handles, an [`Event::Channel`]. `None`: it is not
    /// one of `M`, which is logged. Replicas of another version may have published it.
    #[must_use]
    pub fn read<M: Incoming>(&self, message: Message) -> Option<M> {
        match message {
            Message::Text(text) => decode(&text)
                .inspect_err(|error| {
                    tracing::warn!(%error, "a channel carries what is not declared");
                })
                .ok(),
            _ => None,
        }
    }

    /// Does what a session does about an event that its code has no arm for, as
    /// [`autumn_ws::Session::fallback`](crate::Session::fallback).
    ///
    /// # Errors
    ///
    /// [`Closed`] when the session has ended, as after a goodbye.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done drops the event.
    pub fn fallback(
        &mut self,
        event: Event<E::Incoming>,
    ) -> impl Future<Output = Result<(), Closed>> + Send + use<'_, E> {
        self.inner.fallback(event)
    }

    fn send_text(
        &mut self,
        text: Result<Utf8Bytes, EncodeError>,
    ) -> impl Future<Output = Result<(), Closed>> + Send + use<'_, E> {
        // Not an `async` block, which would reserve room for the message twice in every session.
        match text {
            Ok(text) => self.inner.send(text).left_future(),
            Err(error) => ready(Err(Closed::from(error))).right_future(),
        }
    }
}

impl<E: RawToClient> Session<E> {
    /// Queues anything for the client, as [`autumn_ws::Session::send`](crate::Session::send).
    ///
    /// # Errors
    ///
    /// [`Closed`] when the session has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done drops the message.
    pub fn send_raw<P: Into<Payload>>(
        &mut self,
        payload: P,
    ) -> impl Future<Output = Result<(), Closed>> + Send + use<'_, E, P> {
        self.inner.send(payload)
    }
}

/// What does not depend on messages is as in [`autumn_ws::Session`](crate::Session).
impl<E> Session<E> {
    /// See [`autumn_ws::Session::flush`](crate::Session::flush).
    ///
    /// # Errors
    ///
    /// [`Closed`] when the session has ended.
    pub async fn flush(&mut self) -> Result<(), Closed> {
        self.inner.flush().await
    }

    /// See [`autumn_ws::Session::close`](crate::Session::close).
    ///
    /// # Errors
    ///
    /// Always [`Closed`].
    pub async fn close(
        &mut self,
        code: CloseCode,
        reason: impl Into<Utf8Bytes>,
    ) -> Result<(), Closed> {
        self.inner.close(code, reason).await
    }

    /// See [`autumn_ws::Session::goodbye`](crate::Session::goodbye).
    ///
    /// # Errors
    ///
    /// Always [`Closed`].
    pub async fn goodbye(&mut self) -> Result<(), Closed> {
        self.inner.goodbye().await
    }

    /// See [`autumn_ws::Session::subscribe`](crate::Session::subscribe).
    pub fn subscribe(&mut self, label: &'static str, subscription: Subscription) {
        self.inner.subscribe(label, subscription);
    }

    /// See [`autumn_ws::Session::relay`](crate::Session::relay).
    pub fn relay(&mut self, label: &'static str, subscription: Subscription) {
        self.inner.relay(label, subscription);
    }

    /// Closes every other session that listens to `channel`. See
    /// [`autumn_ws::Session::close_others`](crate::Session::close_others).
    #[expect(clippy::must_use_candidate, reason = "who counts is the exception")]
    pub fn close_others<M>(&self, channel: &Channel<M>, code: CloseCode) -> usize {
        self.inner.close_others(channel.name(), code)
    }

    /// See [`autumn_ws::Session::expires_at`](crate::Session::expires_at). The client gets
    /// `{"type":"$expiring","in":60}`, with the seconds that are left.
    pub fn expires_at(&mut self, moment: SystemTime) {
        self.inner.expires_at(moment);
    }

    /// See [`autumn_ws::Session::closed`](crate::Session::closed).
    #[must_use]
    pub fn closed(&self) -> Option<Closed> {
        self.inner.closed()
    }

    /// See [`autumn_ws::Session::peer`](crate::Session::peer).
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.inner.peer()
    }
}

impl<E> Listening for Session<E> {
    fn id(&self) -> Option<ListenerId> {
        self.inner.id()
    }

    fn subscriptions(&self, name: &str) -> usize {
        self.inner.subscriptions(name)
    }
}

impl<E> fmt::Debug for Session<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
