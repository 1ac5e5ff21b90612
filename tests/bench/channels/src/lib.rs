//! The channels of autumn-ws and of tokio, adapted to the benchmark of channels.

mod autumn_ws;
mod tokio;

pub use self::{autumn_ws::Registry, tokio::Fields};
