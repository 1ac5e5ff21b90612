//! The `endpoints:` section.

use serde_yaml::Value;

use super::reader::{Fields, Node, Reader, choose};
use super::settings;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;
use crate::place::At;
use crate::spec::{
    Accept, Delivery, Endpoint, Extract, Literal, Mistake, Name, OnMessage, Param, QueryField,
    RoutePath, RustType, Settings, Subscribe, Use, WireName,
};

/// The keys that only endpoints have; they share the others with `defaults`.
const KEYS: &[&str] = &[
    "path",
    "description",
    "params",
    "query",
    "extract",
    "subscribe",
    "open",
    "on_message",
    "accept",
    "subprotocols",
];

const DELIVERIES: &[(&str, Delivery)] = &[("relay", Delivery::Relay), ("handle", Delivery::Handle)];

pub(super) fn endpoints(reader: &mut Reader, node: &Node, defaults: &Settings) -> Vec<Endpoint> {
    let entries = reader.entries(node, "`endpoints`");
    if entries.is_empty() && node.value.is_mapping() {
        reader.note(
            Diagnostic::error(
                code::MISSING_KEY,
                node.place.of_key(),
                "a spec needs an endpoint",
            )
            .label("there is none")
            .help("add one: `echo: { path: /echo, on_message: echo }`"),
        );
    }
    entries
        .into_iter()
        .filter_map(|(key, node)| endpoint(reader, &key, &node, defaults))
        .collect()
}

fn endpoint(
    reader: &mut Reader,
    key: &At<&str>,
    node: &Node,
    defaults: &Settings,
) -> Option<Endpoint> {
    let name = reader.parsed(key.value, key.place.clone(), Name::parse);
    let fields = reader.fields(node, "an endpoint", &[KEYS, &settings::KEYS].concat())?;
    if fields.get("path").is_none() {
        let what = format!("endpoint `{}`", key.value);
        reader.missing(node, "path", &what, &format!("add `path: /{}`", key.value));
    }
    let endpoint = Endpoint {
        description: reader.text(fields.get("description")),
        path: reader.word(fields.get("path"), RoutePath::parse),
        params: params(reader, fields.get("params")),
        query: query(reader, fields.get("query")),
        extract: extract(reader, fields.get("extract")),
        subscribe: subscribe(reader, fields.get("subscribe")),
        handles_open: reader
            .choice(fields.get("open"), "a way to open", &[("handle", ())])
            .is_some(),
        on_message: on_message(reader, fields.get("on_message")),
        accept: accept(reader, &fields),
        subprotocols: subprotocols(reader, fields.get("subprotocols")),
        settings: settings::settings(reader, &fields).or(defaults),
        key: name?,
    };
    Some(endpoint)
}

fn params(reader: &mut Reader, node: Option<Node>) -> Vec<Param> {
    named(reader, node, "`params`", |reader, key, node| {
        let ty = reader.word(Some(node), |text| RustType::parse(text, Use::Param));
        let name = reader.parsed(key.value, key.place.clone(), WireName::parse)?;
        Some(Param { name, ty })
    })
}

fn extract(reader: &mut Reader, node: Option<Node>) -> Vec<Extract> {
    named(reader, node, "`extract`", |reader, key, node| {
        let ty = reader.word(Some(node), |text| RustType::parse(text, Use::Extract));
        let name = reader.parsed(key.value, key.place.clone(), Name::parse)?;
        Some(Extract { name, ty })
    })
}

fn query(reader: &mut Reader, node: Option<Node>) -> Vec<QueryField> {
    named(reader, node, "`query`", |reader, key, node| {
        let (ty, default) = match node.value {
            Value::Mapping(_) => {
                let fields = reader.fields(&node, "a query field", &["type", "default"])?;
                if fields.get("type").is_none() {
                    reader.missing(
                        &node,
                        "type",
                        "a query field with a default",
                        "add `type: u32`, or the type that it has",
                    );
                }
                let ty = reader.word(fields.get("type"), |text| RustType::parse(text, Use::Query));
                let default = fields
                    .get("default")
                    .and_then(|node| literal(reader, &node, ty.as_ref()));
                (ty, default)
            }
            _ => (
                reader.word(Some(node), |text| RustType::parse(text, Use::Query)),
                None,
            ),
        };
        let name = reader.parsed(key.value, key.place.clone(), WireName::parse)?;
        Some(QueryField { name, ty, default })
    })
}

