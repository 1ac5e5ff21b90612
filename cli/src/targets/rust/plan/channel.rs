//! Channels: the items that make their names, and how endpoints call them.

use super::{Imports, incoming, messages::Facts, plain};
use crate::{
    contract::{Channel, Endpoint, Fill, Module, Topic},
    targets::rust::{
        ir::{
            self,
            tokens::{Comment, Str, Tokens},
        },
        names,
    },
    value::{Basic, ChannelName, Count, Name, Segment},
};

pub(super) fn channel(channel: &Channel, facts: &Facts, imports: &mut Imports) -> ir::Channel {
    let name = &channel.name.value;
    let fills: Vec<ir::Parameter> = fills(channel, facts);
    if fills
        .iter()
        .any(|fill| fill.ty.as_str().contains("impl Display"))
    {
        imports.need(["std::fmt::Display"]);
    }
    let idents: Vec<String> = fills.iter().map(|fill| fill.pattern.to_string()).collect();
    let carries = channel.carries.as_ref();
    let carries = carries.map(|carries| incoming::of_channel(channel, carries, facts, imports));
    let (ty, maker) = match &carries {
        None => {
            imports.need(["autumn_ws::ChannelName"]);
            ("ChannelName".to_owned(), "ChannelName")
        }
        Some(carries) => {
            imports.need(incoming::IMPORTS);
            imports.need(["autumn_ws::messages::Channel"]);
            if !carries.variants.is_empty() {
                imports.need(["autumn_ws::messages::Carried"]);
            }
            (format!("Channel<{}>", carries.name), "Channel")
        }
    };
    ir::Channel {
        key: Tokens::new(channel.key.value.as_str()),
        item: item(channel),
        pattern: Str::new(name.as_str()),
        shown: Comment::new(name.as_str()),
        format: format_string(name),
        allows: !plain::are_parameters(&idents),
        unused: (!channel.is_used).then(|| unused(&ty, &fills)),
        fills,
        capacity: capacity(channel).filter(|_| channel.is_used && carries.is_none()),
        inline_capacity: capacity(channel)
            .filter(|_| carries.is_some())
            .map(|capacity| capacity.value),
        carries,
        ty: Tokens::new(ty),
        maker: Tokens::new(maker),
    }
}

/// The type of the item of a channel.
fn unused(ty: &str, fills: &[ir::Parameter]) -> Tokens {
    if fills.is_empty() {
        return Tokens::new(ty);
    }
    let types = fills.iter().map(|fill| match fill.ty.as_str() {
        ANYTHING => "&str",
        ty => ty,
    });
    let types: Vec<&str> = types.collect();
    Tokens::new(format!("fn({}) -> {ty}", types.join(", ")))
}

/// The type of a parameter that fills a placeholder without a type.
const ANYTHING: &str = "&(impl Display + ?Sized)";

/// What fills the placeholders, as parameters.
fn fills(channel: &Channel, facts: &Facts) -> Vec<ir::Parameter> {
    let placeholders = channel.name.value.placeholders();
    let parameter = |(wire, name, _): (&str, &Name, _)| ir::Parameter {
        pattern: Tokens::new(names::field(name)),
        ty: Tokens::new(match channel.params.get(wire) {
            None => ANYTHING.to_owned(),
            Some(Basic::Text(_)) => "&str".to_owned(),
            Some(basic) => facts.copied(basic),
        }),
    };
    placeholders.map(parameter).collect()
}

fn item(channel: &Channel) -> Tokens {
    let is_fixed = channel.name.value.is_fixed();
    Tokens::new(names::channel_item(&channel.key.value, is_fixed))
}

/// A capacity that is not what the runtime has by itself.
fn capacity(channel: &Channel) -> Option<ir::Capacity> {
    (channel.capacity != Count::CHANNEL_CAPACITY.0).then(|| ir::Capacity {
        item: Tokens::new(format!("{}_CAPACITY", channel.key.value.shouty())),
        value: Tokens::number(channel.capacity),
    })
}

/// The capacity with which a module subscribes to a channel, if it is none of a typed one, which has it itself.
pub(super) fn subscribed_capacity(channel: &Channel, module: &Module) -> Option<Tokens> {
    let capacity = capacity(channel).filter(|_| channel.carries.is_none())?;
    let is_own = *channel.module == *module.path;
    Some(if is_own {
        capacity.item
    } else {
        capacity.value
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

/// An item of a channel, as a module names it.
fn path(item: impl std::fmt::Display, channel: &Channel, module: &Module) -> Tokens {
    if *channel.module == *module.path {
        return Tokens::new(item.to_string());
    }
    let up = "super::".repeat(module.path.len());
    Tokens::new(format!("{up}{}::{item}", channel.module.join("::")))
}

/// What a channel carries, as a module names it.
pub(super) fn messages(channel: &Channel, module: &Module) -> Tokens {
    path(names::channel_messages(&channel.key.value), channel, module)
}

/// The name of a channel: a constant, or a call with what fills its placeholders.
pub(super) fn name(topic: &Topic, endpoint: &Endpoint, module: &Module) -> Tokens {
    let item = path(item(&topic.channel), &topic.channel, module);
    if topic.channel.name.value.is_fixed() {
        return item;
    }
    let placeholders = topic.channel.name.value.placeholders();
    let fills = topic
        .fills
        .iter()
        .zip(placeholders)
        .map(|(fill, (wire, ..))| {
            let ident = names::field(fill.name());
            // Text is borrowed, and so is whatever has no type; other values are copied.
            let is_borrowed = matches!(topic.channel.params.get(wire), None | Some(Basic::Text(_)));
            let borrowed = if is_borrowed { "&" } else { "" };
            match fill {
                Fill::Param(_) => format!("{borrowed}path.{ident}"),
                Fill::Query(name) if endpoint.has_written_default(name) => {
                    format!("{borrowed}{ident}")
                }
                Fill::Query(_) => format!("{borrowed}query.{ident}"),
                Fill::Extracted(path) => format!("{borrowed}{}", path.code()),
            }
        });
    let fills: Vec<String> = fills.collect();
    Tokens::new(format!("{item}({})", fills.join(", ")))
}
