//! What an application declares about an endpoint, and what is counted at it.

mod accept;
mod close_label;
mod counters;
mod meter;
mod missed;
mod open_sessions;
mod places;
mod policy;
mod rate;
mod traffic;

pub use self::{accept::Accept, missed::Missed, places::Over, rate::Rate};

pub(crate) use self::{
    close_label::{CloseLabel, own_label},
    counters::{Counters, Reason},
    meter::Meter,
    open_sessions::{Endpoints, OpenSession, OpenSessions},
    places::{Claim, Holder, Places, Seat},
    policy::Policy,
};

use crate::{CloseCode, Origins, close_code};
use std::time::Duration;

/// The rules of one WebSocket endpoint, as constants of a marker type.
///
/// [`Upgrade`](crate::Upgrade) and [`Session`](crate::Session) enforce them, so that the endpoint's
/// code need not. Only [`NAME`](Endpoint::NAME) has no default.
///
/// ```
/// use autumn_ws::{Accept, Endpoint, Origins};
///
/// struct Chat;
///
/// impl Endpoint for Chat {
///     const NAME: &'static str = "chat";
///     const ACCEPT: Accept = Accept::Text;
///     const ORIGINS: Origins = Origins::Only(&["https://chat.example.com"]);
/// }
/// ```
pub trait Endpoint {
    /// The endpoint's name in logs and metrics: unique in the application.
    const NAME: &'static str;

    /// The web pages that may open this socket. Others get `403 Forbidden`.
    const ORIGINS: Origins = Origins::OWN;

    /// The kinds of message that are accepted. Another kind closes the session with 1003
    /// ([RFC 6455, 7.4.1](https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1)).
    const ACCEPT: Accept = Accept::TextAndBinary;

    /// The subprotocols that the server supports, preferred ones first
    /// ([RFC 6455, 1.9](https://www.rfc-editor.org/rfc/rfc6455#section-1.9)). The first one that
    /// the client offers, too, is chosen. If there is none, the socket opens without a subprotocol,
    /// unless one is [required](Endpoint::SUBPROTOCOL_REQUIRED).
    const SUBPROTOCOLS: &'static [&'static str] = &[];

    /// Whether a client that offers none of the [`SUBPROTOCOLS`](Endpoint::SUBPROTOCOLS) gets
    /// `400 Bad Request`, instead of a socket without a subprotocol. Without any, nothing is required.
    const SUBPROTOCOL_REQUIRED: bool = false;

    /// The largest message from a client, in bytes. A larger one closes the session with 1009.
    /// Messages to clients are not limited.
    ///
    /// An open connection keeps room for the largest message that it has received.
    const MESSAGE_SIZE: usize = 1024 * 1024;

    /// After hearing nothing for this long the server sends a ping, which a live client answers
    /// ([RFC 6455, 5.5.2](https://www.rfc-editor.org/rfc/rfc6455#section-5.5.2)). `None`: never.
    ///
    /// It closes nothing by itself: [`IDLE`](Endpoint::IDLE) does. `IDLE` should be longer, by at
    /// least the time that an answer may take. If it is not, or there is no heartbeat, a client is
    /// not asked for a sign of life before it is closed.
    const HEARTBEAT: Option<Duration> = Some(Duration::from_secs(30));

    /// After hearing nothing for this long, not even the answer to a ping, the server closes the
    /// session with 1001 and the reason `idle`. `None`: never.
    ///
    /// With a shorter [`HEARTBEAT`](Endpoint::HEARTBEAT), the client has `IDLE - HEARTBEAT` to
    /// answer, from the moment when the ping was really sent. Without one, only the time counts in
    /// which the session waits for the client: a slow handler does not make its client idle.
    const IDLE: Option<Duration> = Some(Duration::from_mins(2));

    /// A client that takes no bytes for this long, while some wait for it, is cut off with 1006,
    /// which means without a close frame: there would be no room for it.
    ///
    /// The operating system takes more bytes when half of its buffer is free. Over TCP on Linux, that
    /// is 32 KiB, which a client has to take in this time.
    ///
    /// Only time in which the session waits counts. When the session has ended, the client has the
    /// same time to take the close frame, and then to answer it.
    const SEND_TIMEOUT: Duration = Duration::from_secs(10);

    /// The most sessions that may be open at once, counted per [`AppState`](crate::AppState).
    /// Further requests get `503 Service Unavailable` with `Retry-After: 1`. `None`: no limit.
    const CONNECTIONS: Option<usize> = None;

    /// The most channels that a session may have [joined](crate::Session::join) at once.
    const JOINED: usize = 100;

    /// The close codes with which the endpoint's code ends sessions: they are counted from the beginning, so
    /// that a monitoring system sees the first one as a change.
    const CLOSES: &'static [CloseCode] = &[];

    /// How many messages a client may send; control frames do not count. Up to twice as many may come
    /// at once. `None`: no limit.
    ///
    /// The next message waits until there is room, and the client is not read behind it, so that TCP
    /// slows it down: nothing is dropped. In the meantime the client is not
    /// [idle](Endpoint::IDLE), while messages to it, [`SEND_TIMEOUT`](Endpoint::SEND_TIMEOUT) and the
    /// shutdown continue. Its close is read in its turn.
    const RATE: Option<Rate> = None;

    /// How often [`Session::next`](crate::Session::next) delivers [`Event::Tick`](crate::Event::Tick);
    /// the first one comes after one period. While the session's code is busy, ticks are skipped.
    /// `None`: never.
    const TICK: Option<Duration> = None;

    /// How long a session may last: at its beginning, this sets when it
    /// [expires](crate::Session::expires_at). A random tenth is taken off, so that sessions that were
    /// opened together do not end together. `None`: no limit.
    const LIFETIME: Option<Duration> = None;

    /// What happens when a session falls so far behind a channel that messages are dropped for it.
    /// [`Missed::Close`] closes it with 1013 and the reason `too slow`.
    const LAG: Missed = Missed::Close;

    /// What happens when messages that other replicas of the application published may be missing,
    /// after an outage of the [engine](crate::Channels#other-processes) between them.
    /// [`Missed::Close`] closes the session with 1012 and the reason `messages may be missing`.
    const GAP: Missed = Missed::Close;

    /// The close code of [`Session::goodbye`](crate::Session::goodbye), and of a session that the
    /// shutdown had to cut off after [`DRAIN`](Endpoint::DRAIN). The default is 1012, after which
    /// clients connect again. A code that may not be sent becomes 1011, as in
    /// [`Session::close`](crate::Session::close).
    const SHUTDOWN_CODE: CloseCode = close_code::RESTART;

    /// The close reason that goes with [`SHUTDOWN_CODE`](Endpoint::SHUTDOWN_CODE), at most 123
    /// bytes.
    const SHUTDOWN_REASON: &'static str = "server shutting down";

    /// How long a session may take to say goodbye, from the beginning of the shutdown. After that,
    /// its code is dropped where it waits, and the session is closed with
    /// [`SHUTDOWN_CODE`](Endpoint::SHUTDOWN_CODE).
    const DRAIN: Duration = Duration::from_secs(10);

    /// The time over which sessions say goodbye, from the beginning of the shutdown, so that not all
    /// clients reconnect at once: each session continues for a random part of it, then gets
    /// [`Event::Shutdown`](crate::Event::Shutdown). It should be shorter than
    /// [`DRAIN`](Endpoint::DRAIN).
    const SPREAD: Duration = Duration::ZERO;
}
