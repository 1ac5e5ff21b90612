#![doc = include_str!("../README.md")]

mod env;

#[cfg(feature = "messages")]
#[doc(inline)]
pub use autumn_ws_core::messages;
#[cfg(feature = "testing")]
#[doc(inline)]
pub use autumn_ws_core::testing;
#[doc(inline)]
pub use autumn_ws_core::{
    Accept, AppState, AsChannelName, Bytes, CancellationToken, ChannelName, Channels, CloseCode,
    CloseFrame, Closed, ClosedBy, Endpoint, Event, InvalidNetwork, JoinError, Lagged, Message,
    Metrics, Missed, Network, Origins, Over, Payload, Proxy, Rate, Readiness, RecvError, Rejection,
    Sender, Serve, Session, Shutdown, Subscription, TrustedProxy, Upgrade, UpgradeHeaders,
    Utf8Bytes, WebSocket, close_code, close_refused, escape, metrics, or_parse, ready, serve,
    share_paths,
};
#[cfg(feature = "engine")]
#[doc(inline)]
pub use autumn_ws_replicas as engine;

pub use self::env::from_env;
