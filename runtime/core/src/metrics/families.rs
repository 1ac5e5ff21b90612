//! Every family of series, once: its name, what it counts, and where its numbers come from.
//!
//! Prometheus, the `metrics` crate and the table in the documentation are made of these rows.

use super::snapshot::{ChannelSnapshot, EndpointSnapshot, Snapshot};
use crate::channels::EngineSnapshot;
use std::borrow::Cow;

/// Series of one kind, told apart by their labels.
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) kind: MetricKind,
    /// What it counts, as a sentence.
    pub(super) help: &'static str,
    source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MetricKind {
    /// A number that only grows.
    Counter,
    /// A number that goes up and down.
    Gauge,
}

/// Where the numbers of a family come from.
enum Source {
    /// One series for each endpoint.
    Endpoint(fn(&EndpointSnapshot) -> u64),
    /// Several series for each endpoint, with more labels.
    EndpointBy(
        &'static [&'static str],
        fn(&EndpointSnapshot) -> Vec<Numbers>,
    ),
    /// One series for each pattern of channels.
    Channel(fn(&ChannelSnapshot) -> u64),
    /// One series, where channels have an engine.
    Engine(fn(&EngineSnapshot) -> u64),
    /// Several series, where channels have an engine.
    EngineBy(&'static [&'static str], fn(&EngineSnapshot) -> Vec<Numbers>),
}

