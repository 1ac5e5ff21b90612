#![doc = include_str!("../README.md")]

mod channels;
mod close;
mod endpoint;
mod escape;
#[cfg(feature = "messages")]
pub mod messages;
pub mod metrics;
mod network;
mod origins;
mod panics;
mod payload;
mod serve;
mod session;
mod shutdown;
mod state;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
mod upgrade;
mod warnings;
mod watched;

pub use self::{
    channels::{AsChannelName, ChannelName, Channels, Listener, RecvError, Sender, Subscription},
    close::{Closed, ClosedBy},
    endpoint::{Accept, Endpoint, Missed, Over, Rate},
    escape::escape,
    metrics::Metrics,
    network::{InvalidNetwork, Network},
    origins::{Origins, Proxy, TrustedProxy},
    payload::Payload,
    serve::{Readiness, Serve, ready, serve},
    session::{Event, JoinError, Lagged, Session},
    shutdown::Shutdown,
    state::AppState,
    upgrade::{Rejection, Upgrade, UpgradeHeaders, close_refused, or_parse, share_paths},
};
pub use axum::{
    body::Bytes,
    extract::ws::{CloseCode, CloseFrame, Message, Utf8Bytes, WebSocket, close_code},
};
pub use tokio_util::sync::CancellationToken;

/// What carries channels to other processes, for crates that do.
pub mod upstream {
    pub use crate::channels::{Downstream, Publication, Recent, Upstream};
}

/// What the crates of this repository share, and nobody else should use.
#[doc(hidden)]
pub mod support {
    #[cfg(feature = "testing")]
    pub use crate::testing::wait::expect;
    pub use crate::{origins::is_origin, panics::panic_message, payload::size, sync::lock};
}
