//! The enum of what may come: from a client, or on a channel.

use super::{Imports, messages::Facts};
use crate::{
    contract::{Channel, Message, Tag, Wire},
    targets::rust::{
        ir::{
            incoming::{Incoming, Variant},
            messages::Written,
            tokens::{Comment, Str, Tokens},
        },
        names,
    },
};
use std::sync::Arc;

/// What reading an enum needs.
pub(super) const IMPORTS: [&str; 4] = [
    "autumn_ws::messages::Body",
    "autumn_ws::messages::Incoming",
    "autumn_ws::messages::Invalid",
    "autumn_ws::messages::Tag",
];

/// What a channel carries.
pub(super) fn of_channel(
    channel: &Channel,
    carries: &[Arc<Message>],
    facts: &Facts,
    imports: &mut Imports,
) -> Incoming {
    let key = channel.key.value.as_str();
    let variants: Vec<Variant> = carries.iter().map(|message| variant(message)).collect();
    let is_comparable = carries
        .iter()
        .all(|message| facts.is_comparable(&message.ty));
    Incoming {
        name: Tokens::new(names::channel_messages(&channel.key.value)),
        doc: Comment::new(&format!("What the channel `{key}` carries.")),
        derives: derives(&variants, false, is_comparable),
        is_written: !is_comparable,
        wire: carries
            .first()
            .and_then(|message| written(&message.wire, imports)),
        variants,
        binary: None,
    }
}

/// A kind that is handled as it is.
pub(super) fn variant(message: &Message) -> Variant {
    let ident = names::type_ident(&message.ty.name);
    Variant {
        payload: Some(Tokens::new(format!("{}::{ident}", names::MESSAGES))),
        read: Tokens::new(format!("Ok(Self::{ident}(body.read()?))")),
        ident: Tokens::new(ident),
        kind: Comment::new(message.kind.value.as_str()),
        tag: tag(&message.tag),
    }
}

/// What an enum derives: what its messages have, and whatever a value without one can have.
pub(super) fn derives(variants: &[Variant], has_bytes: bool, is_comparable: bool) -> Tokens {
    let is_empty = !has_bytes && variants.iter().all(|variant| variant.payload.is_none());
    let copied = if is_empty { "Clone, Copy" } else { "Clone" };
    let compared = if is_comparable { ", PartialEq" } else { "" };
    Tokens::new(format!("{copied}, Debug{compared}"))
}

/// How messages are written, with what that needs.
pub(super) fn written(wire: &Wire, imports: &mut Imports) -> Option<Written> {
    self::wire(wire, |path| {
        imports.need([path]);
        path.rsplit("::").next().unwrap_or(path).to_owned()
    })
}

/// The value of a tag.
pub(super) fn tag(tag: &Tag) -> Tokens {
    Tokens::new(match tag {
        Tag::Text(text) => format!("Text({})", Str::new(text.as_str())),
        Tag::Number(number) => format!("Number({})", Tokens::number(number)),
    })
}

/// How messages are written, where that is not as usual. `import` names an item of the runtime.
pub(super) fn wire(wire: &Wire, import: impl FnOnce(&'static str) -> String) -> Option<Written> {
    let mut parts = Vec::new();
    if wire.tag.as_str() != "type" {
        parts.push(format!("tag: {}", Str::new(wire.tag.as_str())));
    }
    if wire.id.as_str() != "$id" {
        parts.push(format!("id: {}", Str::new(wire.id.as_str())));
    }
    if let Some(content) = &wire.content {
        parts.push(format!("content: Some({})", Str::new(content.as_str())));
    }
    if !wire.has_built_in {
        parts.push("built_in: false".to_owned());
    }
    if parts.is_empty() {
        return None;
    }
    let ty = import("autumn_ws::messages::Wire");
    // Where every field is given, there is nothing to take from the usual.
    if parts.len() < 4 {
        parts.push(format!("..{ty}::DEFAULT"));
    }
    Some(Written {
        value: Tokens::new(format!("{ty} {{ {} }}", parts.join(", "))),
        ty: Tokens::new(ty),
    })
}