fn named<'a, T>(
    reader: &mut Reader,
    node: Option<Node<'a>>,
    what: &str,
    read: impl Fn(&mut Reader, &At<&'a str>, Node<'a>) -> Option<T>,
) -> Vec<T> {
    let Some(node) = node else { return Vec::new() };
    let entries = reader.entries(&node, what);
    entries
        .into_iter()
        .filter_map(|(key, node)| read(reader, &key, node))
        .collect()
}

/// A default that fits its type.
fn literal(reader: &mut Reader, node: &Node, ty: Option<&At<RustType>>) -> Option<Literal> {
    let ty = ty?;
    let name = ty.value.plain().unwrap_or_default();
    let literal = match (name, node.value) {
        ("bool", Value::Bool(value)) => Some(Literal::Bool(*value)),
        ("String", Value::String(text)) => Some(Literal::Text(text.clone())),
        ("char", Value::String(text)) => only_char(text).map(Literal::Char),
        ("f32", Value::Number(number)) => number
            .to_string()
            .parse::<f32>()
            .ok()
            .filter(|value| value.is_finite())
            .map(|value| Literal::Float(value.to_string())),
        ("f64", Value::Number(number)) => number
            .as_f64()
            .filter(|value| value.is_finite())
            .map(|value| Literal::Float(value.to_string())),
        // YAML's numbers end at 64 bits; larger ones are quoted.
        ("i128", Value::String(text)) => text
            .parse::<i128>()
            .ok()
            .map(|value| Literal::integer(&value)),
        ("u128", Value::String(text)) => text
            .parse::<u128>()
            .ok()
            .map(|value| Literal::integer(&value)),
        (_, Value::Number(number)) => integer(name, number).map(|value| Literal::integer(&value)),
        _ => None,
    };
    if literal.is_none() {
        let message = format!("this default is not a value of `{}`", ty.value.as_str());
        let (label, help) = match name {
            "" => (
                "only numbers, `bool`, `char` and `String` can have a default",
                "make it an `Option` without a default, and choose in your code",
            ),
            "String" => ("must be text", "quote it"),
            "bool" => (
                "must be `true` or `false`",
                "write `true` or `false`, without quotes",
            ),
            "char" => ("must be one character", "quote it"),
            "i128" | "u128" => (
                "must be a whole number that the type can hold",
                "write it in digits, and quote it if it takes more than 64 bits",
            ),
            _ => (
                "must be a number that the type can hold",
                "write it without quotes, within the range of the type",
            ),
        };
        let diagnostic =
            Diagnostic::error(code::BAD_DEFAULT, node.place.clone(), message).label(label);
        reader
            .diagnostics
            .push(diagnostic.related(ty.place.clone(), "the type").help(help));
    }
    literal
}

fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn integer(ty: &str, number: &serde_yaml::Number) -> Option<i128> {
    let value = number
        .as_i64()
        .map(i128::from)
        .or_else(|| number.as_u64().map(i128::from))?;
    let (least, most): (i128, i128) = match ty {
        "u8" => (0, u8::MAX.into()),
        "u16" => (0, u16::MAX.into()),
        // What a `usize` holds depends on the machine: what every machine's holds is taken.
        "u32" | "usize" => (0, u32::MAX.into()),
        "u64" | "u128" => (0, u64::MAX.into()),
        "i8" => (i8::MIN.into(), i8::MAX.into()),
        "i16" => (i16::MIN.into(), i16::MAX.into()),
        "i32" | "isize" => (i32::MIN.into(), i32::MAX.into()),
        "i64" | "i128" => (i64::MIN.into(), i64::MAX.into()),
        _ => return None,
    };
    (least..=most).contains(&value).then_some(value)
}

/// `[lobby, room]` or `{ lobby: handle, room: relay }`.
fn subscribe(reader: &mut Reader, node: Option<Node>) -> Vec<Subscribe> {
    let Some(node) = node else { return Vec::new() };
    if let Value::Mapping(_) = node.value {
        let entries = reader.entries(&node, "`subscribe`");
        let subscribe = |(key, node): (At<&str>, Node)| Subscribe {
            channel: At::new(key.value.to_owned(), key.place),
            delivery: reader
                .choice(
                    Some(node),
                    "a way to deliver a channel's messages",
                    DELIVERIES,
                )
                .map_or(Delivery::Relay, |at| at.value),
        };
        return entries.into_iter().map(subscribe).collect();
    }
    let elements = reader.elements(
        &node,
        "a list of channels, or a mapping of channels to `relay` or `handle`",
    );
    let relay = |node| {
        let channel = reader.word(Some(node), |text| Ok(text.to_owned()))?;
        Some(Subscribe {
            channel,
            delivery: Delivery::Relay,
        })
    };
    elements.into_iter().filter_map(relay).collect()
}

