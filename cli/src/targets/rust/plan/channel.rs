//! Channels: the items that make their names, and how endpoints call them.

use super::{Imports, plain};
use crate::{
    contract::{Channel, Endpoint, Fill, Topic},
    targets::rust::{
        ir::{
            self,
            tokens::{Comment, Str, Tokens},
        },
        names,
    },
    value::{ChannelName, Count, Segment},
};

pub(super) fn channel(channel: &Channel, imports: &mut Imports) -> ir::Channel {
    let fills: Vec<String> = channel
        .name
        .placeholders()
        .map(|(_, name, _)| names::field(name))
        .collect();
    imports.need(["autumn_ws::ChannelName"]);
    if !fills.is_empty() {
        imports.need(["std::fmt::Display"]);
    }
    ir::Channel {
        key: Tokens::new(channel.key.value.as_str()),
        item: item(channel),
        pattern: Str::new(channel.name.as_str()),
        shown: Comment::new(channel.name.as_str()),
        format: format_string(&channel.name),
        allows: !plain::are_parameters(&fills),
        fills: fills.into_iter().map(Tokens::new).collect(),
        capacity: capacity(channel),
    }
}

fn item(channel: &Channel) -> Tokens {
    Tokens::new(names::channel_item(
        &channel.key.value,
        channel.name.is_fixed(),
    ))
}

/// A capacity that is not what the runtime has by itself.
pub(super) fn capacity(channel: &Channel) -> Option<ir::Capacity> {
    (channel.capacity != Count::CHANNEL_CAPACITY.0).then(|| ir::Capacity {
        item: Tokens::new(format!("{}_CAPACITY", channel.key.value.shouty())),
        value: Tokens::number(channel.capacity),
    })
}

/// `room:{room}` as `"room:{}"`.
fn format_string(name: &ChannelName) -> Str {
    let pieces = name.segments().iter().map(|segment| match segment {
        Segment::Fixed(text) => text.as_str(),
        Segment::Filled { .. } => "{}",
    });
    Str::new(pieces.collect::<String>())
}

/// The name of a channel: a constant, or a call with what fills its placeholders.
pub(super) fn name(topic: &Topic, endpoint: &Endpoint) -> Tokens {
    let item = item(&topic.channel);
    if topic.channel.name.is_fixed() {
        return item;
    }
    let fills = topic.fills.iter().map(|fill| {
        let ident = names::field(fill.name());
        match fill {
            Fill::Param(_) => format!("&path.{ident}"),
            Fill::Query(name) if endpoint.has_written_default(name) => format!("&{ident}"),
            Fill::Query(_) => format!("&query.{ident}"),
            Fill::Extracted(path) => format!("&{}", path.code()),
        }
    });
    let fills: Vec<String> = fills.collect();
    Tokens::new(format!("{item}({})", fills.join(", ")))
}
