//! Types and messages.

use crate::{
    place::{At, Place},
    value::{Basic, Kind, Lengths, Name, RustType, TypeName, WireName},
};
use std::sync::Arc;

/// The type of a value.
#[derive(Clone, Debug)]
pub enum Type {
    /// One that the format knows.
    Basic(Basic),
    /// A list of so many elements.
    List(Box<Self>, Lengths),
    /// An object of any keys, of so many members.
    Map(Box<Self>, Lengths),
    /// Of this type, or `null`.
    Nullable(Box<Self>),
    /// A type that has a definition of its own.
    Named(Reference),
    /// Another name of a type.
    Alias(Reference, Box<Self>),
    /// A type of Rust, which clients in other languages see as text.
    Rust(RustType),
}

/// The name of a type among those of all specs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The module of the spec that declares it.
    pub module: Arc<[String]>,
    /// Its name in there.
    pub name: TypeName,
}

/// A type with a name: one that a spec declares, a message, or the `enum` of a field.
#[derive(Debug)]
pub struct Definition {
    /// The name.
    pub reference: Reference,
    /// Where the spec declares it.
    pub place: Place,
    /// What is said about it.
    pub doc: Option<String>,
    /// What it is.
    pub shape: Shape,
}

/// What a type is.
#[derive(Debug)]
pub enum Shape {
    /// An object.
    Object(Vec<Field>),
    /// One of these texts.
    Enum(Vec<Variant>),
    /// One of these objects, and a field that says which.
    OneOf {
        /// The field.
        tag: WireName,
        /// The objects.
        members: Vec<Member>,
    },
    /// A type of the application.
    Foreign {
        /// In Rust.
        rust: RustType,
        /// In TypeScript.
        #[allow(dead_code, reason = "for clients")]
        ts: Option<String>,
    },
    /// Another name of a type.
    Alias(Type),
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// What it is called on the wire.
    pub wire: WireName,
    /// What it is called in code.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// Whether it may be absent.
    pub is_optional: bool,
    /// What is said about it.
    pub doc: Option<String>,
    /// Whether it should not be used any more.
    pub is_deprecated: bool,
    /// Where the spec declares it.
    pub place: Place,
}

/// A text that a value may be.
#[derive(Debug)]
pub struct Variant {
    /// The text.
    pub value: String,
    /// What it is called in code.
    pub name: TypeName,
    /// Where the spec has it.
    pub place: Place,
}

/// One of the objects that a value may be.
#[derive(Debug)]
pub struct Member {
    /// What the tag has on the wire.
    pub tag: WireName,
    /// What it is called in code.
    pub name: TypeName,
    /// The object.
    pub ty: Reference,
    /// Where the spec has it.
    pub place: Place,
}

/// A message.
#[derive(Debug)]
#[allow(dead_code, reason = "some of it is for clients and documents")]
pub struct Message {
    /// What the spec calls it.
    pub kind: At<Kind>,
    /// What it has in its tag.
    pub tag: Tag,
    /// Its fields.
    pub ty: Reference,
    /// Since which version of the application there is such a message.
    pub since: Option<u32>,
    /// A message as it may be, without its tag.
    pub example: Option<At<serde_json::Value>>,
    /// How it is written.
    pub wire: Arc<Wire>,
}

/// What says on the wire of which kind a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// A text.
    Text(String),
    /// A number.
    Number(u32),
}

/// How messages are written on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The field with the tag.
    pub tag: WireName,
    /// The field that ties a reply to its request.
    pub id: WireName,
    /// The field with the other fields; `None`: they stand beside the tag.
    pub content: Option<WireName>,
    /// Whether there are messages of the format itself.
    pub has_built_in: bool,
}

impl Type {
    /// Any text.
    pub const TEXT: Self = Self::Basic(Basic::Text(Lengths::ALL));

    /// The type that an alias stands for.
    #[must_use]
    pub fn resolved(&self) -> &Self {
        match self {
            Self::Alias(_, ty) => ty.resolved(),
            ty => ty,
        }
    }

    /// Whether `null` is one of its values.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        matches!(self.resolved(), Self::Nullable(_))
    }

    /// Visits the type, and all that it is made of.
    pub fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::List(inner, _)
            | Self::Map(inner, _)
            | Self::Nullable(inner)
            | Self::Alias(_, inner) => inner.each(visit),
            Self::Basic(_) | Self::Named(_) | Self::Rust(_) => {}
        }
    }

    /// The object that a value of the type directly contains, if it is or may be one.
    #[must_use]
    pub fn contained(&self) -> Option<&Reference> {
        match self {
            Self::Named(reference) => Some(reference),
            Self::Nullable(inner) | Self::Alias(_, inner) => inner.contained(),
            Self::Basic(_) | Self::List(..) | Self::Map(..) | Self::Rust(_) => None,
        }
    }
}

impl Definition {
    /// The types that it is made of.
    pub fn types(&self) -> Vec<&Type> {
        match &self.shape {
            Shape::Object(fields) => fields.iter().map(|field| &field.ty).collect(),
            Shape::Alias(ty) => vec![ty],
            Shape::Enum(_) | Shape::OneOf { .. } | Shape::Foreign { .. } => Vec::new(),
        }
    }

    /// The definitions that it names.
    #[must_use]
    pub fn references(&self) -> Vec<&Reference> {
        let mut references = Vec::new();
        for ty in self.types() {
            ty.each(&mut |ty| match ty {
                Type::Named(reference) | Type::Alias(reference, _) => references.push(reference),
                _ => {}
            });
        }
        if let Shape::OneOf { members, .. } = &self.shape {
            references.extend(members.iter().map(|member| &member.ty));
        }
        references
    }
}
