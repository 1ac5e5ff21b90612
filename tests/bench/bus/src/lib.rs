//! Measures what channels cost inside of a process, whosever they are: allocations, threads, names
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
    /// Somebody who listens to a channel.
    type Listener: Send;

    /// Somebody who listens to the channel `name` from now on.
    fn listen(&self, name: &str) -> Self::Listener;

    /// Publishes a message on the channel `name`.
    fn publish(&self, name: &str, message: String);

    /// Receives a message that was published, and tells whether there was one.
    fn receive(listener: &mut Self::Listener) -> bool;
}

/// Shows a figure to the harness.
fn show(case: &str, metric: &str, value: f64) {
    println!("{case}\t{metric}\t{value}");
}
