//! A live socket.

mod clock;
mod connection;
mod driver;
mod event;
mod fault;
mod feeds;
mod output;
mod socket;
mod wire;

pub use self::event::{Event, Lagged};

pub(crate) use self::{
    connection::tune,
    driver::{Admission, run},
    feeds::{Feeds, Hearer},
};

use self::{feeds::Step, wire::Wire};
use crate::{
    CloseCode, CloseFrame, Closed, Message, Payload, Subscription, Utf8Bytes, close_code,
    shutdown::Watch,
};
use std::{
    fmt,
    future::{Future, poll_fn},
    mem,
    net::SocketAddr,
    task::{Context, Poll, ready},
};
use tokio::{sync::OwnedMutexGuard, task::coop};

/// After so many events in a row without a pause the session is tended as if there were one.
const BURST: u32 = 64;

/// The content of a control frame has so many bytes at most (RFC 6455, 5.5).
const MOST_IN_CONTROL: usize = 125;

/// So many events in a row may come from one side while the other has some too.
const TURN: u32 = 16;

/// A live socket together with the channels that it listens to.
///
/// [`Upgrade::on_upgrade`](crate::Upgrade::on_upgrade) hands it to a function that loops over
/// [`next`](Session::next) until it gives `None`:
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
/// [taking data](crate::Endpoint::SEND_TIMEOUT). So a handler that does something slow should do
/// it in another task. If it does not, its client is not blamed for it: it still has its time to
/// answer a ping, and to take what was sent.
///
/// When the shutdown's [drain time](crate::Endpoint::DRAIN) is over, the function is dropped where
/// it waits: what stands after its loop does not run, `Drop` does.
///
/// Once that function has returned and the session is dropped, the socket is closed properly in the
/// background.
pub struct Session {
    /// The lock is free again when the session is dropped: then the driver closes the socket.
    live: OwnedMutexGuard<Live>,
}

/// What a session consists of.
///
/// It is behind one pointer, since the functions that hand a session on keep room for it each.
pub(crate) struct Live {
    wire: Wire,
    feeds: Feeds,
    shutdown: Watch,
    goodbye: Goodbye,
    peer: Option<SocketAddr>,
    /// Who is asked first.
    turn: Side,
    /// How many events came from there in a row.
    run: u32,
    /// Events since the connection was last tended.
    burst: u32,
}

/// How far the session is with the shutdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goodbye {
    /// It has not begun.
    Running,
    /// What was published before is being delivered.
    Begun,
    /// The handler knows.
    Told,
}

/// Where events come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Client,
    Channels,
}

impl Side {
    const fn other(self) -> Self {
        match self {
            Self::Client => Self::Channels,
            Self::Channels => Self::Client,
        }
    }
}

impl Session {
    pub(crate) const fn new(live: OwnedMutexGuard<Live>) -> Self {
        Self { live }
    }

