//! Values that have forms of their own.

use super::{
    field::{ReadField, ReadSection, ReadValue, advised},
    reader::{Node, Reader},
    scalars,
};
use crate::{
    characters::advice,
    diagnostic::{Diagnostic, code},
    place::At,
    spec::{
        ConnectionsPer, Filling, Keyed, LongPlaces, LongSubscribe, OnMessage, OnMessageChoice,
        Publish, Subscribe,
    },
    value::{
        Accept, Count, Delivery, Described, Given, MessageKind, Mistake, Origin, Origins,
        OriginsChoice, Over, Places, PlacesOf, Scalar, Setting, SpecPath, Subprotocol, Switch,
        Version,
    },
};
use serde_yaml::Value;

impl ReadValue for Version {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if node.value.as_u64() == Some(Self::NUMBER) {
            return Some(Self);
        }
        reader.note(
            Diagnostic::error(
                code::VERSION,
                node.place.clone(),
                "unknown version of the format",
            )
            .label("expected the number 1")
            .help("write `version: 1`, or install a newer autumn-gen")
            .help_if(node.value.as_str().and_then(advice)),
        );
        None
    }
}

impl ReadValue for String {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        reader
            .text(node, |text| Ok(text.to_owned()))
            .map(|at| at.value)
    }
}

impl ReadValue for Given {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match node.value {
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::Number(number) => Some(Self::Number(scalars::written(number))),
            Value::String(text) => Some(Self::Text(text.clone())),
            _ => reader.wrong_type(node, &Self::FORM),
        }
    }
}

/// `{ user.id: 5, peer: { most: 50, over: oldest } }`, or `off`.
impl ReadValue for ConnectionsPer {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if is_off(node) {
            return Some(Self::default());
        }
        if !node.value.is_mapping() {
            return reader.wrong_type(node, &Self::FORM);
        }
        let entries = reader.entries(node).into_iter();
        let places = entries.filter_map(|(name, node)| places(&name, &node, reader));
        Some(Self(places.collect()))
    }
}

fn places(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Places> {
    let of = reader.parsed(name.value, name.place.clone(), PlacesOf::parse);
    let (most, over) = if node.value.is_mapping() {
        let fields = reader.fields(node, LongPlaces::SECTION)?;
        let long: LongPlaces = ReadSection::read((), &fields, reader);
        let over = long.over();
        (long.most?.value, over)
    } else {
        (Count::read(node, reader)?, Over::Refuse)
    };
    Some(Places {
        of: of?,
        most: most.0,
        over,
    })
}

/// Whether a limit is switched off: `off` is text for YAML 1.2 and `false` for YAML 1.1.
fn is_off(node: &Node) -> bool {
    match node.value {
        Value::String(text) => text == "off",
        Value::Bool(value) => !value,
        _ => false,
    }
}

/// What cannot be read counts as switched off, so that its default is not held against other settings.
impl<T: Scalar> ReadValue for Switch<T> {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if is_off(node) {
            return Some(Self::Off);
        }
        let read = match node.value {
            Value::String(text) => reader
                .parsed(text, node.place.clone(), |text| {
                    T::parse(text).map_err(|mistake| switch_advice::<T>(mistake, text))
                })
                .map(|at| at.value),
            _ => <T as ReadValue>::read(node, reader),
        };
        Some(read.map_or(Self::Off, Self::On))
    }
}

/// Words that are meant as `off`, or as its opposite.
fn switch_advice<T: Scalar>(mistake: Mistake, text: &str) -> Mistake {
    let is_none = matches!(text, "none" | "never" | "disabled");
    match scalars::instead_of_bool(text) {
        Some(true) => mistake.help("leave it out for the default, or write a value"),
        Some(false) => mistake.help("write `off`"),
        None if is_none => mistake.help("write `off`"),
        None => advised::<T>(mistake, text),
    }
}

/// `same`, `configured`, `any`, an origin, or a list of origins.
impl ReadValue for Origins {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if let Value::String(text) = node.value
            && !text.contains("://")
            && text != Origin::NULL
        {
            let choice = reader.text(node, |text| {
                let help = "for a list of origins, write `[\"https://example.com\"]`";
                OriginsChoice::parse(text).map_err(|mistake| mistake.help_unless_there(help))
            })?;
            return Some(match choice.value {
                OriginsChoice::Same => Self::Same,
                OriginsChoice::Any => Self::Any,
                OriginsChoice::Configured => {
                    let origin = Origin(OriginsChoice::Configured.written());
                    Self::Only(vec![At::new(origin, choice.place)])
                }
            });
        }
        let elements = reader.elements(node, &Self::FORM);
        let origins = elements
            .into_iter()
            .filter_map(|node| read_origin(&node, reader));
        Some(Self::listed(origins.collect()))
    }
}

fn read_origin(node: &Node, reader: &mut Reader) -> Option<At<Origin>> {
    if matches!(node.value, Value::Null) {
        let mistake = Mistake::new(
            code::BAD_ORIGIN,
            "without quotes, `null` is nothing",
            "expected an origin",
        );
        reader.note(mistake.help("write `\"null\"`").at(&node.place));
        return None;
    }
    let origin = reader.text(node, listed_origin)?;
    if origin.value.0 == Origin::NULL {
        let warning = Diagnostic::warning(
            code::NULL_ORIGIN,
            node.place.clone(),
            "every site has pages with the origin `null`",
        );
        reader.note(
            warning
                .label("such as sandboxed frames")
                .help("check a token that other sites do not have, in an extractor or in `open`"),
        );
    }
    Some(origin)
}

