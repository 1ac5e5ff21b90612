//! A live socket.

mod clock;
mod connection;
mod driver;
mod ending;
mod event;
mod feeds;
mod joined;
mod live;
mod output;
mod pace;
mod refused;
mod schedule;
mod socket;
mod violation;
mod wire;

pub use self::{
    event::{Event, Lagged},
    joined::JoinError,
};

pub(crate) use self::{
    connection::tune,
    driver::{Admission, run},
    feeds::{Delivery, Feeds},
    live::Live,
    refused::{Place as RefusedPlace, close_refused},
};

use crate::{CloseCode, Closed, Payload, Subscription, Utf8Bytes, time::after};
use std::{
    fmt,
    future::{Future, poll_fn},
    mem,
    net::SocketAddr,
    task::{Context, Poll},
    time::SystemTime,
};
use tokio::{sync::OwnedMutexGuard, time::Instant};

/// A live socket together with the channels that it listens to.
///
/// [`Upgrade::on_upgrade`](crate::Upgrade::on_upgrade) passes it to a function that loops over
/// [`next`](Session::next) until that returns `None`:
///
/// ```
/// use autumn_ws::{Closed, Event, Session};
///
/// async fn echo(mut session: Session) -> Result<(), Closed> {
///     while let Some(event) = session.next().await {
///         match event {
///             Event::Message(message) => session.send(message).await?,
///             event => session.fallback(event).await?,
///         }
///     }
///     Ok(())
/// }
/// ```
///
/// [`send`](Session::send) queues and `next` flushes when nothing more is ready, so a burst of
/// messages costs one system call.
///
/// While `next` waits, the session keeps its connection in order: it answers pings, sends the
/// [heartbeat](crate::Endpoint::HEARTBEAT) and closes when the client is
/// [idle](crate::Endpoint::IDLE), breaks the protocol, or stops
/// [taking data](crate::Endpoint::SEND_TIMEOUT). So slow work belongs in another task. A client is
/// not blamed for a slow handler: it still has its time to answer a ping, and to take what was sent.
///
/// When the shutdown's [drain time](crate::Endpoint::DRAIN) is over, the function is dropped where
/// it waits: code after its loop does not run, `Drop` does.
///
/// When the function has returned and the session is dropped, the closing handshake is finished in
/// the background.
pub struct Session {
    /// The lock is released when the session is dropped: then the driver closes the socket.
    live: OwnedMutexGuard<Live>,
}

impl Session {
    pub(crate) const fn new(live: OwnedMutexGuard<Live>) -> Self {
        Self { live }
    }

    /// Waits for the next event; `None` when the session has ended (see
    /// [`closed`](Session::closed)).
    ///
    /// The client and the channels take turns, so that neither starves the other. Queued messages
    /// are flushed before waiting, and at least every 64 events.
    ///
    /// While a [`send`](Session::send) waits, up to 16 messages of the client are read ahead. If
    /// the client then closes, or is lost, they are still delivered before `None`, although sends
    /// fail from then on. If the server ends the session, they are dropped.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing, so it can be used in [`tokio::select!`].
    pub async fn next(&mut self) -> Option<Event> {
        self.wait(Live::poll_next).await
    }

