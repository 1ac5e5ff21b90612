//! Types and messages.

use super::{
    field::{ReadEntry, ReadField, ReadSection, ReadValue},
    reader::{Fields, Node, Reader},
};
use crate::{
    diagnostic::{Diagnostic, code},
    place::At,
    spec::{
        Field, Keyed, Kinds, LongField, LongType, LongVariant, Member, Message, MessageBody,
        Number, Type, TypeBody, TypeEntry, TypeExpr, TypeShape, Variant, Variants,
    },
    value::{Base, Described, FieldKey, Kind, Scalar, TypeName, TypeText, WireName},
};
use serde_yaml::Value;

/// `Email: string(3..254)` or `User: { id: uuid }`.
impl ReadEntry for TypeEntry {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let key = reader.parsed(name.value, name.place.clone(), TypeName::parse);
        let (doc, ty) = match node.value {
            Value::Null => (None, Some(Type::Object(Vec::new()))),
            Value::Mapping(_) => {
                let fields = reader.fields(node, TypeBody::SECTION)?;
                let mut body: TypeBody = ReadSection::read((), &fields, reader);
                (body.doc.take(), declared(body, node, reader))
            }
            _ => (None, TypeExpr::read(node, reader).map(Type::Alias)),
        };
        Some(Self {
            name: key?,
            doc,
            ty,
        })
    }
}

/// What the keys of a declared type make of it: one of them at most.
fn declared(body: TypeBody, node: &Node, reader: &mut Reader) -> Option<Type> {
    let has = |key: &str| node.value.get(key).is_some();
    let kinds = ["$enum", "$one_of", "$rust"];
    let mut given = kinds.into_iter().filter(|key| has(key));
    let first = given.next();
    let alone = given.next().or_else(|| {
        let fields = (!body.fields.is_empty()).then_some("fields");
        fields.filter(|_| first.is_some())
    });
    if let (Some(first), Some(other)) = (first, alone) {
        reader.note(
            Diagnostic::error(
                code::UNFIT_SHAPE,
                node.place.key(first).of_key(),
                format!("a type has either `{first}` or {}", named(other)),
            )
            .label("makes the type something else")
            .help("declare two types"),
        );
        return None;
    }
    for (key, needs) in [("$tag", "$one_of"), ("$ts", "$rust")] {
        if has(key) && first != Some(needs) {
            reader.note(needed(node, key, needs));
        }
    }
    match first {
        Some("$enum") => Some(Type::Enum(body.values?.value.0)),
        Some("$one_of") => {
            let Some(tag) = body.tag else {
                if !has("$tag") {
                    reader.note(needed(node, "$one_of", "$tag"));
                }
                return None;
            };
            let members = body.one_of;
            Some(Type::OneOf { tag, members })
        }
        Some(_) => Some(Type::Foreign {
            rust: body.rust?.value.0,
            ts: body.ts,
        }),
        None => Some(Type::Object(body.fields)),
    }
}

fn named(key: &str) -> String {
    match key {
        "fields" => key.to_owned(),
        key => format!("`{key}`"),
    }
}

/// A key that means nothing without another one.
fn needed(node: &Node, key: &str, needs: &str) -> Diagnostic {
    let help = match needs {
        "$tag" => "add the field that says which type it is, as in `$tag: kind`",
        "$one_of" => "add the types, as in `$one_of: { user: User, place: Place }`",
        _ => "add the type in Rust, as in `$rust: crate::Tick`",
    };
    Diagnostic::error(
        code::MISSING_KEY,
        node.place.key(key).of_key(),
        format!("`{key}` needs `{needs}`"),
    )
    .label("means nothing alone")
    .help(help)
}

