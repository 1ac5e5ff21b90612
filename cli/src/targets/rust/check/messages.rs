//! Types and messages that Rust has no place for.

use crate::{
    contract::{Contract, Definition, Endpoint, Module, Shape, Type},
    diagnostic::{Diagnostic, code},
    place::Place,
    project::RustTypes,
    targets::rust::names,
    value::{Basic, RustType},
};
use std::collections::BTreeSet;

pub(super) fn check(
    contract: &Contract,
    module: &Module,
    types: &RustTypes,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if module.definitions.is_empty() && module.named().next().is_none() {
        return;
    }
    check_module(contract, module, diagnostics);
    for definition in &module.definitions {
        check_nested(definition, types, diagnostics);
    }
    check_hidden(module, types, diagnostics);
}

/// Messages are in a module of their own, and nothing else can be called so.
fn check_module(contract: &Contract, module: &Module, diagnostics: &mut Vec<Diagnostic>) {
    let taken = |place: Place, what: &str| {
        let message = format!("{what} cannot be called `{}`", names::MESSAGES);
        Diagnostic::error(code::RESERVED_NAME, place, message)
            .label("the module of the spec's messages is called so")
            .help("rename it, or move the messages into a spec of their own that this one names under `use`")
    };
    let is_taken = |endpoint: &&Endpoint| endpoint.key.value.as_str() == names::MESSAGES;
    let endpoint = module.endpoints.iter().find(is_taken);
    diagnostics.extend(endpoint.map(|endpoint| taken(endpoint.place(), "an endpoint")));
    let is_below = |other: &&Module| {
        let below = other.path.strip_prefix(module.path.as_slice());
        below
            .and_then(<[String]>::first)
            .is_some_and(|first| first == names::MESSAGES)
    };
    let below = contract.modules.iter().find(is_below);
    let what = format!("a spec below `{}`", module.spec);
    diagnostics.extend(below.map(|below| taken(below.place.clone(), &what)));
}

/// A module that reads a type for serde reads no list of it.
fn check_nested(definition: &Definition, types: &RustTypes, diagnostics: &mut Vec<Diagnostic>) {
    let is_chosen = |basic: &Basic| match basic {
        Basic::Time => types.time.with.is_some(),
        Basic::Uuid => types.uuid.with.is_some(),
        _ => false,
    };
    let nested = |ty: &Type| {
        let mut found = false;
        ty.each(&mut |ty| {
            if let Type::List(inner, _) | Type::Map(inner, _) = ty {
                inner.each(&mut |ty| found |= matches!(ty, Type::Basic(basic) if is_chosen(basic)));
            }
        });
        found
    };
    let mistake = |place: &Place| {
        Diagnostic::error(
            code::UNFIT_SHAPE,
            place.of_key(),
            "a type that is read with a module of its own cannot be in a list or a map",
        )
        .label("has such a type inside")
        .help("wrap it: declare a type with a field of it, or a type of your crate (`$rust`) with `#[serde(transparent)]` and `#[serde(with = …)]`")
    };
    match &definition.shape {
        Shape::Object(fields) => {
            let fields = fields.iter().filter(|field| nested(&field.ty));
            diagnostics.extend(fields.map(|field| mistake(&field.place)));
        }
        Shape::Alias(ty) if nested(ty) => diagnostics.push(mistake(&definition.place)),
        _ => {}
    }
}

/// Types of the application are named as they are, so that no type of the spec may hide what they name.
fn check_hidden(module: &Module, types: &RustTypes, diagnostics: &mut Vec<Diagnostic>) {
    let foreign = module
        .definitions
        .iter()
        .filter_map(|definition| match &definition.shape {
            Shape::Foreign { rust, .. } => Some(rust),
            _ => None,
        });
    let named = foreign.chain([&types.time.ty, &types.uuid.ty]);
    let words: BTreeSet<&str> = named.flat_map(RustType::unqualified).collect();
    let hiding = module
        .definitions
        .iter()
        .filter(|definition| words.contains(definition.reference.name.as_str()));
    diagnostics.extend(hiding.map(|definition| {
        let name = &definition.reference.name;
        let message = format!("a type of this spec cannot be called `{name}`");
        Diagnostic::error(code::RESERVED_NAME, definition.place.of_key(), message)
            .label("would hide a type that a `$rust` names")
            .help("rename it, or name an alias of your crate in `$rust`")
    }));
}
