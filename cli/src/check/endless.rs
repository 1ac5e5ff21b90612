//! Types that contain themselves without an end: no message could ever have one.

use crate::{
    contract::{Definition, Reference, Shape, Type},
    diagnostic::{Diagnostic, code},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub(super) fn check(
    definitions: &BTreeMap<Reference, Arc<Definition>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut endless = endless(definitions);
    while let Some(start) = endless.first().cloned() {
        let circle = circle(&start, definitions, &endless);
        for reference in &circle {
            endless.remove(reference);
        }
        // What only leads to a circle is endless because of it.
        endless.remove(&start);
        if let Some(first) = circle.first().and_then(|first| definitions.get(first)) {
            diagnostics.push(without_end(&circle, first));
        }
    }
}

/// What has no end, once all that surely has one is taken away.
fn endless(definitions: &BTreeMap<Reference, Arc<Definition>>) -> BTreeSet<Reference> {
    let mut missing: BTreeMap<&Reference, usize> = BTreeMap::new();
    let mut users: BTreeMap<&Reference, Vec<&Reference>> = BTreeMap::new();
    for (reference, definition) in definitions {
        let needed: BTreeSet<&Reference> = needed(definition).into_iter().collect();
        let known = needed
            .iter()
            .filter(|needed| definitions.contains_key(*needed))
            .count();
        let is_choice = matches!(definition.shape, Shape::OneOf { .. });
        let least = if is_choice { known.min(1) } else { known };
        missing.insert(reference, least);
        for needed in needed {
            users.entry(needed).or_default().push(reference);
        }
    }
    let ending = missing.iter().filter(|(_, missing)| **missing == 0);
    let mut ending: Vec<&Reference> = ending.map(|(reference, _)| *reference).collect();
    while let Some(reference) = ending.pop() {
        for user in users.remove(reference).unwrap_or_default() {
            match missing.get_mut(user) {
                Some(1) => {
                    missing.insert(user, 0);
                    ending.push(user);
                }
                Some(more) => *more = more.saturating_sub(1),
                None => {}
            }
        }
    }
    let endless = missing.into_iter().filter(|(_, missing)| *missing > 0);
    endless.map(|(reference, _)| reference.clone()).collect()
}

/// The types without which there is no value of a type.
fn needed(definition: &Definition) -> Vec<&Reference> {
    match &definition.shape {
        Shape::Object(fields) => {
            let fields = fields.iter().filter(|field| !field.is_optional);
            fields.filter_map(|field| inside(&field.ty)).collect()
        }
        Shape::Alias(ty) => inside(ty).into_iter().collect(),
        Shape::OneOf { members, .. } => members.iter().map(|member| &member.ty).collect(),
        Shape::Enum(_) | Shape::Foreign { .. } => Vec::new(),
    }
}

/// The type that every value of this one contains.
fn inside(ty: &Type) -> Option<&Reference> {
    match ty {
        Type::Named(reference) => Some(reference),
        Type::Alias(_, inner) => inside(inner),
        Type::List(inner, items) | Type::Map(inner, items) => {
            items.least.filter(|least| *least > 0)?;
            inside(inner)
        }
        Type::Nullable(_) | Type::Basic(_) | Type::Rust(_) => None,
    }
}

/// The first circle on the way from a type that has no end.
fn circle(
    start: &Reference,
    definitions: &BTreeMap<Reference, Arc<Definition>>,
    endless: &BTreeSet<Reference>,
) -> Vec<Reference> {
    let mut way: Vec<Reference> = Vec::new();
    let mut here = Some(start.clone());
    while let Some(reference) = here {
        if let Some(first) = way.iter().position(|passed| *passed == reference) {
            return way.split_off(first);
        }
        let next = definitions.get(&reference).and_then(|definition| {
            let mut needed = needed(definition).into_iter();
            needed.find(|needed| endless.contains(*needed)).cloned()
        });
        way.push(reference);
        here = next;
    }
    Vec::new()
}

fn without_end(circle: &[Reference], first: &Definition) -> Diagnostic {
    let names = circle.iter().chain(circle.first());
    let names: Vec<String> = names
        .map(|reference| format!("`{}`", reference.name))
        .collect();
    let message = format!(
        "a type contains itself without an end: {}",
        names.join(" → ")
    );
    Diagnostic::error(code::ENDLESS_TYPE, first.place.of_key(), message)
        .label("no value of it could ever be complete")
        .help("let a field on the way be absent (`name?`) or null, or make it a list")
}