/// `typing:` or `say: { text: string(1..500) }`.
impl ReadEntry for Message {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let kind = reader.parsed(name.value, name.place.clone(), Kind::parse);
        let fields = match node.value {
            Value::Null => Fields::none(MessageBody::SECTION, node.place.clone()),
            _ => reader.fields(node, MessageBody::SECTION)?,
        };
        let body: MessageBody = ReadSection::read((), &fields, reader);
        Some(Self {
            kind: kind?,
            number: body.kind,
            name: body.name,
            doc: body.doc,
            since: body.since,
            example: body.example,
            fields: body.fields,
        })
    }
}

/// `text: string` or `text?: { type: string, doc: What is said. }`.
impl ReadEntry for Field {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let key = reader.parsed(name.value, name.place.clone(), FieldKey::parse);
        let mut field = Self {
            key: key?,
            name: None,
            doc: None,
            is_deprecated: false,
            ty: None,
        };
        if node.value.is_mapping() {
            if !is_type(node, reader) {
                return Some(field);
            }
            let fields = reader.fields(node, LongField::SECTION)?;
            let long: LongField = ReadSection::read((), &fields, reader);
            field.name = long.name;
            field.doc = long.doc;
            field.is_deprecated = long.deprecated.is_some_and(|at| at.value);
            field.ty = long.long.into_type(node, reader);
        } else {
            field.ty = TypeExpr::read(node, reader);
        }
        Some(field)
    }
}

impl TypeExpr {
    fn new(shape: TypeShape, is_nullable: bool, node: &Node) -> Self {
        Self {
            shape,
            is_nullable,
            items: None,
            place: node.place.clone(),
        }
    }

    /// `string`, `[string]`, `{ map: string }`.
    pub(super) fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match node.value {
            Value::String(_) => {
                let text = reader.text(node, TypeText::parse)?.value;
                let shape = match text.base {
                    Base::Basic(basic) => TypeShape::Basic(basic),
                    Base::Named(name) => TypeShape::Named(name),
                };
                Some(Self::new(shape, text.is_nullable, node))
            }
            Value::Sequence(elements) => {
                let [element] = elements.as_slice() else {
                    reader.note(not_one_element(node));
                    return None;
                };
                let element = Node {
                    value: element,
                    place: node.place.index(0),
                };
                let element = Self::read(&element, reader)?;
                Some(Self::new(TypeShape::List(Box::new(element)), false, node))
            }
            Value::Mapping(_) => {
                if !is_type(node, reader) {
                    return None;
                }
                let fields = reader.fields(node, LongType::SECTION)?;
                let long: LongType = ReadSection::read((), &fields, reader);
                long.into_type(node, reader)
            }
            Value::Null => {
                reader.note(no_type(node));
                None
            }
            _ => reader.wrong_type(node, &Self::FORM),
        }
    }
}

impl LongType {
    /// What one of `type`, `map` and `enum` says.
    fn into_type(self, node: &Node, reader: &mut Reader) -> Option<TypeExpr> {
        let shapes = ["type", "map", "enum"];
        let given: Vec<&str> = shapes
            .into_iter()
            .filter(|key| node.value.get(key).is_some())
            .collect();
        if let [_, second, ..] = given.as_slice() {
            reader.note(
                Diagnostic::error(
                    code::UNFIT_SHAPE,
                    node.place.key(second).of_key(),
                    "a type is one of `type`, `map` and `enum`",
                )
                .label("a second one")
                .help("keep one of them"),
            );
            return None;
        }
        let new = |shape| TypeExpr::new(shape, false, node);
        let mut ty = match given.first() {
            Some(&"map") => new(TypeShape::Map(Box::new(self.map?))),
            Some(&"enum") => new(TypeShape::Enum(self.values?.value.0)),
            _ => self.ty?,
        };
        ty.is_nullable |= self.nullable.is_some_and(|at| at.value);
        ty.items = self.items.or(ty.items);
        Some(ty)
    }
}

