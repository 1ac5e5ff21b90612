//! What clients and a typed endpoint say to each other.

use super::{
    Imports, arms, channel,
    incoming::{self, derives, variant, written},
    messages::Facts,
};
use crate::{
    contract::{
        Action, BinaryAction, Endpoint, FromClient, Message, Module, Taken, ToClient, Typed,
    },
    targets::rust::{
        ir::{
            self, Arm,
            incoming::{Incoming, Variant},
            tokens::{Comment, Str, Tokens},
        },
        names,
    },
    value::OnInvalid,
};
use std::sync::Arc;

/// The items of a typed endpoint.
pub(super) fn typed(
    endpoint: &Endpoint,
    typed: &Typed,
    module: &Module,
    facts: &Facts,
    imports: &mut Imports,
) -> ir::typed::Typed {
    let (said, incoming) = said(endpoint, typed, facts, imports);
    imports.need(["autumn_ws::messages::Typed"]);
    if incoming.is_some() {
        imports.need(incoming::IMPORTS);
    }
    let closes = typed.on_invalid == OnInvalid::Close;
    if closes {
        imports.need(["autumn_ws::messages::OnInvalid"]);
    }
    let heard: Vec<Tokens> = match &typed.to_client {
        ToClient::Raw => Vec::new(),
        ToClient::Kinds(kinds) => kinds.iter().map(|message| payload(message)).collect(),
    };
    if !heard.is_empty() {
        imports.need(["autumn_ws::messages::ToClient"]);
    }
    let hears_anything = matches!(typed.to_client, ToClient::Raw);
    if hears_anything {
        imports.need(["autumn_ws::messages::RawToClient"]);
    }
    let joined = endpoint.on_demand.iter();
    let joined: Vec<Tokens> = joined
        .map(|joined| channel::messages(joined, module))
        .collect();
    if !joined.is_empty() {
        imports.need(["autumn_ws::messages::OnDemand"]);
    }
    ir::typed::Typed {
        joined,
        incoming,
        said,
        closes,
        heard,
        hears_anything,
        replies: typed
            .taken()
            .iter()
            .filter_map(|taken| replies(endpoint, taken, facts))
            .collect(),
        answers: typed
            .taken()
            .iter()
            .filter_map(|taken| answer(endpoint, taken, imports))
            .collect(),
    }
}

/// The type of a message, as the module names it.
fn payload(message: &Message) -> Tokens {
    Tokens::new(format!(
        "{}::{}",
        names::MESSAGES,
        names::type_ident(&message.ty.name)
    ))
}

/// What clients send: an enum, or a type of the runtime where they send nothing, or anything.
fn said(
    endpoint: &Endpoint,
    typed: &Typed,
    facts: &Facts,
    imports: &mut Imports,
) -> (Tokens, Option<Incoming>) {
    let FromClient::Kinds { taken, .. } = &typed.from_client else {
        imports.need(["autumn_ws::messages::Raw"]);
        return (Tokens::new("Raw"), None);
    };
    let binary = typed.binary();
    let wire = written(&typed.wire, imports);
    if taken.is_empty() && binary.is_none() && wire.is_none() {
        imports.need(["autumn_ws::messages::Nothing"]);
        return (Tokens::new("Nothing"), None);
    }
    let variants: Vec<Variant> = taken
        .iter()
        .map(|taken| self::taken(taken, imports))
        .collect();
    let mut payloads = taken
        .iter()
        .filter(|taken| !matches!(taken.action, Action::Ignore));
    let is_comparable = payloads.all(|taken| facts.is_comparable(&taken.message.ty));
    if binary.is_some() {
        imports.need(["autumn_ws::Bytes"]);
    }
    let key = &endpoint.key.value;
    let name = Tokens::new(names::incoming(key));
    let has_payload = binary == Some(BinaryAction::Handle);
    let incoming = Incoming {
        name: name.clone(),
        doc: Comment::new(&format!(
            "What clients of `{}` may send.",
            endpoint.path.route.value.as_str()
        )),
        derives: derives(&variants, has_payload, is_comparable),
        binary: binary.map(|action| action == BinaryAction::Handle),
        is_written: false,
        wire,
        variants,
    };
    (name, Some(incoming))
}

/// A kind, as it is read: with its id where it is a request, without anything where nobody looks at it.
fn taken(taken: &Taken, imports: &mut Imports) -> Variant {
    let usual = variant(&taken.message);
    let ident = usual.ident.clone();
    let payload = payload(&taken.message);
    match &taken.action {
        Action::Handle | Action::Publish { .. } => usual,
        Action::Ignore => Variant {
            read: Tokens::new(format!("body.read::<{payload}>().map(|_| Self::{ident})")),
            payload: None,
            ..usual
        },
        Action::Reply(_) | Action::Stream { .. } => {
            imports.need(["autumn_ws::messages::RequestId"]);
            Variant {
                read: Tokens::new(format!(
                    "body.request().map(|(id, message)| Self::{ident}(id, message))"
                )),
                payload: Some(Tokens::new(format!("RequestId, {payload}"))),
                ..usual
            }
        }
    }
}

/// The enum of what a request may be answered with, if that is more than one message.
fn replies(endpoint: &Endpoint, taken: &Taken, facts: &Facts) -> Option<ir::typed::Replies> {
    let Action::Reply(replies) = &taken.action else {
        return None;
    };
    if replies.len() < 2 {
        return None;
    }
    let is_comparable = replies.iter().all(|reply| facts.is_comparable(&reply.ty));
    let compared = if is_comparable { ", PartialEq" } else { "" };
    let variant = |reply: &Arc<Message>| {
        (
            Tokens::new(names::type_ident(&reply.ty.name)),
            payload(reply),
        )
    };
    Some(ir::typed::Replies {
        name: Tokens::new(names::reply(&endpoint.key.value, &taken.message.ty.name)),
        kind: Comment::new(taken.message.kind.value.as_str()),
        derives: Tokens::new(format!("Clone, Debug{compared}")),
        variants: replies.iter().map(variant).collect(),
    })
}