    /// Queues a message for the client. [`next`](Session::next) and [`flush`](Session::flush) send
    /// what is queued.
    ///
    /// It waits only while the connection takes no bytes, at most for
    /// [`Endpoint::SEND_TIMEOUT`](crate::Endpoint::SEND_TIMEOUT). In the meantime the connection is
    /// kept in order, as in `next`.
    ///
    /// A [`Message::Close`](crate::Message::Close) closes the session, as [`close`](Session::close)
    /// does. A ping or pong of more than 125 bytes ([RFC 6455, 5.5]) is logged and not sent.
    ///
    /// # Errors
    ///
    /// [`Closed`] when the session has ended. To read what the client sent before that, call
    /// [`next`](Session::next) until it returns `None`.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done drops the message.
    ///
    /// [RFC 6455, 5.5]: https://www.rfc-editor.org/rfc/rfc6455#section-5.5
    pub fn send<P: Into<Payload>>(
        &mut self,
        payload: P,
    ) -> impl Future<Output = Result<(), Closed>> + Send + use<'_, P> {
        // Not an `async fn`, which would reserve room for the message three times in every session.
        let mut message = Some(payload.into().into_message());
        let waiting = Waiting(&mut self.live);
        poll_fn(move |cx| waiting.0.poll_send(&mut message, cx))
    }

    /// Waits until everything queued has left this process, at most for
    /// [`Endpoint::SEND_TIMEOUT`](crate::Endpoint::SEND_TIMEOUT).
    ///
    /// Only code that continues without calling [`next`](Session::next) needs this.
    ///
    /// # Errors
    ///
    /// [`Closed`] when the session has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn flush(&mut self) -> Result<(), Closed> {
        self.wait(Live::poll_flush).await
    }

    /// Ends the session with a close code and reason ([RFC 6455, 7.4]), after everything queued.
    ///
    /// The close frame leaves now if the connection takes it. The closing handshake is finished in
    /// the background when the handler has returned. A reason of more than 123 bytes is cut at a
    /// character. A code that a server may not send, such as 1006 or 1010, is logged and becomes
    /// 1011.
    ///
    /// # Errors
    ///
    /// Always [`Closed`], so that `session.close(..).await?` leaves the handler. If the session had
    /// already ended, it says how.
    ///
    /// # Cancel safety
    ///
    /// It does not wait.
    ///
    /// [RFC 6455, 7.4]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4
    pub async fn close(
        &mut self,
        code: CloseCode,
        reason: impl Into<Utf8Bytes>,
    ) -> Result<(), Closed> {
        let closed = self.live.wire.close(code, reason.into());
        poll_fn(|cx| {
            self.live.wire.flush_close(cx);
            Poll::Ready(())
        })
        .await;
        Err(closed)
    }

    /// Does what a session does about an event that its code has no arm for:
    ///
    /// | event | what is done |
    /// |---|---|
    /// | [`Event::Shutdown`] | [`goodbye`](Session::goodbye) |
    /// | [`Event::Channel`] | the message is [sent](Session::send) to the client |
    /// | any other | nothing |
    ///
    /// # Errors
    ///
    /// [`Closed`] when the session has ended, as after a goodbye.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done drops the event.
    pub fn fallback<M>(
        &mut self,
        event: Event<M>,
    ) -> impl Future<Output = Result<(), Closed>> + Send + use<'_, M> {
        // Not an `async fn`, for the same reason as `send`.
        let mut message = match event {
            Event::Channel(_, message) => Some(message),
            Event::Shutdown => Some(self.live.farewell()),
            Event::Message(_)
            | Event::Lagged(_)
            | Event::Gap(_)
            | Event::Tick
            | Event::Expiring(_) => None,
        };
        let waiting = Waiting(&mut self.live);
        poll_fn(move |cx| match message {
            Some(_) => waiting.0.poll_send(&mut message, cx),
            None => Poll::Ready(Ok(())),
        })
    }

    /// Ends the session because the application shuts down: [`close`](Session::close) with the
    /// endpoint's [`SHUTDOWN_CODE`](crate::Endpoint::SHUTDOWN_CODE) and
    /// [`SHUTDOWN_REASON`](crate::Endpoint::SHUTDOWN_REASON).
    ///
    /// # Errors
    ///
    /// Always [`Closed`], as in `close`.
    ///
    /// # Cancel safety
    ///
    /// It does not wait.
    pub async fn goodbye(&mut self) -> Result<(), Closed> {
        let policy = self.live.wire.policy();
        let reason = Utf8Bytes::from_static(policy.shutdown_reason);
        self.close(policy.shutdown_code, reason).await
    }

    /// Adds a channel to listen to. Its messages come as [`Event::Channel`] with this label; missed
    /// ones are treated as [`Endpoint::LAG`](crate::Endpoint::LAG) and
    /// [`Endpoint::GAP`](crate::Endpoint::GAP) say. Where the present state of something is read
    /// afterwards that other replicas change, [`Subscription::joined`] comes first.
    ///
    /// A subscription that ends is dropped silently. Those of an [`AppState`](crate::AppState) never
    /// end.
    pub fn subscribe(&mut self, label: &'static str, subscription: Subscription) {
        self.live.feeds.add(label, subscription, Delivery::Handle);
    }

    /// Adds a channel whose messages go straight to the client, as
    /// [`Upgrade::relay`](crate::Upgrade::relay) does.
    pub fn relay(&mut self, label: &'static str, subscription: Subscription) {
        self.live.feeds.add(label, subscription, Delivery::Relay);
    }

    /// Lets the session expire at a moment: then it is closed with 4401 and the reason `expired`, as
    /// soon as its code waits. Nothing is received or sent after that moment.
    ///
    /// A minute before, or at once where less is left, [`next`](Session::next) delivers
    /// [`Event::Expiring`]. Each call, and [`Endpoint::LIFETIME`](crate::Endpoint::LIFETIME) at the
    /// beginning, replaces what was set before, so that a client that proves again who it is can
    /// stay. A moment that has passed ends the session now.
    ///
    /// The system's clock is read once, here: setting it later does not move the moment.
    pub fn expires_at(&mut self, moment: SystemTime) {
        let left = moment.duration_since(SystemTime::now()).unwrap_or_default();
        self.live.wire.clock().expire(after(Instant::now(), left));
    }

    /// How the session ended, or `None` while it is open. This may be known before
    /// [`next`](Session::next) has returned `None`.
    #[must_use]
    pub fn closed(&self) -> Option<Closed> {
        self.live.wire.closed().cloned()
    }

    /// The address of the client. Behind a proxy it is that of the proxy, unless the application
    /// [trusts](crate::AppState::trusting) what the proxy reports. `None` over a Unix socket, or if the
    /// application was started without connection information, which [`serve`](crate::serve)
    /// provides.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.live.peer
    }

    /// Waits for something.
    pub(crate) async fn wait<T>(
        &mut self,
        mut poll: impl FnMut(&mut Live, &mut Context<'_>) -> Poll<T>,
    ) -> T {
        let waiting = Waiting(&mut self.live);
        poll_fn(|cx| poll(waiting.0, cx)).await
    }

    /// What it consists of.
    #[cfg(feature = "messages")]
    pub(crate) fn live(&mut self) -> &mut Live {
        &mut self.live
    }
}

/// A session that its code waits for. Dropping this stops the clock, after a cancellation as well.
struct Waiting<'a>(&'a mut Live);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.wire.leave();
    }
}

impl Drop for Session {
    /// The connection stays for the closing handshake, but nobody listens any more.
    fn drop(&mut self) {
        drop(mem::take(&mut self.live.feeds));
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("peer", &self.live.peer)
            .field("closed", &self.live.wire.closed())
            .finish_non_exhaustive()
    }
}
