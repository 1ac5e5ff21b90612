//! Numbers at one moment.

use super::Metrics;
use crate::channels::Tally;
use std::collections::BTreeMap;

/// All numbers of an application at one moment. Made by [`Metrics::snapshot`].
///
/// It is sorted, so that the same numbers always read the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Snapshot {
    /// The channels by pattern.
    pub channels: Vec<ChannelSnapshot>,
}

/// The channels of one pattern: those that are open now, and what happened on them and on those
/// that are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChannelSnapshot {
    /// What the names are made from ([`ChannelName::pattern`](crate::ChannelName::pattern)), or
    /// [`Metrics::OTHER`].
    pub pattern: &'static str,
    /// Channels that are open now.
    pub open: usize,
    /// Their subscribers.
    pub subscribers: usize,
    /// Messages that were published.
    pub published: u64,
    /// Those of them that reached nobody in this process.
    pub unheard: u64,
    /// Messages that subscribers have read, once for each of them.
    pub delivered: u64,
    /// Messages that were dropped before a subscriber had read them, because it fell too far
    /// behind, once for each subscriber.
    pub lagged: u64,
}

pub(super) fn channels(tallies: BTreeMap<Option<&'static str>, Tally>) -> Vec<ChannelSnapshot> {
    let mut patterns: BTreeMap<&'static str, Tally> = BTreeMap::new();
    for (pattern, tally) in tallies {
        // Nothing has happened on channels of no known pattern: they are no news.
        if pattern.is_some() || tally != Tally::default() {
            *patterns
                .entry(pattern.unwrap_or(Metrics::OTHER))
                .or_default() += tally;
        }
    }
    let channel = |(pattern, tally): (&'static str, Tally)| ChannelSnapshot {
        pattern,
        open: tally.open,
        subscribers: tally.subscribers,
        published: tally.counts.heard + tally.counts.unheard,
        unheard: tally.counts.unheard,
        delivered: tally.counts.delivered,
        lagged: tally.counts.lagged,
    };
    patterns.into_iter().map(channel).collect()
}

#[cfg(test)]
mod tests {
    use crate::{AppState, ChannelName, Metrics};

    const LOBBY: ChannelName = ChannelName::fixed("lobby");

    #[tokio::test]
    async fn channels_are_counted_by_pattern() {
        let state = AppState::new();
        let metrics = state.metrics();
        assert!(metrics.snapshot().channels.is_empty());

        let channels = state.channels();
        let mut lobby = channels.subscribe_with_capacity(LOBBY, 1);
        // Plain text finds the pattern of a channel that is open.
        for n in ["one", "two", "three"] {
            channels.publish("lobby", n);
        }
        assert!(lobby.recv().await.is_err());
        assert!(lobby.recv().await.is_ok());
        drop(lobby);
        // And that of a fixed name that is known.
        channels.publish("lobby", "four");
        channels.publish("elsewhere", "five");

        let snapshot = metrics.snapshot();
        let [lobby, other] = snapshot.channels.as_slice() else {
            panic!("{snapshot:?}");
        };
        assert_eq!(
            (lobby.pattern, lobby.open, lobby.subscribers),
            ("lobby", 0, 0)
        );
        assert_eq!((lobby.published, lobby.unheard), (4, 1));
        assert_eq!((lobby.delivered, lobby.lagged), (1, 2));
        assert_eq!((other.pattern, other.published), (Metrics::OTHER, 1));
    }

    #[test]
    fn a_channel_may_be_called_other() {
        let state = AppState::new();
        let _other = state.channels().subscribe(ChannelName::fixed("other"));
        let _plain = state.channels().subscribe("plain");
        let snapshot = state.metrics().snapshot();
        let [other] = snapshot.channels.as_slice() else {
            panic!("{snapshot:?}");
        };
        assert_eq!((other.pattern, other.open), (Metrics::OTHER, 2));
    }
}
