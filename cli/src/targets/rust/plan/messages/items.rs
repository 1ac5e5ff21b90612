//! The items of a module of messages.

use super::{
    super::incoming::{tag, wire},
    super::{doc, plain},
    checks,
    types::Scope,
};
use crate::{
    contract::{self, Definition, Field, Module, Shape},
    targets::rust::{
        ir::{
            messages::{self, Body, Item, Kind, Traits},
            tokens::{Comment, Str, Tokens},
        },
        names,
    },
};

pub(super) fn item(definition: &Definition, module: &Module, scope: &mut Scope) -> Item {
    let reference = &definition.reference;
    let doc = doc::doc(definition.doc.as_deref().unwrap_or_default());
    let body = body(definition, scope);
    let is_plain = (doc.is_plain || doc.lines.is_empty()) && plain::is_body(&body);
    let derives = derives(
        &body,
        scope.facts.is_comparable(reference),
        &scope.facts.crates.serde,
    );
    let mut messages = module.messages.iter();
    let message = messages.find(|message| message.ty == *reference);
    let kind = message.map(|message| Kind {
        tag: tag(&message.tag),
        wire: wire(&message.wire, |path| scope.import(path)),
    });
    Item {
        name: Tokens::new(names::type_ident(&reference.name)),
        doc: doc.lines,
        derives,
        allows: !is_plain,
        checks: checks(definition, scope),
        traits: traits(
            &body,
            kind.as_ref(),
            scope.facts.is_checked(reference),
            scope,
        ),
        body,
        kind,
    }
}

/// What is written by its path is what the module has an item for of the same name.
fn traits(body: &Body, kind: Option<&Kind>, is_checked: bool, scope: &mut Scope) -> Traits {
    let mut import = |is_needed: bool, path| {
        Tokens::new(if is_needed {
            scope.import(path)
        } else {
            String::new()
        })
    };
    let is_type = !matches!(body, Body::Alias(_));
    let is_one_of = matches!(body, Body::OneOf { .. });
    Traits {
        check: import(is_type, "autumn_ws::messages::Check"),
        at: import(is_type && is_checked, "autumn_ws::messages::At"),
        kind: import(kind.is_some(), "autumn_ws::messages::Kind"),
        tag: import(kind.is_some(), "autumn_ws::messages::Tag"),
        one_of: import(is_one_of, "autumn_ws::messages::one_of"),
        result: Tokens::new(scope.prelude("Result")),
    }
}

fn body(definition: &Definition, scope: &mut Scope) -> Body {
    match &definition.shape {
        Shape::Object(fields) => {
            let fields = fields
                .iter()
                .map(|field| self::field(definition, field, scope));
            Body::Struct(fields.collect())
        }
        Shape::Enum(variants) => {
            let variant = |variant: &contract::Variant| {
                let ident = names::type_ident(&variant.name);
                messages::Variant {
                    rename: (variant.value != ident).then(|| Str::new(variant.value.as_str())),
                    ident: Tokens::new(ident),
                }
            };
            Body::Enum(variants.iter().map(variant).collect())
        }
        Shape::OneOf { tag, members } => Body::OneOf {
            tag: Str::new(tag.as_str()),
            members: members.iter().map(member).collect(),
        },
        Shape::Foreign { rust, .. } => Body::Alias(Tokens::new(rust.code())),
        Shape::Alias(ty) => Body::Alias(Tokens::new(scope.ty(ty))),
    }
}

fn member(member: &contract::Member) -> messages::Member {
    let ident = names::type_ident(&member.name);
    messages::Member {
        is_same: member.tag.as_str() == ident,
        ident: Tokens::new(ident),
        tag: Str::new(member.tag.as_str()),
        ty: Tokens::new(names::type_ident(&member.ty.name)),
    }
}

fn field(definition: &Definition, field: &Field, scope: &mut Scope) -> messages::Field {
    let ident = names::field(&field.name);
    let mut ty = scope.field(&definition.reference, &field.ty);
    if field.is_optional {
        ty = format!("{}<{ty}>", scope.prelude("Option"));
    }
    messages::Field {
        attributes: attributes(field, &ident, scope),
        ident: Tokens::new(ident),
        doc: field_doc(field),
        ty: Tokens::new(ty),
    }
}

fn field_doc(field: &Field) -> Vec<Comment> {
    let mut lines = doc::doc(field.doc.as_deref().unwrap_or_default()).lines;
    if field.is_deprecated {
        if !lines.is_empty() {
            lines.push(Comment::new(""));
        }
        lines.extend(doc::lines("Deprecated."));
    }
    lines
}

/// What serde has to be told about a field.
fn attributes(field: &Field, ident: &str, scope: &mut Scope) -> Vec<Tokens> {
    let mut parts = Vec::new();
    let wire = field.wire.as_str();
    if wire != ident {
        parts.push(format!("rename = {}", Str::new(wire)));
    }
    if field.is_optional {
        let is_none = format!("{}::is_none", scope.prelude("Option"));
        parts.push(format!(
            "default, skip_serializing_if = {}",
            Str::new(is_none)
        ));
    }
    match scope.with(&field.ty, field.is_optional) {
        Some(with) => parts.push(format!("with = {}", Str::new(with))),
        // By itself, serde takes an `Option` that is not there for one that is null.
        None if field.ty.is_nullable() => {
            let serde = &scope.facts.crates.serde;
            let required = Str::new(format!("{serde}::Deserialize::deserialize"));
            parts.push(format!("deserialize_with = {required}"));
        }
        None => {}
    }
    match parts.as_slice() {
        [] => Vec::new(),
        parts => vec![Tokens::new(parts.join(", "))],
    }
}

fn derives(body: &Body, is_comparable: bool, serde: &str) -> Tokens {
    let compared = if is_comparable { "PartialEq, " } else { "" };
    let (read, written) = (
        format!("{serde}::Deserialize"),
        format!("{serde}::Serialize"),
    );
    Tokens::new(match body {
        Body::Struct(_) => format!("Clone, Debug, {compared}{read}, {written}"),
        Body::Enum(_) => {
            format!("Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, {read}, {written}")
        }
        Body::OneOf { .. } => format!("Clone, Debug, {compared}{written}"),
        Body::Alias(_) => String::new(),
    })
}

/// The checks of an object, or of each object that a value may be.
fn checks(definition: &Definition, scope: &Scope) -> Vec<Tokens> {
    match &definition.shape {
        Shape::Object(fields) => {
            let fields = fields.iter();
            fields
                .flat_map(|field| checks::field(field, scope))
                .collect()
        }
        Shape::OneOf { members, .. } if scope.facts.is_checked(&definition.reference) => {
            let arm = |member: &contract::Member| {
                let ident = names::type_ident(&member.name);
                let action = if scope.facts.is_checked(&member.ty) {
                    "at.value(member)"
                } else {
                    "{}"
                };
                let binding = if scope.facts.is_checked(&member.ty) {
                    "member"
                } else {
                    "_"
                };
                Tokens::new(format!("Self::{ident}({binding}) => {action},"))
            };
            members.iter().map(arm).collect()
        }
        Shape::OneOf { .. } | Shape::Enum(_) | Shape::Foreign { .. } | Shape::Alias(_) => {
            Vec::new()
        }
    }
}