fn listed_origin(text: &str) -> Result<Origin, Mistake> {
    match text {
        "same" | "configured" => Ok(Origin(text.to_owned())),
        "any" => Err(Mistake::new(
            code::BAD_ORIGIN,
            format!("`{text}` is not an origin"),
            "not allowed in a list",
        )
        .help("write `origins: any`, which includes all others")),
        _ => Origin::parse(text),
    }
}

/// `text`, `binary`, or a list of them.
impl ReadValue for Accept {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let nodes = match node.value {
            Value::Sequence(_) => reader.elements(node, &Self::FORM),
            _ => vec![node.clone()],
        };
        if nodes.is_empty() {
            let mistake = Mistake::new(
                code::UNKNOWN_VALUE,
                "an endpoint must accept at least one kind of message",
                "an empty list",
            );
            let help = "leave `accept` out to accept both, or set `on_message: ignore`";
            reader.note(mistake.help(help).at(&node.place));
        }
        let mut kinds = Vec::new();
        for node in &nodes {
            kinds.extend(MessageKind::read(node, reader));
        }
        let (text, binary) = (
            kinds.contains(&MessageKind::Text),
            kinds.contains(&MessageKind::Binary),
        );
        Some(match (text, binary) {
            (true, false) => Self::Text,
            (false, true) => Self::Binary,
            _ => Self::TextAndBinary,
        })
    }
}

/// `handle`, `echo`, `ignore` or `{ publish: CHANNEL }`.
///
/// What cannot be read is ignored, so that it asks for no handler on top of the mistake.
impl ReadValue for OnMessage {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let read = match node.value {
            Value::Mapping(_) => publish(node, reader),
            Value::String(_) => reader.text(node, on_message_choice).map(|at| at.value),
            _ => reader.wrong_type(node, &Self::FORM),
        };
        Some(read.unwrap_or(Self::Ignore))
    }
}

fn publish(node: &Node, reader: &mut Reader) -> Option<OnMessage> {
    let fields = reader.fields(node, Publish::SECTION)?;
    let publish: Publish = ReadSection::read((), &fields, reader);
    Some(OnMessage::Publish {
        channel: publish.channel?,
        leaves_out: publish.except.is_some(),
    })
}

fn on_message_choice(text: &str) -> Result<OnMessage, Mistake> {
    let choice = OnMessageChoice::parse(text).map_err(|mistake| {
        let help = "to send it to a channel, write `on_message: { publish: CHANNEL }`";
        match text {
            "publish" => mistake.help(help),
            _ => mistake.help_unless_there(help),
        }
    })?;
    Ok(match choice {
        OnMessageChoice::Handle => OnMessage::Handle,
        OnMessageChoice::Echo => OnMessage::Echo,
        OnMessageChoice::Ignore => OnMessage::Ignore,
    })
}

/// `[lobby, room]` or `{ lobby: handle, room: relay }`.
impl ReadField for Vec<Subscribe> {
    fn read(node: Option<&Node>, reader: &mut Reader) -> Self {
        let Some(node) = node else { return Vec::new() };
        if node.value.is_mapping() {
            let entries = reader.entries(node);
            let subscribe = |(name, node): (At<&str>, Node)| {
                let (delivery, fill) = delivery(&node, reader);
                Subscribe {
                    channel: At::new(name.value.to_owned(), name.place),
                    delivery: delivery.unwrap_or(Delivery::Relay),
                    fill,
                }
            };
            return entries.into_iter().map(subscribe).collect();
        }
        let elements = reader.elements(node, &Self::FORM);
        let relay = |node| {
            let channel = reader.text(&node, |text| Ok(text.to_owned()))?;
            Some(Subscribe {
                channel,
                delivery: Delivery::Relay,
                fill: Vec::new(),
            })
        };
        elements.into_iter().filter_map(relay).collect()
    }
}

/// `relay`, `handle`, `on_demand` or `{ fill: { user.login: admin.login } }`.
fn delivery(node: &Node, reader: &mut Reader) -> (Option<Delivery>, Vec<Filling>) {
    if !node.value.is_mapping() {
        return (Delivery::read(node, reader), Vec::new());
    }
    let Some(fields) = reader.fields(node, LongSubscribe::SECTION) else {
        return (None, Vec::new());
    };
    let long: LongSubscribe = ReadSection::read((), &fields, reader);
    (None, long.fill)
}

/// `[common, billing/shared]`.
impl ReadField for Vec<At<SpecPath>> {
    fn read(node: Option<&Node>, reader: &mut Reader) -> Self {
        let Some(node) = node.filter(|node| !node.value.is_null()) else {
            return Vec::new();
        };
        let elements = reader.elements(node, &Self::FORM).into_iter();
        elements
            .filter_map(|node| reader.text(&node, SpecPath::parse))
            .collect()
    }
}

impl ReadField for Vec<At<Subprotocol>> {
    fn read(node: Option<&Node>, reader: &mut Reader) -> Self {
        let mut subprotocols: Self = Vec::new();
        let Some(node) = node else {
            return subprotocols;
        };
        for node in reader.elements(node, &Self::FORM) {
            let Some(name) = reader.text(&node, Subprotocol::parse) else {
                continue;
            };
            match subprotocols.iter().find(|other| other.value == name.value) {
                Some(first) => reader.note(
                    Diagnostic::error(
                        code::BAD_SUBPROTOCOL,
                        name.place,
                        format!("duplicate subprotocol `{}`", name.value.0),
                    )
                    .label("again here")
                    .related(first.place.clone(), "first here"),
                ),
                None => subprotocols.push(name),
            }
        }
        subprotocols
    }
}
