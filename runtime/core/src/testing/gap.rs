//! Gaps, as an outage of the engine between replicas leaves them.

use crate::{AsChannelName, Channels};

/// Marks a gap ([`Event::Gap`](crate::Event::Gap), [`RecvError::Gap`](crate::RecvError::Gap)) for
/// the present subscribers of one channel, as after an outage of the engine between the replicas of
/// an application. Returns how many subscribers there are.
///
/// It needs no engine, and does not disturb one: with it, a test sees what handlers and clients do
/// after an outage.
///
/// ```
/// use autumn_ws::{Channels, RecvError, testing};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let channels = Channels::new();
/// let mut lobby = channels.subscribe("lobby");
/// assert_eq!(testing::gap(&channels, "lobby"), 1);
/// assert_eq!(lobby.recv().await, Err(RecvError::Gap));
/// # }
/// ```
pub fn gap(channels: &Channels, name: impl AsChannelName) -> usize {
    let gap = channels.downstream().mark_gap(name.key().name);
    gap.unwrap_or_default()
}

/// As [`gap`], on every channel.
#[expect(clippy::must_use_candidate, reason = "the answer is a by-product")]
pub fn gaps(channels: &Channels) -> usize {
    channels.downstream().mark_gaps().unwrap_or_default()
}
