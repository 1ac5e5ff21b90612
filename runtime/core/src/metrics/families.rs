//! The numbers as series with labels, as monitoring systems want them.

use super::snapshot::{ChannelSnapshot, EndpointSnapshot, Snapshot};
use crate::channels::EngineSnapshot;

/// Series of one kind, told apart by their labels.
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) kind: Kind,
    pub(super) samples: Vec<Sample>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number that only grows.
    Counter,
    /// A number that goes up and down.
    Gauge,
}

pub(super) struct Sample {
    pub(super) labels: Vec<Label>,
    pub(super) value: u64,
}

pub(super) type Label = (&'static str, &'static str);

/// All series, in an order that is always the same.
pub(super) fn families(snapshot: &Snapshot) -> Vec<Family> {
    let mut families = of_endpoints(&snapshot.endpoints);
    families.extend(of_channels(&snapshot.channels));
    families.extend(snapshot.engine.iter().flat_map(of_engine));
    families
}

fn of_endpoints(endpoints: &[EndpointSnapshot]) -> Vec<Family> {
    // One series for each endpoint.
    let each = |value: fn(&EndpointSnapshot) -> u64| {
        let sample = |endpoint: &EndpointSnapshot| sample(endpoint, [], value(endpoint));
        endpoints.iter().map(sample).collect::<Vec<_>>()
    };
    // Several series for each endpoint.
    let every = |samples: fn(&EndpointSnapshot) -> Vec<Sample>| {
        endpoints.iter().flat_map(samples).collect::<Vec<_>>()
    };
    vec![
        gauge(
            "autumn_ws_sessions_open",
            "Sessions that are open now, or about to be.",
            each(|endpoint| endpoint.open as u64),
        ),
        counter(
            "autumn_ws_sessions_opened_total",
            "Sessions that were opened.",
            each(|endpoint| endpoint.opened),
        ),
        counter(
            "autumn_ws_sessions_rejected_total",
            "Requests for a socket that were refused, by reason.",
            every(rejected),
        ),
        counter(
            "autumn_ws_sessions_failed_total",
            "Sockets that were granted but did not open, because the client was gone.",
            each(|endpoint| endpoint.failed),
        ),
        counter(
            "autumn_ws_sessions_closed_total",
            "Sessions that have ended, by who ended them and close code.",
            every(closed),
        ),
        counter(
            "autumn_ws_messages_total",
            "Messages from (in) and to (out) clients.",
            every(|endpoint| {
                let (received, sent) = (endpoint.received, endpoint.sent);
                both_ways(endpoint, received.messages, sent.messages)
            }),
        ),
        counter(
            "autumn_ws_bytes_total",
            "Bytes of content of messages from (in) and to (out) clients.",
            every(|endpoint| {
                let (received, sent) = (endpoint.received, endpoint.sent);
                both_ways(endpoint, received.bytes, sent.bytes)
            }),
        ),
        counter(
            "autumn_ws_send_timeouts_total",
            "Clients that took no data for too long.",
            each(|endpoint| endpoint.send_timeouts),
        ),
        counter(
            "autumn_ws_idle_timeouts_total",
            "Clients that gave no sign of life for too long.",
            each(|endpoint| endpoint.idle_timeouts),
        ),
        counter(
            "autumn_ws_panics_total",
            "Panics of the sessions' code.",
            each(|endpoint| endpoint.panics),
        ),
        counter(
            "autumn_ws_drain_cuts_total",
            "Sessions that had not ended when the drain time of a shutdown was over.",
            each(|endpoint| endpoint.drain_cuts),
        ),
    ]
}