/// Whether a mapping is a type in the long form; notes that it is none.
fn is_type(node: &Node, reader: &mut Reader) -> bool {
    let is_type = ["type", "map", "enum"]
        .iter()
        .any(|key| node.value.get(key).is_some());
    if !is_type {
        reader.note(
            Diagnostic::error(
                code::WRONG_TYPE,
                node.place.clone(),
                "a type that is a mapping has one of the keys `type`, `map` and `enum`",
            )
            .label("has none of them")
            .help("declare a nested object under `types`, and name it here; a map is written `{ map: string }`"),
        );
    }
    is_type
}

fn not_one_element(node: &Node) -> Diagnostic {
    Diagnostic::error(
        code::WRONG_TYPE,
        node.place.clone(),
        "a list has elements of one type",
    )
    .label("expected one type in the brackets")
    .help("write `[string]`; for elements of several types, declare a type with `$one_of`")
}

fn no_type(node: &Node) -> Diagnostic {
    let name = node.place.name().unwrap_or_default();
    Diagnostic::error(
        code::WRONG_TYPE,
        node.place.of_key(),
        "expected a type, found nothing",
    )
    .label("has no type")
    .help(format!(
        "write a type, as in `{name}: string`; a value that may be null has the type `string | null`"
    ))
}

impl ReadField for Option<TypeExpr> {
    fn read(node: Option<&Node>, reader: &mut Reader) -> Self {
        TypeExpr::read(node?, reader)
    }
}

/// `user: User`.
impl ReadEntry for Member {
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self> {
        let ty = reader.text(node, |text| Ok(text.to_owned()));
        let tag = reader.parsed(name.value, name.place.clone(), WireName::parse)?;
        Some(Self { tag, ty })
    }
}

/// `[admin, { value: "+", name: Plus }]`.
impl ReadValue for Variants {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if !node.value.is_sequence() {
            return reader.wrong_type(node, &Self::FORM);
        }
        let elements = reader.elements(node, &Self::FORM);
        if elements.is_empty() {
            reader.note(
                Diagnostic::error(code::UNFIT_SHAPE, node.place.clone(), "an empty `enum`")
                    .label("expected at least one text")
                    .help("list the texts, as in `[admin, member]`"),
            );
        }
        let variants = elements.iter().filter_map(|node| variant(node, reader));
        Some(Self(variants.collect()))
    }
}

fn variant(node: &Node, reader: &mut Reader) -> Option<Variant> {
    if !node.value.is_mapping() {
        let value = reader.text(node, |text| Ok(text.to_owned()))?;
        return Some(Variant { value, name: None });
    }
    let fields = reader.fields(node, LongVariant::SECTION)?;
    let long: LongVariant = ReadSection::read((), &fields, reader);
    Some(Variant {
        value: long.value?,
        name: long.name,
    })
}

/// `[said, typing]`.
impl ReadValue for Kinds {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if !node.value.is_sequence() && !node.value.is_string() {
            return reader.wrong_type(node, &Self::FORM);
        }
        let mut kinds: Vec<At<String>> = Vec::new();
        for node in reader.elements(node, &Self::FORM) {
            let Some(kind) = reader.text(&node, |text| Ok(text.to_owned())) else {
                continue;
            };
            match kinds.iter().find(|other| other.value == kind.value) {
                Some(first) => reader.note(
                    Diagnostic::error(
                        code::DUPLICATE,
                        kind.place,
                        format!("duplicate kind `{}`", kind.value),
                    )
                    .label("again here")
                    .related(first.place.clone(), "first here")
                    .help("keep one of them"),
                ),
                None => kinds.push(kind),
            }
        }
        Some(Self(kinds))
    }
}

impl ReadValue for Number {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let number = node
            .value
            .as_u64()
            .and_then(|number| number.try_into().ok());
        match number {
            Some(number) => Some(Self(number)),
            None => reader.wrong_type(node, &Self::FORM),
        }
    }
}

impl ReadValue for bool {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match node.value {
            Value::Bool(value) => Some(*value),
            _ => reader.wrong_type(node, &Self::FORM),
        }
    }
}
