//! A replica of an application for the benchmark of engines: a process that publishes and listens
//! on any channels, as ordered on its standard input.

mod ear;
mod load;
mod orders;
mod stamp;

pub use self::{ear::Ear, orders::run};

use anyhow::Result;
use std::sync::Arc;

/// The most messages in flight, from a call of `publish` until they are heard. Channels have room
/// for them.
pub const WINDOW: usize = 1000;

/// Channels that several processes share.
pub trait Transport: Send + Sync + Sized + 'static {
    /// Publishes on one channel.
    type Publisher: Publisher;

    /// Connects to the engine at a URL. Messages go to the ear.
    fn connect(url: &str, ear: Arc<Ear>) -> impl Future<Output = Result<Self>> + Send;

    /// Listens to a channel.
    fn subscribe(&self, name: &str) -> impl Future<Output = Result<()>> + Send;

    /// Opens a channel for publishing.
    fn publisher(&self, name: &str) -> Self::Publisher;
}

/// Publishes on one channel.
pub trait Publisher: Send + 'static {
    /// Publishes messages, where possible without waiting for one before the next.
    fn publish(&mut self, messages: Vec<String>) -> impl Future<Output = Result<()>> + Send;

    /// Waits until all of them have left.
    fn finish(&mut self) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }
}
