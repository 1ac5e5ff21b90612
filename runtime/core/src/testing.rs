//! A server and a client for the tests of an application (feature `testing`).
//!
//! They use a real socket, and the client is not built on this crate, so a test sees what a browser
//! would see. Both panic with what they expected and what they got; waiting for longer than five
//! seconds is a failure, not a hang.
//!
//! ```
//! use autumn_ws::{AppState, Closed, Endpoint, Event, Session, Upgrade, testing::TestServer};
//! use axum::{Router, response::Response, routing::any};
//!
//! struct Echo;
//!
//! impl Endpoint for Echo {
//!     const NAME: &'static str = "echo";
//! }
//!
//! async fn upgrade(upgrade: Upgrade<Echo>) -> Response {
//!     let echo = async |mut session: Session| {
//!         while let Some(event) = session.next().await {
//!             match event {
//!                 Event::Message(message) => session.send(message).await?,
//!                 event => session.fallback(event).await?,
//!             }
//!         }
//!         Ok(())
//!     };
//!     upgrade.on_upgrade(echo).await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let state = AppState::new();
//! let app = Router::new().route("/echo", any(upgrade)).with_state(state.clone());
//! let server = TestServer::start(app, state.shutdown());
//!
//! let mut client = server.connect("/echo").await;
//! client.send("hello").await;
//! assert_eq!(client.text().await, "hello");
//!
//! // A page from elsewhere is refused.
//! let refused = server.request("/echo").origin("https://evil.example").connect().await;
//! assert_eq!(refused.unwrap_err().status, 403);
//!
//! state.shutdown().begin();
//! let closed = client.closed().await;
//! assert_eq!((closed.code(), closed.reason()), (1012, "server shutting down"));
//! server.shutdown().await;
//! # }
//! ```
//!
//! [`gap`] and [`gaps`] let a test see what an application does after an outage of the engine
//! between its replicas.
// A test fails by a panic.
#![allow(clippy::expect_used, clippy::panic)]

mod client;
mod gap;
mod request;
mod server;
pub(crate) mod wait;

pub use self::{
    client::TestClient,
    gap::{gap, gaps},
    request::{Refused, TestRequest},
    server::TestServer,
};
