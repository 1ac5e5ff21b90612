//! What the tests of this repository share. Nothing here is built on the runtime, so that a test sees what others see.
//!
//! * [`Client`] is tokio-tungstenite's; [`Request`] asks for it.
//! * [`Socket`] makes its [`Frame`]s by hand, and so can break every rule.
//! * [`Process`] is a program under test, [`EngineServer`] a Redis or NATS server.
//! * [`Browser`] is a real one.
//!
//! All of them panic with what they expected and what they got, and no wait is endless.

// A test fails by a panic.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::panic,
    clippy::return_self_not_must_use,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod browser;
mod client;
mod engine;
mod frame;
mod http;
mod process;
mod request;
mod socket;
mod wait;

pub use self::{
    browser::{Browser, Left, Tab},
    client::{Client, Connection},
    engine::{EngineServer, free_port},
    frame::{BINARY, CLOSE, CONTINUATION, FIN, Frame, PING, PONG, TEXT},
    http::{handshake, http, read_head},
    process::{Lines, Process},
    request::{Refused, Request, Response},
    socket::{End, Heard, Socket, connect},
    wait::{PATIENCE, briefly, soon, until},
};
pub use tokio_tungstenite::tungstenite::{self, Bytes, Message};
