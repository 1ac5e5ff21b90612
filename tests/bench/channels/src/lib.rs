//! The channels of autumn-ws, and tokio's, as the benchmark of channels wants them.

mod autumn_ws;
mod tokio;

pub use self::{autumn_ws::Registry, tokio::Fields};
