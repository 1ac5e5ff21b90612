//! Entries under names that the author chooses.

use super::{
    defaults,
    field::{ReadEntry, ReadSection},
    reader::{Fields, Node, Reader},
};
use crate::{
    place::At,
    spec::{
        Channel, ChannelParam, Close, Endpoint, Extract, Filling, Keyed, LongClose, LongParam,
        LongQueryField, Param, QueryField,
    },
    value::{
        ChannelName, Name, OwnCloseCode, ParamType, QueryType, RustType, Scalar, TypeText, Use,
        WireName,
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

/// `user.login: admin.login`.
impl ReadEntry for Filling {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let source = reader.text(node, WireName::parse);
        let placeholder = reader.parsed(name.value, name.place.clone(), WireName::parse)?;
        Some(Self {
            placeholder,
            source,
        })
    }
}

/// `user.id: i64`.
impl ReadEntry for ChannelParam {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let ty = reader.text(node, TypeText::parse);
        let name = reader.parsed(name.value, name.place.clone(), WireName::parse)?;
        Some(Self { name, ty })
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

/// `4001: elsewhere` or `4001: { name: elsewhere, retry: never }`.
impl ReadEntry for Close {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let code = reader.parsed(name.value, name.place.clone(), OwnCloseCode::parse);
        let long: LongClose = if node.value.is_mapping() {
            let fields = reader.fields(node, LongClose::SECTION)?;
            ReadSection::read((), &fields, reader)
        } else {
            let fields = Fields::none(LongClose::SECTION, node.place.clone());
            LongClose {
                name: reader.text(node, Name::parse),
                ..ReadSection::read((), &fields, reader)
            }
        };
        Some(Self {
            code: code?,
            retry: long.retry(),
            name: long.name,
            doc: long.doc,
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
                default = defaults::literal(reader, given, ty);
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