fn answer(endpoint: &Endpoint, taken: &Taken, imports: &mut Imports) -> Option<ir::typed::Answer> {
    let Action::Stream { parts, replies } = &taken.action else {
        return None;
    };
    imports.need([
        "autumn_ws::messages::Answer",
        "autumn_ws::messages::ReplyTo",
    ]);
    if !parts.is_empty() {
        imports.need(["autumn_ws::messages::PartOf"]);
    }
    let (key, name) = (&endpoint.key.value, &taken.message.ty.name);
    Some(ir::typed::Answer {
        name: Tokens::new(names::answer(key, name)),
        marker: Tokens::new(names::answered(key, name)),
        kind: Comment::new(taken.message.kind.value.as_str()),
        parts: parts.iter().map(|part| payload(part)).collect(),
        replies: replies.iter().map(|reply| payload(reply)).collect(),
    })
}

/// What the event loop does about what clients send.
pub(super) fn arms(endpoint: &Endpoint, typed: &Typed) -> Vec<Arm> {
    let incoming = names::incoming(&endpoint.key.value);
    let taken = typed.taken().iter();
    let mut arms: Vec<Arm> = taken
        .filter_map(|taken| arm(endpoint, taken, &incoming))
        .collect();
    if typed.binary() == Some(BinaryAction::Handle) {
        arms.push(line(
            format!("Event::Message({incoming}::Binary(data))"),
            format!("handler.{}(data, session).await?,", names::ON_BINARY),
        ));
    }
    arms.extend(ignored(typed, &incoming));
    arms
}

/// One arm for all that is ignored.
fn ignored(typed: &Typed, incoming: &str) -> Option<Arm> {
    let kinds = typed.taken().iter();
    let kinds = kinds.filter(|taken| matches!(taken.action, Action::Ignore));
    let kinds = kinds.map(|taken| names::type_ident(&taken.message.ty.name));
    let binary = (typed.binary() == Some(BinaryAction::Ignore)).then(|| "Binary".to_owned());
    let idents = kinds
        .chain(binary)
        .map(|ident| format!("{incoming}::{ident}"));
    let idents: Vec<String> = idents.collect();
    (!idents.is_empty()).then(|| line(format!("Event::Message({})", idents.join(" | ")), "{}"))
}

fn arm(endpoint: &Endpoint, taken: &Taken, incoming: &str) -> Option<Arm> {
    let ident = names::type_ident(&taken.message.ty.name);
    let method = names::kind_method(&taken.message.ty.name);
    let with_message = format!("Event::Message({incoming}::{ident}(message))");
    let with_id = format!("Event::Message({incoming}::{ident}(id, message))");
    Some(match &taken.action {
        Action::Ignore => return None,
        Action::Handle => line(
            with_message,
            format!("handler.{method}(message, session).await?,"),
        ),
        Action::Publish { topic, leaves_out } => {
            let sender = names::sender(&topic.channel.key.value);
            let call = arms::published(endpoint, *leaves_out);
            block(with_message, vec![format!("let _ = {sender}.{call};")])
        }
        Action::Reply(replies) => block(with_id, reply(endpoint, taken, replies, &method)),
        Action::Stream { .. } => block(
            with_id,
            vec![
                "let answer = session.answer(id);".to_owned(),
                format!("handler.{method}(message, answer, session).await?;"),
            ],
        ),
    })
}

/// The reply to a request, whichever it is.
fn reply(
    endpoint: &Endpoint,
    taken: &Taken,
    replies: &[Arc<Message>],
    method: &str,
) -> Vec<String> {
    let call = format!("handler.{method}(message, session).await?");
    if replies.len() < 2 {
        return vec![
            format!("let reply = {call};"),
            "session.reply(id, reply).await?;".to_owned(),
        ];
    }
    let name = names::reply(&endpoint.key.value, &taken.message.ty.name);
    let arm = |reply: &Arc<Message>| {
        let ident = names::type_ident(&reply.ty.name);
        format!("    {name}::{ident}(reply) => session.reply(id, reply).await?,")
    };
    let mut lines = vec![format!("match {call} {{")];
    lines.extend(replies.iter().map(arm));
    lines.push("}".to_owned());
    lines
}

/// An arm that is one expression.
pub(super) fn line(pattern: impl Into<String>, action: impl Into<String>) -> Arm {
    Arm {
        comment: None,
        pattern: Tokens::new(pattern),
        action: ir::Action::Line(Tokens::new(action)),
    }
}

/// An arm that is a block of statements.
pub(super) fn block(pattern: impl Into<String>, lines: Vec<String>) -> Arm {
    Arm {
        comment: None,
        pattern: Tokens::new(pattern),
        action: ir::Action::Block(lines.into_iter().map(Tokens::new).collect()),
    }
}

/// What comes on a channel that is handled.
pub(super) fn heard(channel: &crate::contract::Channel, module: &Module) -> Arm {
    let key = channel.key.value.as_str();
    let messages = channel::messages(channel, module);
    block(
        format!("Event::Channel({}, message)", Str::new(key)),
        vec![
            format!("if let Some(message) = session.read::<{messages}>(message) {{"),
            format!(
                "    handler.{}(message, session).await?;",
                names::channel_method(key)
            ),
            "}".to_owned(),
        ],
    )
}