/// The values of labels, and the number.
type Numbers = (Vec<Cow<'static, str>>, u64);

/// One number with its labels.
pub(super) struct Series {
    pub(super) labels: Vec<Label>,
    pub(super) value: u64,
}

/// The name and the value of a label.
pub(super) type Label = (&'static str, Cow<'static, str>);

/// All families, in the order in which they are shown.
pub(super) const FAMILIES: &[Family] = &[
    gauge(
        "autumn_ws_sessions_open",
        "Sessions that are open now, or about to be.",
        Source::Endpoint(|endpoint| endpoint.open as u64),
    ),
    counter(
        "autumn_ws_sessions_opened_total",
        "Sessions that were opened.",
        Source::Endpoint(|endpoint| endpoint.opened),
    ),
    counter(
        "autumn_ws_sessions_rejected_total",
        "Requests for a socket that were refused, by reason.",
        Source::EndpointBy(&["reason"], rejected),
    ),
    counter(
        "autumn_ws_sessions_failed_total",
        "Sockets that were granted but did not open, because the client was gone.",
        Source::Endpoint(|endpoint| endpoint.failed),
    ),
    counter(
        "autumn_ws_sessions_closed_total",
        "Sessions that have ended, by who ended them and by close code.",
        Source::EndpointBy(&["by", "code"], closed),
    ),
    counter(
        "autumn_ws_messages_total",
        "Messages from (in) and to (out) clients.",
        Source::EndpointBy(&["direction"], |endpoint| {
            both_ways(endpoint.received.messages, endpoint.sent.messages)
        }),
    ),
    counter(
        "autumn_ws_bytes_total",
        "Bytes of content of messages from (in) and to (out) clients.",
        Source::EndpointBy(&["direction"], |endpoint| {
            both_ways(endpoint.received.bytes, endpoint.sent.bytes)
        }),
    ),
    counter(
        "autumn_ws_messages_invalid_total",
        "Messages that were not accepted, by kind.",
        Source::EndpointBy(&["kind"], invalid),
    ),
    counter(
        "autumn_ws_send_timeouts_total",
        "Clients that took no data for too long.",
        Source::Endpoint(|endpoint| endpoint.send_timeouts),
    ),
    counter(
        "autumn_ws_idle_timeouts_total",
        "Clients that gave no sign of life for too long.",
        Source::Endpoint(|endpoint| endpoint.idle_timeouts),
    ),
    counter(
        "autumn_ws_messages_delayed_total",
        "Messages of clients that had to wait because of the endpoint's rate.",
        Source::Endpoint(|endpoint| endpoint.delayed),
    ),
    counter(
        "autumn_ws_errors_total",
        "Errors that the sessions' code returned.",
        Source::Endpoint(|endpoint| endpoint.errors),
    ),
    counter(
        "autumn_ws_panics_total",
        "Panics of the sessions' code.",
        Source::Endpoint(|endpoint| endpoint.panics),
    ),
    counter(
        "autumn_ws_drain_cuts_total",
        "Sessions that had not ended when the drain time of a shutdown was over.",
        Source::Endpoint(|endpoint| endpoint.drain_cuts),
    ),
    gauge(
        "autumn_ws_channels_open",
        "Channels that are open now, by the pattern of their names.",
        Source::Channel(|channel| channel.open as u64),
    ),
    gauge(
        "autumn_ws_channel_subscribers",
        "Subscribers of these channels.",
        Source::Channel(|channel| channel.subscribers as u64),
    ),
    counter(
        "autumn_ws_channel_published_total",
        "Messages that were published.",
        Source::Channel(|channel| channel.published),
    ),
    counter(
        "autumn_ws_channel_unheard_total",
        "Messages that were published and reached nobody in this process.",
        Source::Channel(|channel| channel.unheard),
    ),
    counter(
        "autumn_ws_channel_unwritten_total",
        "Messages that could not be written as JSON, and were not published.",
        Source::Channel(|channel| channel.unwritten),
    ),
    counter(
        "autumn_ws_channel_delivered_total",
        "Messages that subscribers have taken, once for each of them.",
        Source::Channel(|channel| channel.delivered),
    ),
    counter(
        "autumn_ws_channel_lagged_total",
        "Messages that were dropped because a subscriber fell behind, once for each of them.",
        Source::Channel(|channel| channel.lagged),
    ),
    counter(
        "autumn_ws_channel_gaps_total",
        "Times that messages of other replicas may have been missed, once for each subscriber.",
        Source::Channel(|channel| channel.gaps),
    ),
    gauge(
        "autumn_ws_engine_connected",
        "Whether the engine that carries channels to other replicas can be reached: 1 or 0.",
        Source::Engine(|engine| engine.connected.into()),
    ),
    gauge(
        "autumn_ws_engine_queue",
        "Messages that the engine is not known to have.",
        Source::Engine(|engine| engine.queue as u64),
    ),
    gauge(
        "autumn_ws_engine_queue_bytes",
        "Bytes of their content.",
        Source::Engine(|engine| engine.queue_bytes as u64),
    ),
    gauge(
        "autumn_ws_engine_round_trip_microseconds",
        "How long the last probe took to the engine and back.",
        Source::Engine(EngineSnapshot::round_trip_micros),
    ),
    counter(
        "autumn_ws_engine_published_total",
        "Messages that were handed to the engine.",
        Source::Engine(|engine| engine.published),
    ),
    counter(
        "autumn_ws_engine_received_total",
        "Messages that have come from other replicas.",
        Source::Engine(|engine| engine.received),
    ),
    counter(
        "autumn_ws_engine_dropped_total",
        "Messages that other replicas may have missed because the engine was away.",
        Source::Engine(|engine| engine.dropped),
    ),
    counter(
        "autumn_ws_engine_ignored_total",
        "What came from the engine and is not a message of this application.",
        Source::Engine(|engine| engine.ignored),
    ),
    counter(
        "autumn_ws_engine_outages_total",
        "Times that the connection to the engine was lost.",
        Source::Engine(|engine| engine.outages),
    ),
    counter(
        "autumn_ws_engine_reconnects_total",
        "Times that the connection to the engine was established again.",
        Source::Engine(|engine| engine.reconnects),
    ),
    counter(
        "autumn_ws_engine_gaps_total",
        "Notices about missing messages from (in) and to (out) other replicas.",
        Source::EngineBy(&["direction"], |engine| {
            both_ways(engine.gaps_received, engine.gaps_sent)
        }),
    ),
];

impl Family {
    /// Its series in a snapshot. `None`: it is about an engine, and there is none.
    pub(super) fn series(&self, snapshot: &Snapshot) -> Option<Vec<Series>> {
        let endpoints = snapshot.endpoints.iter();
        Some(match self.source {
            Source::Endpoint(number) => endpoints
                .map(|endpoint| Series {
                    labels: vec![("endpoint", endpoint.endpoint.into())],
                    value: number(endpoint),
                })
                .collect(),
            Source::EndpointBy(names, numbers) => endpoints
                .flat_map(|endpoint| {
                    let first = ("endpoint", endpoint.endpoint.into());
                    with_labels(Some(&first), names, numbers(endpoint))
                })
                .collect(),
            Source::Channel(number) => snapshot
                .channels
                .iter()
                .map(|channel| Series {
                    labels: vec![("channel", channel.pattern.into())],
                    value: number(channel),
                })
                .collect(),
            Source::Engine(number) => {
                let numbers = vec![(Vec::new(), number(snapshot.engine.as_ref()?))];
                with_labels(None, &[], numbers)
            }
            Source::EngineBy(names, numbers) => {
                with_labels(None, names, numbers(snapshot.engine.as_ref()?))
            }
        })
    }
}

fn with_labels(
    first: Option<&Label>,
    names: &[&'static str],
    numbers: Vec<Numbers>,
) -> Vec<Series> {
    let series = |(values, value): Numbers| Series {
        labels: first
            .cloned()
            .into_iter()
            .chain(names.iter().copied().zip(values))
            .collect(),
        value,
    };
    numbers.into_iter().map(series).collect()
}

fn rejected(endpoint: &EndpointSnapshot) -> Vec<Numbers> {
    let rejected = endpoint.rejected.iter();
    rejected
        .map(|rejected| (vec![rejected.reason.into()], rejected.count))
        .collect()
}

fn closed(endpoint: &EndpointSnapshot) -> Vec<Numbers> {
    let closed = endpoint.closed.iter();
    closed
        .map(|closed| {
            (
                vec![closed.by.as_str().into(), closed.code.into()],
                closed.count,
            )
        })
        .collect()
}

fn invalid(endpoint: &EndpointSnapshot) -> Vec<Numbers> {
    let invalid = endpoint.invalid.iter();
    invalid
        .map(|invalid| (vec![invalid.kind.clone()], invalid.count))
        .collect()
}

fn both_ways(received: u64, sent: u64) -> Vec<Numbers> {
    vec![(vec!["in".into()], received), (vec!["out".into()], sent)]
}

const fn gauge(name: &'static str, help: &'static str, source: Source) -> Family {
    Family {
        name,
        kind: MetricKind::Gauge,
        help,
        source,
    }
}

const fn counter(name: &'static str, help: &'static str, source: Source) -> Family {
    Family {
        name,
        kind: MetricKind::Counter,
        help,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::{FAMILIES, Family, Source};
    use std::fmt::Write;

    impl Family {
        fn labels(&self) -> Vec<&'static str> {
            match self.source {
                Source::Endpoint(_) => vec!["endpoint"],
                Source::EndpointBy(names, _) => [&["endpoint"], names].concat(),
                Source::Channel(_) => vec!["channel"],
                Source::Engine(_) => Vec::new(),
                Source::EngineBy(names, _) => names.to_vec(),
            }
        }
    }

    #[test]
    fn the_documentation_has_a_row_for_each() {
        let mut table = "| series | labels | what it counts |\n|---|---|---|\n".to_owned();
        for family in FAMILIES {
            let labels = family.labels().into_iter();
            let labels: Vec<String> = labels.map(|label| format!("`{label}`")).collect();
            let (name, labels, help) = (family.name, labels.join(", "), family.help);
            writeln!(table, "| `{name}` | {labels} | {help} |").unwrap();
        }
        let documented = include_str!("../../docs/series.md");
        assert_eq!(documented, table, "docs/series.md should be:\n{table}");
    }
}
