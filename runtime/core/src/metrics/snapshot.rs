//! Numbers at one moment.

use crate::{
    ClosedBy,
    channels::{EngineSnapshot, Tally},
    close::EXPIRED,
    close_code,
    endpoint::{CloseLabel, Counters, OpenSessions, Reason, own_label},
};
use std::{borrow::Cow, collections::BTreeMap, sync::atomic::Ordering};

/// All numbers of an application at one moment. Made by [`Metrics::snapshot`](crate::Metrics::snapshot).
///
/// It is sorted, so that equal numbers always look the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Snapshot {
    /// The endpoints that were asked for so far, by name.
    pub endpoints: Vec<EndpointSnapshot>,
    /// The channels by pattern.
    pub channels: Vec<ChannelSnapshot>,
    /// The engine that carries channels to other replicas. `None`: channels are in one process.
    pub engine: Option<EngineSnapshot>,
}

/// One endpoint: its sessions, and the requests for one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointSnapshot {
    /// Its [`NAME`](crate::Endpoint::NAME).
    pub endpoint: &'static str,
    /// Sessions that are open now, or about to be.
    pub open: usize,
    /// Sessions that were opened.
    pub opened: u64,
    /// Requests that were refused, by reason. All reasons are listed, in the order in which they
    /// are checked.
    pub rejected: Vec<RejectedCount>,
    /// Sockets that were granted, but did not open, because the client was gone.
    pub failed: u64,
    /// Sessions that have ended. The ends that this crate brings about are always listed, others
    /// once they have happened.
    pub closed: Vec<ClosedCount>,
    /// Clients that took no data for [`SEND_TIMEOUT`](crate::Endpoint::SEND_TIMEOUT).
    pub send_timeouts: u64,
    /// Clients that gave no sign of life for [`IDLE`](crate::Endpoint::IDLE).
    pub idle_timeouts: u64,
    /// Messages of clients that had to wait because of [`RATE`](crate::Endpoint::RATE).
    pub delayed: u64,
    /// Errors that the sessions' code returned, which closed them ([`Closed`](crate::Closed)).
    pub errors: u64,
    /// Panics of the sessions' code.
    pub panics: u64,
    /// Sessions that had not ended when the [`DRAIN`](crate::Endpoint::DRAIN) time was over.
    pub drain_cuts: u64,
    /// Messages that were not accepted, by kind, once there were any: only typed endpoints have some.
    pub invalid: Vec<InvalidCount>,
    /// Messages from clients.
    pub received: TrafficSnapshot,
    /// Messages to clients.
    pub sent: TrafficSnapshot,
}

/// Requests for a socket that were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedCount {
    /// Why: `shutting_down`, `handshake`, `host`, `origin`, `connections`, `connections_per`, or `application` if an extractor
    /// or the endpoint's code has refused, or the client has left before that.
    pub reason: &'static str,
    /// How many.
    pub count: u64,
}

/// Sessions that have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClosedCount {
    /// Who ended them.
    pub by: ClosedBy,
    /// The close code, from `1000` to `1015`, or `4401`; `3xxx`, `4xxx` or `other`. A code from `3000`
    /// to `4999` that the application has chosen is counted by itself, up to 32 of them.
    pub code: &'static str,
    /// How many.
    pub count: u64,
}

/// Messages that were not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidCount {
    /// Their kind, `$unknown` for kinds that the endpoint does not take, or `$none` where no kind
    /// could be read.
    pub kind: Cow<'static, str>,
    /// How many.
    pub count: u64,
}

/// Messages in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrafficSnapshot {
    /// How many.
    pub messages: u64,
    /// The bytes of their content.
    pub bytes: u64,
}

/// The channels of one pattern: how many are open now, and what happened on them and on those that
/// are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChannelSnapshot {
    /// The pattern of their names ([`ChannelName::pattern`](crate::ChannelName::pattern)), or
    /// [`Metrics::OTHER`](crate::Metrics::OTHER).
    pub pattern: &'static str,
    /// Channels that are open now.
    pub open: usize,
    /// Their subscribers.
    pub subscribers: usize,
    /// Messages that were published.
    pub published: u64,
    /// Those of them that reached no subscriber in this process.
    pub unheard: u64,
    /// Messages of typed channels that could not be written as JSON, and were not published.
    pub unwritten: u64,
    /// Messages that subscribers have taken, once for each subscriber. One that takes several at
    /// once and then leaves may not have read them all.
    pub delivered: u64,
    /// Messages that were dropped before a subscriber had read them, because it fell too far
    /// behind, once for each subscriber.
    pub lagged: u64,
    /// Times that messages of other replicas may have been missed
    /// ([`Event::Gap`](crate::Event::Gap)), once for each subscriber.
    pub gaps: u64,
}

