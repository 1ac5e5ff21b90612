//! The `channels:` section.

use serde_yaml::Value;

use super::reader::{Node, Reader};
use crate::place::At;
use crate::spec::{Channel, ChannelName, Count, Name};

pub(super) fn channels(reader: &mut Reader, node: Option<Node>) -> Vec<Channel> {
    let Some(node) = node else { return Vec::new() };
    let entries = reader.entries(&node, "`channels`");
    entries
        .into_iter()
        .filter_map(|(key, node)| channel(reader, &key, &node))
        .collect()
}

/// `lobby:`, `room: "room:{room}"` or `feed: { name: feed, capacity: 256 }`.
fn channel(reader: &mut Reader, key: &At<&str>, node: &Node) -> Option<Channel> {
    let name_or_key = |reader: &mut Reader, name: Option<Node>| match name {
        Some(name) => reader.word(Some(name), ChannelName::parse),
        None => reader.parsed(key.value, key.place.clone(), ChannelName::parse),
    };
    let (name, capacity) = match node.value {
        Value::Null => (name_or_key(reader, None), None),
        Value::Mapping(_) => {
            let fields = reader.fields(node, "a channel", &["name", "capacity"])?;
            (
                name_or_key(reader, fields.get("name")),
                reader.quantity(fields.get("capacity"), Count::parse),
            )
        }
        _ => (name_or_key(reader, Some(node.clone())), None),
    };
    let key = reader.parsed(key.value, key.place.clone(), Name::parse)?;
    Some(Channel {
        key,
        name,
        capacity,
    })
}
