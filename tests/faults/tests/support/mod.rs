//! The process under test, clients that make their frames by hand, and a failing network.

pub mod frame;
mod proxy;
mod server;
mod socket;

pub use frame::Frame;
pub use proxy::Proxy;
pub use server::{FLOOD, Server};
pub use socket::{End, Heard, Socket, connect, read_head, upgrade};

use std::time::Duration;

/// How long a test waits for one event before it fails: longer than a busy machine takes, and
/// shorter than every default of the endpoints.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Waits for something that must happen soon.
pub async fn soon<T>(what: &str, wait: impl Future<Output = T>) -> T {
    let Ok(outcome) = tokio::time::timeout(PATIENCE, wait).await else {
        panic!("waited for {what}, and nothing happened");
    };
    outcome
}