/// `handle`, `echo`, `ignore` or `{ publish: CHANNEL }`.
fn on_message(reader: &mut Reader, node: Option<Node>) -> OnMessage {
    let Some(node) = node else {
        return OnMessage::Handle;
    };
    let read = match node.value {
        Value::Mapping(_) => {
            reader
                .fields(&node, "`on_message`", &["publish"])
                .and_then(|fields| {
                    if fields.is_empty() {
                        reader.missing(
                            &node,
                            "publish",
                            "`on_message`",
                            "write `on_message: { publish: CHANNEL }`",
                        );
                    }
                    let channel = reader.word(fields.get("publish"), |text| Ok(text.to_owned()))?;
                    Some(OnMessage::Publish(channel))
                })
        }
        Value::String(_) => reader.word(Some(node), message_word).map(|at| at.value),
        _ => {
            reader.wrong_type(
                &node,
                "`handle`, `echo`, `ignore` or `{ publish: CHANNEL }`",
            );
            None
        }
    };
    // What could not be read is not handled either: no handler is asked for on top of the mistake.
    read.unwrap_or(OnMessage::Ignore)
}

#[derive(Clone, Copy)]
enum MessageWord {
    Handle,
    Echo,
    Ignore,
}

fn message_word(text: &str) -> Result<OnMessage, Mistake> {
    let what = "something to do with a message";
    let word = choose(
        text,
        what,
        &[
            ("handle", MessageWord::Handle),
            ("echo", MessageWord::Echo),
            ("ignore", MessageWord::Ignore),
        ],
    )
    .map_err(|mistake| {
        if text == "publish" {
            mistake.help("name the channel: `on_message: { publish: CHANNEL }`")
        } else {
            mistake.help_unless_there("to send it to a channel: `on_message: { publish: CHANNEL }`")
        }
    })?;
    Ok(match word {
        MessageWord::Handle => OnMessage::Handle,
        MessageWord::Echo => OnMessage::Echo,
        MessageWord::Ignore => OnMessage::Ignore,
    })
}

fn accept(reader: &mut Reader, fields: &Fields) -> Accept {
    const KINDS: &[(&str, Accept)] = &[("text", Accept::Text), ("binary", Accept::Binary)];
    const WHAT: &str = "a kind of message";
    let Some(node) = fields.get("accept") else {
        return Accept::TextAndBinary;
    };
    let nodes = match node.value {
        Value::Sequence(_) => reader.elements(&node, "a list of kinds of message"),
        _ => vec![node.clone()],
    };
    if nodes.is_empty() {
        let mistake = Mistake::new(
            code::UNKNOWN_WORD,
            "an endpoint must accept something",
            "an empty list",
        );
        reader.note(
            mistake
                .help("leave `accept` out to accept both, or set `on_message: ignore`")
                .at(&node.place),
        );
    }
    let kinds: Vec<Accept> = nodes
        .into_iter()
        .filter_map(|node| reader.choice(Some(node), WHAT, KINDS))
        .map(|at| at.value)
        .collect();
    match (
        kinds.contains(&Accept::Text),
        kinds.contains(&Accept::Binary),
    ) {
        (true, false) => Accept::Text,
        (false, true) => Accept::Binary,
        _ => Accept::TextAndBinary,
    }
}

fn subprotocols(reader: &mut Reader, node: Option<Node>) -> Vec<At<String>> {
    let Some(node) = node else { return Vec::new() };
    let elements = reader.elements(&node, "a list of subprotocols");
    let mut subprotocols: Vec<At<String>> = Vec::new();
    for node in elements {
        let Some(name) = reader.word(Some(node), subprotocol) else {
            continue;
        };
        match subprotocols.iter().find(|other| other.value == name.value) {
            Some(first) => reader.note(
                Diagnostic::error(
                    code::BAD_SUBPROTOCOL,
                    name.place,
                    format!("the subprotocol `{}` is named twice", name.value),
                )
                .label("again here")
                .related(first.place.clone(), "first here"),
            ),
            None => subprotocols.push(name),
        }
    }
    subprotocols
}

/// A subprotocol's name is a token of HTTP (RFC 6455, section 4.1).
fn subprotocol(text: &str) -> Result<String, Mistake> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_token) {
        return Ok(text.to_owned());
    }
    Err(Mistake::new(
        code::BAD_SUBPROTOCOL,
        format!("{text:?} is not a subprotocol name"),
        "letters, digits and any of !#$%&'*+-.^_`|~ only",
    ))
}
