//! WebSocket sessions and channels for [axum].
//!
//! ```no_run
//! use autumn_ws::{AppState, Closed, Endpoint, Event, Session, Upgrade, serve};
//! use axum::{Router, extract::State, response::Response, routing::any};
//!
//! struct Chat;
//!
//! impl Endpoint for Chat {
//!     const NAME: &'static str = "chat";
//! }
//!
//! async fn upgrade(upgrade: Upgrade<Chat>, State(state): State<AppState>) -> Response {
//!     upgrade.on_upgrade(move |session| chat(session, state)).await
//! }
//!
//! async fn chat(mut session: Session, state: AppState) -> Result<(), Closed> {
//!     session.subscribe("room", state.channels().subscribe("room"));
//!     while let Some(event) = session.next().await {
//!         match event {
//!             Event::Message(message) => {
//!                 state.channels().publish("room", message);
//!             }
//!             event => session.fallback(event).await?,
//!         }
//!     }
//!     Ok(())
//! }
//!
//! #[tokio::main]
//! async fn main() -> std::io::Result<()> {
//!     let state = AppState::new();
//!     let app = Router::new().route("/chat", any(upgrade)).with_state(state.clone());
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//!     serve(listener, app, state.shutdown()).await
//! }
//! ```
//!
//! * [`Endpoint`] says what an endpoint allows: origins, sizes, times.
//! * [`Upgrade`] is the HTTP request: an axum extractor that refuses what is not allowed.
//! * [`Session`] is the open socket: its [`next`](Session::next) merges what the client says, what
//!   the channels bring and the shutdown into a stream of [`Event`]s.
//! * [`Channels`] carry messages between sessions, and to them from anywhere else.
//! * An [`engine`] carries them to the other replicas of the application, where there are some.
//! * [`Metrics`] tell what happens, for Prometheus, as JSON, or as plain values.
//! * [`Shutdown`] and [`serve`] end it all so that every client hears a goodbye.
//!
//! # Features
//!
//! * `http2` (default): WebSockets over HTTP/2 ([RFC 8441](https://www.rfc-editor.org/rfc/rfc8441)).
//! * `metrics`: hands the numbers to an exporter of the [`metrics`](https://docs.rs/metrics) crate,
//!   with `Metrics::record`. Without it there are [routes for them](crate::metrics) all the same.
//! * `redis`, `nats`: channels that the replicas of an application share, with `Channels::redis`,
//!   `Channels::nats` or [`AppState::from_env`].
//! * `testing`: a server and a client for the tests of an application, and the tests that an engine
//!   has to pass, in `testing`.

mod accept;
mod channels;
mod close;
mod closed;
mod driver;
mod endpoint;
pub mod engine;
mod escape;
mod event;
mod handshake;
pub mod metrics;
mod missed;
mod opening;
mod origins;
mod panics;
mod payload;
mod policy;
mod proxy;
mod readiness;
mod refusal;
mod rejection;
mod serve;
mod session;
mod shutdown;
mod signals;
mod slots;
mod state;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
mod upgrade;

pub use self::{
    accept::Accept,
    channels::{AsChannelName, ChannelName, Channels, RecvError, Sender, Subscription},
    closed::{Closed, ClosedBy},
    endpoint::Endpoint,
    escape::escape,
    event::{Event, Lagged},
    metrics::Metrics,
    missed::Missed,
    origins::Origins,
    payload::Payload,
    proxy::Proxy,
    readiness::{Readiness, ready},
    rejection::Rejection,
    serve::serve,
    session::Session,
    shutdown::Shutdown,
    state::AppState,
    upgrade::Upgrade,
};
pub use axum::{
    body::Bytes,
    extract::ws::{CloseCode, CloseFrame, Message, Utf8Bytes, WebSocket, close_code},
};
pub use tokio_util::sync::CancellationToken;

/// The program in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
