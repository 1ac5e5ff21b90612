//! Measures what any implementation of channels costs within a process: allocations, threads, names
//! that are used once.
//!
//! Each figure is printed as a line, `CASE<TAB>METRIC<TAB>VALUE`, for the harness.
#![expect(
    clippy::cast_precision_loss,
    reason = "no more than three digits of a figure count"
)]

mod allocations;
mod names;
mod threads;

pub use self::{allocations::allocations, names::names, threads::threads};

/// Channels with names.
pub trait Bus: Default + Sync {
    /// A subscriber of a channel.
    type Listener: Send;

    /// Subscribes to the channel `name`.
    fn listen(&self, name: &str) -> Self::Listener;

    /// Publishes a message on the channel `name`.
    fn publish(&self, name: &str, message: String);

    /// Receives a message, and returns whether there was one.
    fn receive(listener: &mut Self::Listener) -> bool;
}

/// Prints a figure for the harness.
fn show(case: &str, metric: &str, value: f64) {
    println!("{case}\t{metric}\t{value}");
}
