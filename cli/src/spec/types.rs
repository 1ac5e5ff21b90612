//! Types and messages as their author wrote them.

use super::{Entry, LongField, LongType, LongVariant, MessageBody, TypeBody};
use crate::{
    place::{At, Place},
    value::{
        Basic, Count, Described, FieldKey, Form, Kind, Lengths, MOST_ENTRIES, Name, Notation,
        RustType, SharedForm, TypeName, TypeText, WireName,
    },
};

/// A type and its name.
#[derive(Debug)]
pub struct TypeEntry {
    /// The name.
    pub name: At<TypeName>,
    /// What is said about it.
    pub doc: Option<At<String>>,
    /// What it is; `None` where that could not be read.
    pub ty: Option<Type>,
}

/// What a declared type is.
#[derive(Debug)]
pub enum Type {
    /// An object.
    Object(Vec<Field>),
    /// One of these texts.
    Enum(Vec<Variant>),
    /// One of these types.
    OneOf {
        /// The field that says which.
        tag: At<WireName>,
        /// The types.
        members: Vec<Member>,
    },
    /// A type of the application.
    Foreign {
        /// In Rust.
        rust: RustType,
        /// In TypeScript.
        ts: Option<At<String>>,
    },
    /// Another name of a type.
    Alias(TypeExpr),
}

/// A message.
#[derive(Debug)]
pub struct Message {
    /// What the spec calls it.
    pub kind: At<Kind>,
    /// Its tag, where that is a number.
    pub number: Option<At<Number>>,
    /// What it is called in code, where the author says so.
    pub name: Option<At<TypeName>>,
    /// What is said about it.
    pub doc: Option<At<String>>,
    /// Since which version there is such a message.
    pub since: Option<At<Count>>,
    /// A message as it may be.
    pub example: Option<At<Json>>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its name on the wire, and whether it may be absent.
    pub key: At<FieldKey>,
    /// What it is called in code, where the author says so.
    pub name: Option<At<Name>>,
    /// What is said about it.
    pub doc: Option<At<String>>,
    /// Whether it should not be used any more.
    pub is_deprecated: bool,
    /// Its type.
    pub ty: Option<TypeExpr>,
}

/// A type as it is written where it is used.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// What it is, but for `null`.
    pub shape: TypeShape,
    /// Whether it may be `null`.
    pub is_nullable: bool,
    /// How many elements it may have.
    pub items: Option<At<Lengths>>,
    /// Where it is written.
    pub place: Place,
}

/// What a type is, but for `null`.
#[derive(Clone, Debug)]
pub enum TypeShape {
    /// One that the format knows.
    Basic(Basic),
    /// One that a spec declares.
    Named(String),
    /// A list.
    List(Box<TypeExpr>),
    /// An object of any keys.
    Map(Box<TypeExpr>),
    /// One of these texts.
    Enum(Vec<Variant>),
}

/// A text that a value of an `enum` may be.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The text.
    pub value: At<String>,
    /// What it is called in code, where the author says so.
    pub name: Option<At<TypeName>>,
}

/// The texts that a value of an `enum` may be.
#[derive(Clone, Debug)]
pub struct Variants(pub Vec<Variant>);

/// One of the types of a `$one_of`.
#[derive(Debug)]
pub struct Member {
    /// What the tag has on the wire.
    pub tag: At<WireName>,
    /// The name of the type.
    pub ty: Option<At<String>>,
}

/// Kinds of message, as other parts of a spec name them.
#[derive(Clone, Debug)]
pub struct Kinds(pub Vec<At<String>>);

/// A whole number of 32 bits, without a sign.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub u32);

/// A value as JSON.
#[derive(Clone, Debug)]
pub struct Json(pub serde_json::Value);

impl TypeExpr {
    const SHARED: SharedForm = SharedForm {
        name: "type",
        doc: "what a value is on the wire, in Rust and in clients.",
        form: || {
            Form::Either(&[
                TypeText::FORM,
                Form::List {
                    element: &TypeExpr::FORM,
                    distinct: false,
                    least: 1,
                    most: 1,
                },
                LongType::FORM,
            ])
        },
        examples: &[
            "string(1..500)",
            "[User]",
            "{ map: int }",
            "{ enum: [a, b] }",
        ],
    };
}

impl Described for TypeExpr {
    const FORM: Form = Form::Shared(&Self::SHARED);
}

impl Described for Option<TypeExpr> {
    const FORM: Form = TypeExpr::FORM;
}

impl Described for bool {
    const FORM: Form = Form::Bool;
}

impl Described for Variants {
    const FORM: Form = Form::List {
        element: &Form::Either(&[Form::Text, LongVariant::FORM]),
        distinct: true,
        least: 1,
        most: MOST_ENTRIES,
    };
}

impl Described for Kinds {
    const FORM: Form = Form::Either(&[
        Kind::FORM,
        Form::List {
            element: &Kind::FORM,
            distinct: true,
            least: 0,
            most: MOST_ENTRIES,
        },
    ]);
}

impl Described for Number {
    const FORM: Form = Form::Notation(&Notation {
        name: "whole number",
        doc: "A whole number from 0 to 4294967295.",
        pattern: None,
        numbers: &[0..=u32::MAX],
        examples: &["10"],
    });
}

impl Described for Json {
    const FORM: Form = Form::Any;
}

impl Entry for TypeEntry {
    const NAMES: Form = TypeName::FORM;
    const VALUES: Form = Form::Either(&[
        Form::Nothing,
        TypeText::FORM,
        Form::List {
            element: &TypeExpr::FORM,
            distinct: false,
            least: 1,
            most: 1,
        },
        TypeBody::FORM,
    ]);
}

impl Entry for Message {
    const NAMES: Form = Kind::FORM;
    const VALUES: Form = Form::Either(&[Form::Nothing, MessageBody::FORM]);
}

impl Entry for Field {
    const NAMES: Form = FieldKey::FORM;
    const VALUES: Form = Form::Either(&[
        TypeText::FORM,
        Form::List {
            element: &TypeExpr::FORM,
            distinct: false,
            least: 1,
            most: 1,
        },
        LongField::FORM,
    ]);
}

impl Entry for Member {
    const NAMES: Form = WireName::FORM;
    const VALUES: Form = Form::Text;
}