    /// Waits for the next event; `None` when the session has ended (see
    /// [`closed`](Session::closed)).
    ///
    /// The client and the channels are asked in turn, so that neither starves the other. What was
    /// queued is flushed before waiting, and at least every 64 events.
    ///
    /// While a [`send`](Session::send) waits, up to 16 messages of the client are read ahead. If
    /// the client then closes, or is lost, these are still delivered before `None`, although
    /// sends fail from then on. If the server ends the session, they are dropped.
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
    /// [`Endpoint::SEND_TIMEOUT`](crate::Endpoint::SEND_TIMEOUT). Meanwhile the connection is kept
    /// in order, as in `next`.
    ///
    /// A [`Message::Close`] closes the session, as [`close`](Session::close) does. A ping or pong
    /// of more than 125 bytes ([RFC 6455, 5.5]) is not sent, and logged.
    ///
    /// # Errors
    ///
    /// [`Closed`] when the session has ended. A handler that must not miss what the client said
    /// before that goes on with [`next`](Session::next) until it gives `None`.
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
        // Not an `async fn`, which would keep room for the message three times in every session.
        let mut message = Some(payload.into().into_message());
        let waiting = Waiting(&mut self.live);
        poll_fn(move |cx| waiting.0.poll_send(&mut message, cx))
    }

    /// Waits until everything queued has left this process, at most for
    /// [`Endpoint::SEND_TIMEOUT`](crate::Endpoint::SEND_TIMEOUT).
    ///
    /// Only a handler that works on without calling [`next`](Session::next) needs it.
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
    /// The close frame leaves now if the connection takes it. The closing handshake goes on in the
    /// background, once the handler has returned. A reason of more
    /// than 123 bytes is cut at a character. A code that a server may not send, such as 1006 or
    /// 1010, becomes 1011, and is logged.
    ///
    /// # Errors
    ///
    /// Always [`Closed`], so that `session.close(..).await?` leaves the handler. If the session
    /// had ended before, it says how.
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
            self.live.wire.see_off(cx);
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
    pub fn fallback(
        &mut self,
        event: Event,
    ) -> impl Future<Output = Result<(), Closed>> + Send + use<'_> {
        // Not an `async fn`, for the same reason as `send`.
        let mut message = match event {
            Event::Channel(_, message) => Some(message),
            Event::Shutdown => Some(self.live.farewell()),
            Event::Message(_) | Event::Lagged(_) | Event::Gap(_) => None,
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
    /// A subscription that ends is dropped silently; those of an
    /// [`AppState`](crate::AppState) never end.
    pub fn subscribe(&mut self, label: &'static str, subscription: Subscription) {
        self.live.feeds.add(label, subscription, Hearer::Code);
    }

    /// Adds a channel whose messages the client gets as they are, as
    /// [`Upgrade::relay`](crate::Upgrade::relay) does.
    pub fn relay(&mut self, label: &'static str, subscription: Subscription) {
        self.live.feeds.add(label, subscription, Hearer::Client);
    }

    /// How the session ended, or `None` while it is open. It may be known before
    /// [`next`](Session::next) has given `None`.
    #[must_use]
    pub fn closed(&self) -> Option<Closed> {
        self.live.wire.closed().cloned()
    }

    /// The client's address, or that of the proxy before it. `None` where the application was not
    /// started with connection information, as [`serve`](crate::serve) does.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.live.peer
    }

    /// Waits for something.
    async fn wait<T>(&mut self, poll: fn(&mut Live, &mut Context<'_>) -> Poll<T>) -> T {
        let waiting = Waiting(&mut self.live);
        poll_fn(|cx| poll(waiting.0, cx)).await
    }
}

impl Live {
    pub(crate) const fn new(
        wire: Wire,
        feeds: Feeds,
        shutdown: Watch,
        peer: Option<SocketAddr>,
    ) -> Self {
        Self {
            wire,
            feeds,
            shutdown,
            goodbye: Goodbye::Running,
            peer,
            turn: Side::Client,
            run: 0,
            burst: 0,
        }
    }

    /// Watches for the beginning of the shutdown in another way from now on.
    pub(crate) fn follow(&mut self, shutdown: Watch) {
        self.shutdown = shutdown;
    }

    /// The connection, for the closing handshake.
    pub(crate) const fn wire(&mut self) -> &mut Wire {
        &mut self.wire
    }

