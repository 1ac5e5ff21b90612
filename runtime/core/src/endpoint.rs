//! What an application declares about an endpoint.

mod accept;
mod code;
mod counters;
mod meter;
mod missed;
mod policy;
mod slots;
mod traffic;

pub use self::{accept::Accept, missed::Missed};

pub(crate) use self::{
    code::CodeLabel,
    counters::{Counters, Reason},
    meter::Meter,
    policy::Policy,
    slots::{AllSlots, Slot, Slots},
};

use crate::{CloseCode, Origins, close_code};
use std::time::Duration;

/// The rules of one WebSocket endpoint, as constants of a marker type.
///
/// [`Upgrade`](crate::Upgrade) and [`Session`](crate::Session) enforce them, so that the code of
/// the endpoint is left with what it is there for. Only [`NAME`](Endpoint::NAME) has no default.
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
    /// The endpoint's name in logs, and the key of its live connection count: unique in the
    /// application.
    const NAME: &'static str;

    /// The web pages that may open this socket. Others get `403 Forbidden`.
    const ORIGINS: Origins = Origins::Same;

    /// The kinds of message that are taken. Another kind closes the session with 1003
    /// ([RFC 6455, 7.4.1](https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1)).
    const ACCEPT: Accept = Accept::TextAndBinary;

    /// The subprotocols that the server speaks, best first
    /// ([RFC 6455, 1.9](https://www.rfc-editor.org/rfc/rfc6455#section-1.9)). The first one that
    /// the client offers too is taken; when there is none, the socket opens without.
    const SUBPROTOCOLS: &'static [&'static str] = &[];

    /// The largest message taken from a client, in bytes. A larger one closes the session with
    /// 1009. What the server sends is not limited.
    ///
    /// A connection keeps room for the largest message that it has received, for as long as it is
    /// open.
    const MESSAGE_SIZE: usize = 1024 * 1024;

    /// After hearing nothing for this long the server sends a ping, which a live client answers
    /// ([RFC 6455, 5.5.2](https://www.rfc-editor.org/rfc/rfc6455#section-5.5.2)). `None`: never.
    ///
    /// It closes nothing by itself: [`IDLE`](Endpoint::IDLE) does, and should be longer, by the
    /// time that an answer may take at least. Where it is not, or there is no heartbeat, a client
    /// is not asked before it is closed, and has to talk by itself.
    const HEARTBEAT: Option<Duration> = Some(Duration::from_secs(30));

    /// After hearing nothing for this long, not even the answer to a ping, the server closes the
    /// session with 1001 and the reason `idle`. `None`: never.
    ///
    /// With a shorter [`HEARTBEAT`](Endpoint::HEARTBEAT) it is the ping that counts: from the
    /// moment when it was really sent, the client has `IDLE - HEARTBEAT` to answer. Without, only
    /// the time counts in which the session waits for the client: a handler that is slow does not
    /// make its client idle.
    const IDLE: Option<Duration> = Some(Duration::from_mins(2));

    /// A client that takes no bytes for this long, while some wait for it, is cut off with 1006,
    /// that is without a close frame, for which there would be no room either.
    ///
    /// The operating system takes more when half of what it keeps is gone, which over TCP on Linux
    /// is 32 KiB: a client has to take as much in this time.
    ///
    /// It counts as far as the session waits meanwhile. Once the session has ended, the client has
    /// the same time to take the close frame, and then to answer it.
    const SEND_TIMEOUT: Duration = Duration::from_secs(10);

    /// The most sessions that may be open at once, counted per [`AppState`](crate::AppState).
    /// Further requests get `503 Service Unavailable` with `Retry-After: 1`. `None`: no limit.
    const CONNECTIONS: Option<usize> = None;

    /// What happens when a session falls so far behind a channel that messages are dropped for it.
    /// [`Missed::Close`] closes it with 1013 and the reason `too slow`.
    const LAG: Missed = Missed::Close;

    /// What happens when messages that other replicas of the application published may be missing,
    /// after an outage of the [engine](crate::Channels#other-processes) between them. [`Missed::Close`] closes the
    /// session with 1012 and the reason `messages may be missing`.
    const GAP: Missed = Missed::Close;

    /// The close code of [`Session::goodbye`](crate::Session::goodbye), and of a session that the
    /// shutdown had to cut after [`DRAIN`](Endpoint::DRAIN). The default is 1012, after which
    /// clients connect again. A code that may not be sent becomes 1011, as in
    /// [`Session::close`](crate::Session::close).
    const SHUTDOWN_CODE: CloseCode = close_code::RESTART;

    /// The close reason that goes with [`SHUTDOWN_CODE`](Endpoint::SHUTDOWN_CODE), at most 123
    /// bytes.
    const SHUTDOWN_REASON: &'static str = "server shutting down";

    /// How long a session may take to say goodbye, counted from the beginning of the shutdown.
    /// Then its code is dropped where it waits, and the session closed with
    /// [`SHUTDOWN_CODE`](Endpoint::SHUTDOWN_CODE).
    const DRAIN: Duration = Duration::from_secs(10);
}
