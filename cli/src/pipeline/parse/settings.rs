//! `origins`, `limits` and `shutdown`: of an endpoint, or of `defaults`.

use serde_yaml::Value;

use super::reader::{Fields, Node, Reader};
use crate::place::At;
use crate::spec::{
    CloseCode, Count, Lag, Mistake, Notify, Origin, Origins, Reason, Settings, Size, Span, Switch,
};

/// The keys that settings have.
pub(super) const KEYS: &[&str] = &["origins", "limits", "shutdown"];

pub(super) fn defaults(reader: &mut Reader, node: &Node) -> Settings {
    match reader.fields(node, "`defaults`", KEYS) {
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

fn origins(reader: &mut Reader, node: &Node) -> Option<Origins> {
    if let Value::Sequence(_) = node.value {
        let elements = reader.elements(node, "a list of origins");
        let origins = elements
            .into_iter()
            .filter_map(|node| reader.word(Some(node), Origin::parse))
            .collect();
        return Some(Origins::Only(origins));
    }
    let word = reader.choice(
        Some(node.clone()),
        "a choice of origins",
        &[("same", OriginsWord::Same), ("any", OriginsWord::Any)],
    )?;
    Some(match word.value {
        OriginsWord::Same => Origins::Same,
        OriginsWord::Any => Origins::Any,
    })
}

fn limits(reader: &mut Reader, node: &Node, settings: &mut Settings) {
    const KEYS: &[&str] = &[
        "message_size",
        "heartbeat",
        "idle",
        "send_timeout",
        "connections",
        "lag",
    ];
    let Some(fields) = reader.fields(node, "`limits`", KEYS) else {
        return;
    };
    settings.message_size = reader.word(fields.get("message_size"), Size::parse);
    settings.heartbeat = switch(reader, fields.get("heartbeat"), Span::parse);
    settings.idle = switch(reader, fields.get("idle"), Span::parse);
    settings.send_timeout = reader.word(fields.get("send_timeout"), Span::parse);
    settings.connections = switch(reader, fields.get("connections"), Count::parse);
    settings.lag = reader.choice(
        fields.get("lag"),
        "a lag policy",
        &[
            ("close", Lag::Close),
            ("skip", Lag::Skip),
            ("handle", Lag::Handle),
        ],
    );
}

fn shutdown(reader: &mut Reader, node: &Node, settings: &mut Settings) {
    let Some(fields) = reader.fields(node, "`shutdown`", &["code", "reason", "drain", "notify"])
    else {
        return;
    };
    settings.code = reader.word(fields.get("code"), CloseCode::parse);
    settings.reason = reader.word(fields.get("reason"), Reason::parse);
    settings.drain = reader.word(fields.get("drain"), Span::parse);
    settings.notify = reader.choice(
        fields.get("notify"),
        "a way to notify",
        &[("handle", Notify::Handle), ("close", Notify::Close)],
    );
}

fn switch<T>(
    reader: &mut Reader,
    node: Option<Node>,
    parse: impl FnOnce(&str) -> Result<T, Mistake>,
) -> Option<At<Switch<T>>> {
    reader.word(node, |text| match text {
        "off" => Ok(Switch::Off),
        text => parse(text).map(Switch::On),
    })
}
