//! `origins`, `limits` and `shutdown`: of an endpoint, or of `defaults`.

use serde_yaml::Value;

use super::reader::{Fields, Node, Reader, choose};
use crate::diagnostic::code;
use crate::place::At;
use crate::spec::{
    CloseCode, Count, Missed, Mistake, Notify, Origin, Origins, Reason, Settings, Size, Span,
    Switch,
};

/// The keys that settings have.
pub(super) const KEYS: [&str; 3] = ["origins", "limits", "shutdown"];

pub(super) fn defaults(reader: &mut Reader, node: &Node) -> Settings {
    match reader.fields(node, "`defaults`", &KEYS) {
        Some(fields) => settings(reader, &fields),
        None => Settings::default(),
    }
}

pub(super) fn settings(reader: &mut Reader, fields: &Fields) -> Settings {
    let mut settings = Settings {
        origins: fields
            .get("origins")
            .and_then(|node| origins(reader, &node)),
        ..Settings::default()
    };
    if let Some(node) = fields.get("limits") {
        limits(reader, &node, &mut settings);
    }
    if let Some(node) = fields.get("shutdown") {
        shutdown(reader, &node, &mut settings);
    }
    settings
}

#[derive(Clone, Copy)]
enum OriginsWord {
    Same,
    Any,
}

/// `same`, `any`, an origin, or a list of origins.
fn origins(reader: &mut Reader, node: &Node) -> Option<Origins> {
    if let Value::String(word) = node.value
        && !word.contains("://")
    {
        let choices = [("same", OriginsWord::Same), ("any", OriginsWord::Any)];
        let word = reader.word(Some(node.clone()), |text| {
            let help = "or name origins, as in `[\"https://example.com\"]`";
            choose(text, "a choice of origins", &choices)
                .map_err(|mistake| mistake.help_unless_there(help))
        })?;
        return Some(match word.value {
            OriginsWord::Same => Origins::Same,
            OriginsWord::Any => Origins::Any,
        });
    }
    let elements = reader.elements(node, "`same`, `any` or a list of origins");
    let origins = elements
        .into_iter()
        .filter_map(|node| reader.word(Some(node), listed_origin));
    Some(Origins::Only(origins.collect()))
}

fn listed_origin(text: &str) -> Result<Origin, Mistake> {
    if !matches!(text, "same" | "any") {
        return Origin::parse(text);
    }
    let mistake = Mistake::new(
        code::BAD_ORIGIN,
        format!("`{text}` is not an origin"),
        "stands alone, and not in a list",
    );
    Err(mistake.help(match text {
        "any" => "write `origins: any`: that takes in all others",
        _ => "write `origins: same`, or name your own origin too, as in `https://example.com`",
    }))
}

fn limits(reader: &mut Reader, node: &Node, settings: &mut Settings) {
    const KEYS: &[&str] = &[
        "message_size",
        "heartbeat",
        "idle",
        "send_timeout",
        "connections",
        "lag",
        "gap",
    ];
    let Some(fields) = reader.fields(node, "`limits`", KEYS) else {
        return;
    };
    settings.message_size = reader.quantity(fields.get("message_size"), Size::parse);
    settings.heartbeat = switch_or_off(reader, fields.get("heartbeat"));
    settings.idle = switch_or_off(reader, fields.get("idle"));
    settings.send_timeout = reader.quantity(fields.get("send_timeout"), Span::parse);
    settings.connections = switch(reader, fields.get("connections"), Count::parse);
    settings.lag = missed(reader, fields.get("lag"), "a lag policy");
    settings.gap = missed(reader, fields.get("gap"), "a gap policy");
}

fn missed(reader: &mut Reader, node: Option<Node>, what: &str) -> Option<At<Missed>> {
    let policies = [
        ("close", Missed::Close),
        ("skip", Missed::Skip),
        ("handle", Missed::Handle),
    ];
    reader.choice(node, what, &policies)
}

fn shutdown(reader: &mut Reader, node: &Node, settings: &mut Settings) {
    let Some(fields) = reader.fields(node, "`shutdown`", &["code", "reason", "drain", "notify"])
    else {
        return;
    };
    settings.code = reader.quantity(fields.get("code"), CloseCode::parse);
    settings.reason = reader.word(fields.get("reason"), Reason::parse);
    settings.drain = reader.quantity(fields.get("drain"), Span::parse);
    settings.notify = reader.choice(
        fields.get("notify"),
        "a way to notify",
        &[("handle", Notify::Handle), ("close", Notify::Close)],
    );
}

/// A duration that cannot be read counts as switched off, so that its default is not held against the other one.
fn switch_or_off(reader: &mut Reader, node: Option<Node>) -> Option<At<Switch<Span>>> {
    let place = node.as_ref()?.place.clone();
    let read = switch(reader, node, Span::parse);
    Some(read.unwrap_or(At::new(Switch::Off, place)))
}

fn switch<T>(
    reader: &mut Reader,
    node: Option<Node>,
    parse: impl FnOnce(&str) -> Result<T, Mistake>,
) -> Option<At<Switch<T>>> {
    // `off` is text for YAML 1.2 and `false` for YAML 1.1.
    if let Some(Node {
        value: Value::Bool(false),
        place,
    }) = &node
    {
        return Some(At::new(Switch::Off, place.clone()));
    }
    reader.quantity(node, |text| match text {
        "off" => Ok(Switch::Off),
        text => parse(text).map(Switch::On),
    })
}
