//! What clients and an endpoint say to each other.

use super::{
    field::{ReadSection, ReadValue},
    reader::{Node, Reader},
};
use crate::{
    diagnostic::{Diagnostic, code},
    place::At,
    spec::{
        Action, ActionChoice, FromClient, Keyed, Kinds, LongAction, RawChoice, Taken, ToClient,
    },
    value::{Described, Scalar},
};
use serde_yaml::Value;

/// `raw`, `[say, typing]`, or `{ say: handle, typing: { publish: room } }`.
impl ReadValue for FromClient {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if is_raw(node) {
            return Some(Self::Raw);
        }
        if node.value.is_mapping() {
            let entries = reader.entries(node);
            let taken = |(kind, node): (At<&str>, Node)| Taken {
                kind: At::new(kind.value.to_owned(), kind.place),
                action: action(&node, reader),
            };
            return Some(Self::Kinds(entries.into_iter().map(taken).collect()));
        }
        if !node.value.is_sequence() && !node.value.is_string() {
            return reader.wrong_type(node, &Self::FORM);
        }
        let Kinds(kinds) = ReadValue::read(node, reader)?;
        let taken = |kind| Taken {
            kind,
            action: Some(Action::Handle),
        };
        Some(Self::Kinds(kinds.into_iter().map(taken).collect()))
    }
}

/// `raw`, or `[notice]`.
impl ReadValue for ToClient {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if is_raw(node) {
            return Some(Self::Raw);
        }
        Kinds::read(node, reader).map(Self::Kinds)
    }
}

fn is_raw(node: &Node) -> bool {
    matches!(node.value, Value::String(text) if RawChoice::parse(text).is_ok())
}

/// `handle`, `ignore`, `{ publish: room }`, `{ reply: joined }` or `{ stream: delta, reply: done }`.
fn action(node: &Node, reader: &mut Reader) -> Option<Action> {
    if !node.value.is_mapping() {
        let help = "to answer it, write `{ reply: KIND }`; to send it to a channel, `{ publish: CHANNEL }`";
        let parse = |text: &str| {
            ActionChoice::parse(text).map_err(|mistake| mistake.help_unless_there(help))
        };
        return Some(match reader.text(node, parse)?.value {
            ActionChoice::Handle => Action::Handle,
            ActionChoice::Ignore => Action::Ignore,
        });
    }
    let fields = reader.fields(node, LongAction::SECTION)?;
    let long: LongAction = ReadSection::read((), &fields, reader);
    let has = |key: &str| node.value.get(key).is_some();
    if has("publish") == (has("reply") || has("stream")) {
        reader.note(unclear(node));
        return None;
    }
    if has("except") && !has("publish") {
        reader.note(alone(node, "except", "publish"));
    }
    if let Some(channel) = long.publish {
        let leaves_out = long.except.is_some();
        return Some(Action::Publish {
            channel,
            leaves_out,
        });
    }
    if !has("reply") {
        reader.note(alone(node, "stream", "reply"));
    }
    let reply = long.reply?;
    if reply.value.0.is_empty() {
        reader.note(
            Diagnostic::error(code::UNFIT_SHAPE, reply.place, "a request has no reply")
                .label("expected at least one kind")
                .help("list the kinds that may be the reply; a message without one is handled by `handle`"),
        );
        return None;
    }
    let reply = reply.value;
    Some(match long.stream {
        Some(parts) => Action::Stream {
            parts: parts.value,
            reply,
        },
        None if has("stream") => return None,
        None => Action::Reply(reply),
    })
}

fn unclear(node: &Node) -> Diagnostic {
    Diagnostic::error(
        code::UNFIT_SHAPE,
        node.place.clone(),
        "a message is either published or answered",
    )
    .label("needs one of `publish` and `reply`")
    .help("write `{ publish: CHANNEL }`, `{ reply: KIND }` or `{ stream: KIND, reply: KIND }`")
}

fn alone(node: &Node, key: &str, needs: &str) -> Diagnostic {
    let message = format!("`{key}` needs `{needs}`");
    Diagnostic::error(code::MISSING_KEY, node.place.key(key).of_key(), message)
        .label("means nothing alone")
        .help(match needs {
            "reply" => "add the kinds that end the answer, as in `reply: done`",
            _ => "add the channel, as in `publish: room`",
        })
}