    /// Waits until the message is queued, and takes it.
    fn poll_send(
        &mut self,
        message: &mut Option<Message>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Closed>> {
        ready!(self.poll_arrive(cx));
        let content = match message {
            Some(Message::Text(_) | Message::Binary(_)) | None => 0,
            Some(Message::Ping(content) | Message::Pong(content)) => content.len(),
            Some(Message::Close(frame)) => {
                let frame = frame.take();
                return Poll::Ready(Err(self.close(frame, cx)));
            }
        };
        if content > MOST_IN_CONTROL {
            tracing::error!(bytes = content, "a ping or pong has 125 bytes at most");
            return Poll::Ready(Ok(()));
        }
        ready!(self.wire.poll_ready(cx))?;
        Poll::Ready(
            message
                .take()
                .map_or(Ok(()), |message| self.wire.queue(message)),
        )
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Closed>> {
        ready!(self.poll_arrive(cx));
        self.wire.poll_flush(cx)
    }

    /// What comes before anything else that the session's code waits for. Code that never waits,
    /// because its client is quick, has to let others have their turn too.
    fn poll_arrive(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.wire.arrive();
        let proceed = coop::poll_proceed(cx);
        if proceed.is_pending() {
            self.burst = 0;
            // If the session ends here, the next call says so.
            let _ = self.wire.poll_tend(cx);
        }
        proceed.map(|budget| budget.made_progress())
    }

    /// Closes, and sends the close frame if the connection takes it now.
    fn close(&mut self, frame: Option<CloseFrame>, cx: &mut Context<'_>) -> Closed {
        let (code, reason) = frame.map_or((close_code::NORMAL, Utf8Bytes::default()), |frame| {
            (frame.code, frame.reason)
        });
        let closed = self.wire.close(code, reason);
        self.wire.see_off(cx);
        closed
    }

    /// The close frame of a shutdown.
    fn farewell(&self) -> Message {
        let policy = self.wire.policy();
        Message::Close(Some(CloseFrame {
            code: policy.shutdown_code,
            reason: Utf8Bytes::from_static(policy.shutdown_reason),
        }))
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        ready!(self.poll_arrive(cx));
        let event = match self.poll_event(cx) {
            Poll::Ready(event) => event,
            Poll::Pending => {
                self.burst = 0;
                ready!(self.wire.poll_tend(cx));
                // It has ended. What was read before is still delivered.
                ready!(self.wire.poll_read(cx)).map(Event::Message)
            }
        };
        self.burst += 1;
        if self.burst >= BURST {
            self.burst = 0;
            // If the session ends here, the next call says so.
            let _ = self.wire.poll_tend(cx);
        }
        Poll::Ready(event)
    }

    /// Waits for an event. What is to be relayed is relayed meanwhile.
    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        while self.wire.closed().is_none() {
            if let Step::Event(event) = ready!(self.poll_step(cx)) {
                return Poll::Ready(Some(event));
            }
            // Relaying may go on for ever, and has to let other tasks run too.
            ready!(coop::poll_proceed(cx)).made_progress();
        }
        self.wire.poll_read(cx).map(|rest| rest.map(Event::Message))
    }

    /// Asks the client and the channels.
    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        match self.poll_goodbye(cx) {
            Poll::Ready(None) => {}
            Poll::Ready(Some(step)) => return Poll::Ready(step),
            // The client takes nothing just now, but perhaps it says something.
            Poll::Pending => return self.poll_side(Side::Client, cx),
        }
        let side = self.turn;
        if let Poll::Ready(step) = self.poll_side(side, cx) {
            self.run += 1;
            if self.run >= TURN || matches!(step, Step::Onward) {
                self.give_turn(side.other());
            }
            return Poll::Ready(step);
        }
        let step = ready!(self.poll_side(side.other(), cx));
        // Most bursts come from one side only. It keeps the turn, for to ask the other costs time.
        self.give_turn(side.other());
        Poll::Ready(step)
    }

    const fn give_turn(&mut self, side: Side) {
        self.turn = side;
        self.run = 0;
    }

    fn poll_side(&mut self, side: Side, cx: &mut Context<'_>) -> Poll<Step> {
        match side {
            Side::Client => self.wire.poll_read(cx).map(|read| {
                // Without a message, the session has ended.
                read.map_or(Step::Onward, |message| Step::Event(Event::Message(message)))
            }),
            Side::Channels => self.feeds.poll_next(&mut self.wire, cx),
        }
    }

    /// What the shutdown makes: what was published before it, then [`Event::Shutdown`]. It waits
    /// only while the client takes nothing.
    fn poll_goodbye(&mut self, cx: &mut Context<'_>) -> Poll<Option<Step>> {
        if self.goodbye == Goodbye::Running && self.shutdown.poll_begun(cx).is_ready() {
            self.feeds.note_owed();
            self.goodbye = Goodbye::Begun;
        }
        if self.goodbye != Goodbye::Begun {
            return Poll::Ready(None);
        }
        let owed = ready!(self.feeds.poll_owed(&mut self.wire, cx));
        Poll::Ready(owed.or_else(|| {
            self.goodbye = Goodbye::Told;
            Some(Step::Event(Event::Shutdown))
        }))
    }
}

/// A session that its code waits for. The clock is told when that is over, be it by cancellation.
struct Waiting<'a>(&'a mut Live);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.wire.leave();
    }
}

impl Drop for Session {
    /// The connection goes on for the closing handshake, but nobody listens any more.
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
