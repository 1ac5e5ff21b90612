//! What happens on the sockets of an application, in numbers.
//!
//! Everything is counted per endpoint and per *pattern* of channels, never per room or user: the
//! number of series is that of the program's endpoints and channels, whatever clients do.

mod code;
mod counters;
mod snapshot;
mod traffic;

pub use self::snapshot::{
    ChannelSnapshot, ClosedCount, EndpointSnapshot, RejectedCount, Snapshot, TrafficSnapshot,
};

pub(crate) use self::{
    counters::{Counters, Reason},
    traffic::Meter,
};

use crate::AppState;

/// The numbers of one application. Made by [`AppState::metrics`].
///
/// A cheap handle: clones are the same numbers.
#[derive(Clone, Debug)]
pub struct Metrics {
    state: AppState,
}

impl Metrics {
    /// The name under which channels are counted whose pattern nobody has told: those that were
    /// opened by plain text only.
    pub const OTHER: &'static str = "other";

    pub(crate) fn of(state: AppState) -> Self {
        Self { state }
    }

    /// All numbers as they are now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            endpoints: snapshot::endpoints(&self.state.endpoints()),
            channels: snapshot::channels(self.state.channels().tallies()),
        }
    }
}