fn of_channels(channels: &[ChannelSnapshot]) -> Vec<Family> {
    let each = |value: fn(&ChannelSnapshot) -> u64| {
        let sample = |channel: &ChannelSnapshot| Sample {
            labels: vec![("channel", channel.pattern)],
            value: value(channel),
        };
        channels.iter().map(sample).collect::<Vec<_>>()
    };
    vec![
        gauge(
            "autumn_ws_channels_open",
            "Channels that are open now, by the pattern of their names.",
            each(|channel| channel.open as u64),
        ),
        gauge(
            "autumn_ws_channel_subscribers",
            "Subscribers of these channels.",
            each(|channel| channel.subscribers as u64),
        ),
        counter(
            "autumn_ws_channel_published_total",
            "Messages that were published.",
            each(|channel| channel.published),
        ),
        counter(
            "autumn_ws_channel_unheard_total",
            "Messages that were published and reached nobody in this process.",
            each(|channel| channel.unheard),
        ),
        counter(
            "autumn_ws_channel_delivered_total",
            "Messages that subscribers have taken, once for each of them.",
            each(|channel| channel.delivered),
        ),
        counter(
            "autumn_ws_channel_lagged_total",
            "Messages that were dropped because a subscriber fell behind, once for each of them.",
            each(|channel| channel.lagged),
        ),
        counter(
            "autumn_ws_channel_gaps_total",
            "Times that messages of other replicas may have been missed, once for each subscriber.",
            each(|channel| channel.gaps),
        ),
    ]
}

fn of_engine(engine: &EngineSnapshot) -> Vec<Family> {
    vec![
        gauge(
            "autumn_ws_engine_connected",
            "Whether the engine that carries channels to other replicas can be reached.",
            only(engine.connected.into()),
        ),
        gauge(
            "autumn_ws_engine_queue",
            "Messages that the engine is not known to have.",
            only(engine.queue as u64),
        ),
        gauge(
            "autumn_ws_engine_queue_bytes",
            "Bytes of their content.",
            only(engine.queue_bytes as u64),
        ),
        gauge(
            "autumn_ws_engine_round_trip_microseconds",
            "How long the last probe took to the engine and back.",
            only(engine.round_trip_micros()),
        ),
        counter(
            "autumn_ws_engine_published_total",
            "Messages that were handed to the engine.",
            only(engine.published),
        ),
        counter(
            "autumn_ws_engine_received_total",
            "Messages of other replicas that have come.",
            only(engine.received),
        ),
        counter(
            "autumn_ws_engine_dropped_total",
            "Messages that other replicas may have missed because the engine was away.",
            only(engine.dropped),
        ),
        counter(
            "autumn_ws_engine_ignored_total",
            "What came from the engine and is no message of this application.",
            only(engine.ignored),
        ),
        counter(
            "autumn_ws_engine_outages_total",
            "Times that the connection to the engine was lost.",
            only(engine.outages),
        ),
        counter(
            "autumn_ws_engine_reconnects_total",
            "Times that the connection to the engine was there again.",
            only(engine.reconnects),
        ),
        counter(
            "autumn_ws_engine_gaps_total",
            "Notices about missing messages from (in) and to (out) other replicas.",
            [("in", engine.gaps_received), ("out", engine.gaps_sent)]
                .map(|(direction, value)| Sample {
                    labels: vec![("direction", direction)],
                    value,
                })
                .into(),
        ),
    ]
}

/// One series without labels.
fn only(value: u64) -> Vec<Sample> {
    let labels = Vec::new();
    vec![Sample { labels, value }]
}

fn rejected(endpoint: &EndpointSnapshot) -> Vec<Sample> {
    let rejected = endpoint.rejected.iter();
    rejected
        .map(|rejected| sample(endpoint, [("reason", rejected.reason)], rejected.count))
        .collect()
}

fn closed(endpoint: &EndpointSnapshot) -> Vec<Sample> {
    let closed = endpoint.closed.iter();
    closed
        .map(|closed| {
            let labels = [("by", closed.by.as_str()), ("code", closed.code)];
            sample(endpoint, labels, closed.count)
        })
        .collect()
}

fn both_ways(endpoint: &EndpointSnapshot, received: u64, sent: u64) -> Vec<Sample> {
    vec![
        sample(endpoint, [("direction", "in")], received),
        sample(endpoint, [("direction", "out")], sent),
    ]
}

fn sample<const N: usize>(endpoint: &EndpointSnapshot, more: [Label; N], value: u64) -> Sample {
    let mut labels = vec![("endpoint", endpoint.endpoint)];
    labels.extend(more);
    Sample { labels, value }
}

fn gauge(name: &'static str, help: &'static str, samples: Vec<Sample>) -> Family {
    Family {
        name,
        help,
        kind: Kind::Gauge,
        samples,
    }
}

fn counter(name: &'static str, help: &'static str, samples: Vec<Sample>) -> Family {
    Family {
        name,
        help,
        kind: Kind::Counter,
        samples,
    }
}