/// The pattern of channels whose pattern is not known.
pub(super) const OTHER: &str = "other";

pub(super) fn endpoints(endpoints: &BTreeMap<&'static str, OpenSessions>) -> Vec<EndpointSnapshot> {
    let endpoint =
        |(name, sessions): (&&'static str, &OpenSessions)| endpoint(name, sessions.counters());
    endpoints.iter().map(endpoint).collect()
}

fn endpoint(endpoint: &'static str, counters: &Counters) -> EndpointSnapshot {
    let flow = counters.traffic.sum();
    EndpointSnapshot {
        endpoint,
        open: counters.open.load(Ordering::Relaxed),
        opened: counters.opened.get(),
        rejected: Reason::ALL.map(|reason| rejected(counters, reason)).into(),
        failed: counters.failed.get(),
        closed: closed(counters),
        send_timeouts: counters.send_timeouts.get(),
        idle_timeouts: counters.idle_timeouts.get(),
        delayed: counters.delayed.get(),
        errors: counters.errors.get(),
        panics: counters.panics.get(),
        drain_cuts: counters.drain_cuts.get(),
        invalid: invalid(counters),
        received: TrafficSnapshot {
            messages: flow.received,
            bytes: flow.received_bytes,
        },
        sent: TrafficSnapshot {
            messages: flow.sent,
            bytes: flow.sent_bytes,
        },
    }
}

fn rejected(counters: &Counters, reason: Reason) -> RejectedCount {
    RejectedCount {
        reason: reason.label(),
        count: counters.rejected(reason),
    }
}

fn invalid(counters: &Counters) -> Vec<InvalidCount> {
    let invalid = counters.invalid().into_iter();
    invalid
        .map(|(kind, count)| InvalidCount { kind, count })
        .collect()
}

/// The ends that this crate brings about are listed from the beginning, so that a monitoring system
/// sees the first one as a change.
fn closed(counters: &Counters) -> Vec<ClosedCount> {
    let mut counts = Vec::new();
    for by in ClosedBy::ALL {
        for code in CloseLabel::all() {
            let count = counters.closed(by, code);
            if count > 0 || usual(by).contains(&code) {
                let code = code.as_str();
                counts.push(ClosedCount { by, code, count });
            }
        }
    }
    let chosen = counters.chosen().into_iter();
    counts.extend(chosen.map(|(code, count)| ClosedCount {
        by: ClosedBy::Server,
        code: own_label(code),
        count,
    }));
    counts
}

fn usual(by: ClosedBy) -> Vec<CloseLabel> {
    let codes: &[u16] = match by {
        ClosedBy::Client => &[close_code::NORMAL, close_code::AWAY, close_code::STATUS],
        ClosedBy::Server => &[
            close_code::NORMAL,
            close_code::AWAY,
            close_code::PROTOCOL,
            close_code::UNSUPPORTED,
            close_code::ABNORMAL,
            close_code::INVALID,
            close_code::POLICY,
            close_code::SIZE,
            close_code::ERROR,
            close_code::RESTART,
            close_code::AGAIN,
            EXPIRED,
        ],
        ClosedBy::Network => &[close_code::ABNORMAL],
    };
    codes.iter().map(|code| CloseLabel::from(*code)).collect()
}

pub(super) fn channels(tallies: BTreeMap<Option<&'static str>, Tally>) -> Vec<ChannelSnapshot> {
    let mut patterns: BTreeMap<&'static str, Tally> = BTreeMap::new();
    for (pattern, tally) in tallies {
        // Channels without a known pattern are only listed if something has happened on them.
        if pattern.is_some() || tally != Tally::default() {
            *patterns.entry(pattern.unwrap_or(OTHER)).or_default() += tally;
        }
    }
    let channel = |(pattern, tally): (&'static str, Tally)| ChannelSnapshot {
        pattern,
        open: tally.open,
        subscribers: tally.subscribers,
        published: tally.counts.heard + tally.counts.unheard,
        unheard: tally.counts.unheard,
        unwritten: tally.counts.unwritten,
        delivered: tally.counts.delivered,
        lagged: tally.counts.lagged,
        gaps: tally.counts.gaps,
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
        // A plain text name finds the pattern of an open channel,
        for n in ["one", "two", "three"] {
            channels.publish("lobby", n);
        }
        assert!(lobby.recv().await.is_err());
        assert!(lobby.recv().await.is_ok());
        assert_eq!(channels.downstream().mark_gap("lobby"), Some(1));
        drop(lobby);
        // and that of a fixed name that is known.
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
        assert_eq!((lobby.delivered, lobby.lagged, lobby.gaps), (1, 2, 1));
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
