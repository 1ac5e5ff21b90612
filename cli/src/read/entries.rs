//! Entries under names that the author chooses.

use super::{
    field::{ReadEntry, ReadSection},
    reader::{Fields, Node, Reader},
};
use crate::{
    diagnostic::{Diagnostic, code},
    place::At,
    spec::{Channel, Endpoint, Extract, Keyed, LongParam, LongQueryField, Param, QueryField},
    value::{
        ChannelName, Given, Literal, Name, ParamType, QueryType, RustType, Scalar, Use, WireName,
    },
};
use serde_yaml::Value;

/// `lobby:`, `room: "room:{room}"` or `feed: { name: feed, capacity: 256 }`.
impl ReadEntry for Channel {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let key = reader.parsed(name.value, name.place.clone(), Name::parse);
        let (fields, called) = match node.value {
            Value::Mapping(_) => (reader.fields(node, Self::SECTION)?, None),
            Value::Null => (Fields::none(Self::SECTION, node.place.clone()), None),
            _ => {
                let called = reader.text(node, ChannelName::parse);
                // A name that cannot be read is not replaced by the key.
                (
                    Fields::none(Self::SECTION, node.place.clone()),
                    Some(called),
                )
            }
        };
        let has_name = fields.get("name").is_some();
        let mut channel = <Self as ReadSection>::read((key?,), &fields, reader);
        match called {
            Some(called) => channel.name = called,
            None if !has_name => {
                channel.name = reader.parsed(name.value, name.place.clone(), ChannelName::parse);
            }
            None => {}
        }
        Some(channel)
    }
}

impl ReadEntry for Endpoint {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let key = reader.parsed(name.value, name.place.clone(), Name::parse);
        let fields = reader.fields(node, Self::SECTION)?;
        Some(ReadSection::read((key?,), &fields, reader))
    }
}

/// `id: u64` or `"$id": { type: u64, name: id }`.
impl ReadEntry for Param {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let mut called = None;
        let ty = if node.value.is_mapping() {
            let fields = reader.fields(node, LongParam::SECTION)?;
            let long: LongParam = ReadSection::read((), &fields, reader);
            called = long.name;
            long.ty
        } else {
            reader.text(node, ParamType::parse)
        };
        Some(Self {
            wire: reader.parsed(name.value, name.place.clone(), WireName::parse)?,
            name: called,
            ty: ty.map(|ty| At::new(ty.value.0, ty.place)),
        })
    }
}

impl ReadEntry for Extract {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let ty = reader.text(node, |text| RustType::parse_for(text, Use::Extract));
        let name = reader.parsed(name.value, name.place.clone(), Name::parse)?;
        Some(Self { name, ty })
    }
}

/// `nick: String` or `limit: { type: u32, default: 50 }`.
impl ReadEntry for QueryField {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let (mut default, mut called) = (None, None);
        let ty = if node.value.is_mapping() {
            let fields = reader.fields(node, LongQueryField::SECTION)?;
            let long: LongQueryField = ReadSection::read((), &fields, reader);
            if let (Some(given), Some(ty)) = (&long.default, &long.ty) {
                default = literal(reader, given, ty);
            }
            called = long.name;
            long.ty
        } else {
            reader.text(node, QueryType::parse)
        };
        Some(Self {
            wire: reader.parsed(name.value, name.place.clone(), WireName::parse)?,
            name: called,
            ty: ty.map(|ty| At::new(ty.value.0, ty.place)),
            default,
        })
    }
}

/// A default that fits its type.
fn literal(reader: &mut Reader, given: &At<Given>, ty: &At<QueryType>) -> Option<Literal> {
    let QueryType(rust) = &ty.value;
    let literal = Literal::of(&given.value, rust);
    if literal.is_none() {
        let message = format!("this default is not a value of `{}`", rust.as_str());
        let (label, help) = why_not(rust.plain().unwrap_or_default());
        reader.note(
            Diagnostic::error(code::BAD_DEFAULT, given.place.clone(), message)
                .label(label)
                .related(ty.place.clone(), "the type")
                .help(help),
        );
    }
    literal
}

/// What the default of a type must be, and what to do; that of an `Option` for no type.
fn why_not(ty: &str) -> (&'static str, &'static str) {
    match ty {
        "" => (
            "an `Option` is `None` where the client gives nothing",
            "leave `Option` out, or the default",
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
    }
}
