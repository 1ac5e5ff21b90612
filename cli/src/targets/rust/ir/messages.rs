//! The module of a spec's messages and types.

use super::{
    Import,
    tokens::{Comment, Str, Tokens},
};

/// `messages.rs` of a spec.
#[derive(Debug)]
pub struct Messages {
    /// Where it stands.
    pub path: Vec<String>,
    /// The spec it comes from.
    pub source: Comment,
    /// What is imported.
    pub imports: Vec<Import>,
    /// What is taken from the messages of other specs: `super::super::common::messages::User`.
    pub reexports: Vec<Tokens>,
    /// The types, in the spec's order.
    pub items: Vec<Item>,
    /// All of them, as the elements of a tuple, line by line.
    pub used: Vec<Tokens>,
    /// Whether clippy may find that tuple too long.
    pub used_allows: bool,
    /// `Option`
    pub option: Tokens,
}

/// A type.
#[derive(Debug)]
pub struct Item {
    /// What it is called.
    pub name: Tokens,
    /// What it is for, line by line.
    pub doc: Vec<Comment>,
    /// What it derives.
    pub derives: Tokens,
    /// Whether lints may object to names, types or texts.
    pub allows: bool,
    /// What it is.
    pub body: Body,
    /// The message that it is.
    pub kind: Option<Kind>,
    /// How it is checked, line by line; none: everything is allowed.
    pub checks: Vec<Tokens>,
    /// The traits that it implements.
    pub traits: Traits,
}

/// The names of the runtime's traits and types, as this module can write them.
#[derive(Clone, Debug)]
pub struct Traits {
    /// `Check`
    pub check: Tokens,
    /// `At`
    pub at: Tokens,
    /// `Kind`
    pub kind: Tokens,
    /// `Tag`
    pub tag: Tokens,
    /// `one_of`
    pub one_of: Tokens,
    /// `Result`
    pub result: Tokens,
}

/// What a type is.
#[derive(Debug)]
pub enum Body {
    /// A struct.
    Struct(Vec<Field>),
    /// An enum without fields, written as text.
    Enum(Vec<Variant>),
    /// An enum of structs.
    OneOf {
        /// The field that says which.
        tag: Str,
        /// The structs.
        members: Vec<Member>,
    },
    /// Another name.
    Alias(Tokens),
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub ident: Tokens,
    /// What it is for, line by line.
    pub doc: Vec<Comment>,
    /// Its attributes for serde.
    pub attributes: Vec<Tokens>,
    /// Its type.
    pub ty: Tokens,
}

/// A variant without fields.
#[derive(Debug)]
pub struct Variant {
    /// Its name.
    pub ident: Tokens,
    /// What it is on the wire, where that is not its name.
    pub rename: Option<Str>,
}

/// A variant with a struct.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub ident: Tokens,
    /// What the tag has on the wire.
    pub tag: Str,
    /// Whether that is its name.
    pub is_same: bool,
    /// The struct.
    pub ty: Tokens,
}

/// What makes a type a message.
#[derive(Debug)]
pub struct Kind {
    /// What it has in its tag.
    pub tag: Tokens,
    /// How it is written, where that is not as usual.
    pub wire: Option<Written>,
}

/// How messages are written.
#[derive(Debug)]
pub struct Written {
    /// The type that says so.
    pub ty: Tokens,
    /// The value.
    pub value: Tokens,
}

impl Item {
    /// Whether it is only another name.
    #[must_use]
    pub fn is_alias(&self) -> bool {
        matches!(self.body, Body::Alias(_))
    }

    /// Whether it is an enum of structs.
    #[must_use]
    pub fn is_one_of(&self) -> bool {
        matches!(self.body, Body::OneOf { .. })
    }
}
