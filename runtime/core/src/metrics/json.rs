//! The numbers as JSON.

use super::snapshot::{ChannelSnapshot, EndpointSnapshot, Snapshot, TrafficSnapshot};
use crate::{ClosedBy, channels::EngineSnapshot};
use serde_json::{Value, json};

/// A snapshot as one JSON object.
pub(super) fn to_json(snapshot: &Snapshot) -> Value {
    let endpoints = snapshot.endpoints.iter();
    let channels = snapshot.channels.iter();
    json!({
        "endpoints": object(endpoints.map(|of| (of.endpoint, endpoint(of)))),
        "channels": object(channels.map(|of| (of.pattern, channel(of)))),
        "engine": snapshot.engine.as_ref().map(engine),
    })
}

fn object<'a>(entries: impl Iterator<Item = (&'a str, Value)>) -> Value {
    entries
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn endpoint(endpoint: &EndpointSnapshot) -> Value {
    let rejected = endpoint.rejected.iter();
    let invalid = endpoint.invalid.iter();
    json!({
        "open": endpoint.open,
        "opened": endpoint.opened,
        "rejected": object(rejected.map(|of| (of.reason, of.count.into()))),
        "failed": endpoint.failed,
        "closed": closed(endpoint),
        "received": traffic(endpoint.received),
        "sent": traffic(endpoint.sent),
        "send_timeouts": endpoint.send_timeouts,
        "idle_timeouts": endpoint.idle_timeouts,
        "messages_delayed": endpoint.delayed,
        "errors": endpoint.errors,
        "panics": endpoint.panics,
        "drain_cuts": endpoint.drain_cuts,
        "invalid": object(invalid.map(|of| (&*of.kind, of.count.into()))),
    })
}

/// By the side that closed, then by code.
fn closed(endpoint: &EndpointSnapshot) -> Value {
    let closed_by = |by: ClosedBy| {
        let closed = endpoint.closed.iter().filter(move |of| of.by == by);
        object(closed.map(|of| (of.code, of.count.into())))
    };
    object(
        ClosedBy::ALL
            .into_iter()
            .map(|by| (by.as_str(), closed_by(by))),
    )
}

fn traffic(traffic: TrafficSnapshot) -> Value {
    json!({ "messages": traffic.messages, "bytes": traffic.bytes })
}

/// The names of Autumn's `/actuator/channels`, so that what reads that can read this.
fn channel(channel: &ChannelSnapshot) -> Value {
    json!({
        "open": channel.open,
        "subscriber_count": channel.subscribers,
        "lifetime_publish_count": channel.published - channel.unheard,
        "dropped_count": channel.unheard,
        "unwritten_count": channel.unwritten,
        "delivered_count": channel.delivered,
        "lagged_count": channel.lagged,
        "gap_count": channel.gaps,
    })
}

fn engine(engine: &EngineSnapshot) -> Value {
    json!({
        "connected": engine.connected,
        "queue": engine.queue,
        "queue_bytes": engine.queue_bytes,
        "published": engine.published,
        "received": engine.received,
        "dropped": engine.dropped,
        "ignored": engine.ignored,
        "outages": engine.outages,
        "reconnects": engine.reconnects,
        "gaps_sent": engine.gaps_sent,
        "gaps_received": engine.gaps_received,
        "round_trip_microseconds": engine.round_trip_micros(),
    })
}

#[cfg(test)]
mod tests {
    use super::to_json;
    use crate::{AppState, ChannelName};
    use serde_json::json;

    #[test]
    fn channels_have_the_names_that_autumn_gives_them() {
        let state = AppState::new();
        let name = || ChannelName::filled("room:{room}", "room:a");
        let subscription = state.channels().subscribe_with_capacity(name(), 1);
        state.channels().publish(name(), "1");
        state.channels().publish(name(), "2");
        state.channels().downstream().mark_gap(name().as_str());
        drop(subscription);
        state.channels().publish(name(), "3");
        let expected = json!({
            "endpoints": {},
            "channels": {
                "room:{room}": {
                    "open": 0,
                    "subscriber_count": 0,
                    "lifetime_publish_count": 2,
                    "dropped_count": 1,
                    "unwritten_count": 0,
                    "delivered_count": 0,
                    "lagged_count": 1,
                    "gap_count": 1,
                },
            },
            "engine": null,
        });
        assert_eq!(to_json(&state.metrics().snapshot()), expected);
    }
}
