//! The numbers as JSON (RFC 8259).
//!
//! It is written by hand: what there is to write are objects and numbers, and a library for it
//! would be one more for every application to build.

use super::snapshot::{ChannelSnapshot, EndpointSnapshot, Snapshot, TrafficSnapshot};
use crate::{ClosedBy, channels::EngineSnapshot};
use std::fmt::Write;

/// A snapshot as one JSON object.
pub(super) fn to_json(snapshot: &Snapshot) -> String {
    let mut out = String::new();
    object(&mut out, |root| {
        root.object("endpoints", |endpoints| {
            for endpoint in &snapshot.endpoints {
                endpoints.object(endpoint.endpoint, |object| write_endpoint(object, endpoint));
            }
        });
        root.object("channels", |channels| {
            for channel in &snapshot.channels {
                channels.object(channel.pattern, |object| write_channel(object, channel));
            }
        });
        match &snapshot.engine {
            Some(engine) => root.object("engine", |object| write_engine(object, engine)),
            None => root.literal("engine", "null"),
        }
    });
    out
}

fn write_endpoint(object: &mut Object<'_>, endpoint: &EndpointSnapshot) {
    object.number("open", endpoint.open as u64);
    object.number("opened", endpoint.opened);
    object.object("rejected", |reasons| {
        for rejected in &endpoint.rejected {
            reasons.number(rejected.reason, rejected.count);
        }
    });
    object.number("failed", endpoint.failed);
    object.object("closed", |closed| {
        for by in [ClosedBy::Client, ClosedBy::Server, ClosedBy::Network] {
            closed.object(by.as_str(), |codes| {
                for closed in endpoint.closed.iter().filter(|closed| closed.by == by) {
                    codes.number(closed.code, closed.count);
                }
            });
        }
    });
    object.object("received", |object| {
        write_traffic(object, endpoint.received);
    });
    object.object("sent", |object| write_traffic(object, endpoint.sent));
    object.number("send_timeouts", endpoint.send_timeouts);
    object.number("idle_timeouts", endpoint.idle_timeouts);
    object.number("panics", endpoint.panics);
    object.number("drain_cuts", endpoint.drain_cuts);
}

fn write_traffic(object: &mut Object<'_>, traffic: TrafficSnapshot) {
    object.number("messages", traffic.messages);
    object.number("bytes", traffic.bytes);
}

/// The names of Autumn's `/actuator/channels`, so that what reads that can read this.
fn write_channel(object: &mut Object<'_>, channel: &ChannelSnapshot) {
    object.number("open", channel.open as u64);
    object.number("subscriber_count", channel.subscribers as u64);
    object.number(
        "lifetime_publish_count",
        channel.published - channel.unheard,
    );
    object.number("dropped_count", channel.unheard);
    object.number("delivered_count", channel.delivered);
    object.number("lagged_count", channel.lagged);
    object.number("gap_count", channel.gaps);
}

fn write_engine(object: &mut Object<'_>, engine: &EngineSnapshot) {
    object.literal("connected", if engine.connected { "true" } else { "false" });
    object.number("queue", engine.queue as u64);
    object.number("queue_bytes", engine.queue_bytes as u64);
    object.number("published", engine.published);
    object.number("received", engine.received);
    object.number("dropped", engine.dropped);
    object.number("ignored", engine.ignored);
    object.number("outages", engine.outages);
    object.number("reconnects", engine.reconnects);
    object.number("gaps_sent", engine.gaps_sent);
    object.number("gaps_received", engine.gaps_received);
    object.number("round_trip_microseconds", engine.round_trip_micros());
}

/// An object that is being written.
struct Object<'a> {
    out: &'a mut String,
    is_empty: bool,
}

fn object(out: &mut String, write: impl FnOnce(&mut Object<'_>)) {
    out.push('{');
    let is_empty = true;
    write(&mut Object { out, is_empty });
    out.push('}');
}

impl Object<'_> {
    fn number(&mut self, key: &str, value: u64) {
        self.key(key);
        // To a String, it cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// `true`, `false` or `null`.
    fn literal(&mut self, key: &str, literal: &str) {
        self.key(key);
        self.out.push_str(literal);
    }

    fn object(&mut self, key: &str, write: impl FnOnce(&mut Object<'_>)) {
        self.key(key);
        object(self.out, write);
    }

    fn key(&mut self, key: &str) {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        self.out.push('"');
        for c in key.chars() {
            match c {
                '"' | '\\' => self.out.extend(['\\', c]),
                '\0'..='\u{1f}' => {
                    let _ = write!(self.out, "\\u{:04x}", u32::from(c));
                }
                other => self.out.push(other),
            }
        }
        self.out.push_str("\":");
    }
}

#[cfg(test)]
mod tests {
    use super::{object, to_json};
    use crate::{AppState, ChannelName};
    use serde_json::{Value, json};

    #[test]
    fn every_key_is_a_string() {
        let awkward = "\"\\\n\0\u{1f} é {room}";
        let mut out = String::new();
        object(&mut out, |root| {
            root.object("empty", |_| {});
            root.number(awkward, u64::MAX);
        });
        let read: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(read, json!({ "empty": {}, (awkward): u64::MAX }));
    }

    #[test]
    fn channels_have_the_names_that_autumn_gives_them() {
        let state = AppState::new();
        let name = || ChannelName::filled("room:{room}", "room:a");
        let subscription = state.channels().subscribe_with_capacity(name(), 1);
        state.channels().publish(name(), "1");
        state.channels().publish(name(), "2");
        state.channels().registry().mark_gap(name().as_str());
        drop(subscription);
        state.channels().publish(name(), "3");
        let read: Value = serde_json::from_str(&to_json(&state.metrics().snapshot())).unwrap();
        let expected = json!({
            "endpoints": {},
            "channels": {
                "room:{room}": {
                    "open": 0,
                    "subscriber_count": 0,
                    "lifetime_publish_count": 2,
                    "dropped_count": 1,
                    "delivered_count": 0,
                    "lagged_count": 1,
                    "gap_count": 1,
                },
            },
            "engine": null,
        });
        assert_eq!(read, expected);
    }
}
