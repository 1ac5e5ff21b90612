//! What has to be known about all types of a project before one of them is printed.

use crate::{
    contract::{Contract, Definition, Reference, Shape, Type},
    project::{Crates, RustTypes},
    targets::rust::{Rust, names},
    value::{Basic, Integer},
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known about the types of a project.
#[derive(Debug)]
pub(in crate::targets::rust::plan) struct Facts {
    /// Those that have something to check, in them or in what they are made of.
    checked: BTreeSet<Reference>,
    /// Those that cannot be compared, because a type of the application is in them.
    foreign: BTreeSet<Reference>,
    /// Where a struct contains itself, through others or not: the struct, and what it contains.
    circular: BTreeSet<(Reference, Reference)>,
    /// How times and UUIDs are written.
    pub(super) types: RustTypes,
    /// The paths to crates.
    pub(super) crates: Crates,
}

impl Facts {
    pub(in crate::targets::rust::plan) fn new(contract: &Contract, target: &Rust) -> Self {
        let users = users(contract);
        let all = contract.definitions.values();
        let checked = all.clone().filter(|definition| has_range(definition));
        let foreign = all.filter(|definition| matches!(definition.shape, Shape::Foreign { .. }));
        Self {
            checked: with_users(checked.map(|definition| &definition.reference), &users),
            foreign: with_users(foreign.map(|definition| &definition.reference), &users),
            circular: circular(contract),
            types: target.types.clone(),
            crates: target.crates.clone(),
        }
    }

    pub(super) fn is_checked(&self, reference: &Reference) -> bool {
        self.checked.contains(reference)
    }

    pub(in crate::targets::rust::plan) fn is_comparable(&self, reference: &Reference) -> bool {
        !self.foreign.contains(reference)
    }

    /// The type of a value that is copied: a number, `bool` or a UUID.
    pub(in crate::targets::rust::plan) fn copied(&self, basic: &Basic) -> String {
        match basic {
            Basic::Uuid => self.types.uuid.ty.code().to_owned(),
            basic => names::copied(basic),
        }
    }

    pub(super) fn is_circular(&self, outer: &Reference, inner: &Reference) -> bool {
        // Nothing is cloned where nothing is circular, which is nearly everywhere.
        !self.circular.is_empty() && self.circular.contains(&(outer.clone(), inner.clone()))
    }
}

/// Who names each type.
fn users(contract: &Contract) -> BTreeMap<&Reference, Vec<&Reference>> {
    let mut users: BTreeMap<&Reference, Vec<&Reference>> = BTreeMap::new();
    for definition in contract.definitions.values() {
        for reference in definition.references() {
            users
                .entry(reference)
                .or_default()
                .push(&definition.reference);
        }
    }
    users
}

/// These types, and all that are made of them.
fn with_users<'a>(
    types: impl Iterator<Item = &'a Reference>,
    users: &BTreeMap<&'a Reference, Vec<&'a Reference>>,
) -> BTreeSet<Reference> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&Reference> = types.collect();
    while let Some(reference) = next.pop() {
        if found.insert(reference.clone()) {
            next.extend(users.get(reference).into_iter().flatten());
        }
    }
    found
}

/// Whether a type itself has a range somewhere.
fn has_range(definition: &Definition) -> bool {
    let mut is_found = false;
    for ty in definition.types() {
        ty.each(&mut |ty| is_found |= is_ranged(ty));
    }
    is_found
}

fn is_ranged(ty: &Type) -> bool {
    match ty {
        Type::Basic(basic) => match basic {
            Basic::Text(range) | Basic::Bytes(range) => !range.is_all(),
            // An `int` is always within what JSON can hold.
            Basic::Integer(integer, range) => *integer == Integer::Int || !range.is_all(),
            Basic::Float(_, range) => !range.is_all(),
            Basic::Bool | Basic::Uuid | Basic::Time | Basic::Json => false,
        },
        Type::List(_, items) | Type::Map(_, items) => !items.is_all(),
        Type::Nullable(_) | Type::Named(_) | Type::Alias(..) | Type::Rust(_) => false,
    }
}

/// The structs that contain something that contains them, but for lists and maps between.
fn circular(contract: &Contract) -> BTreeSet<(Reference, Reference)> {
    let mut circular = BTreeSet::new();
    let contained: BTreeMap<&Reference, Vec<&Reference>> = contract
        .definitions
        .values()
        .map(|definition| (&definition.reference, contained(definition)))
        .collect();
    for (outer, inside) in &contained {
        for inner in inside {
            if reaches(inner, outer, &contained) {
                circular.insert(((*outer).clone(), (*inner).clone()));
            }
        }
    }
    circular
}

fn contained(definition: &Definition) -> Vec<&Reference> {
    match &definition.shape {
        Shape::OneOf { members, .. } => members.iter().map(|member| &member.ty).collect(),
        _ => definition
            .types()
            .into_iter()
            .filter_map(Type::contained)
            .collect(),
    }
}

fn reaches(
    from: &Reference,
    to: &Reference,
    contained: &BTreeMap<&Reference, Vec<&Reference>>,
) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(here) = next.pop() {
        if here == to {
            return true;
        }
        // Specs do not use each other in circles, so a way back stays in the spec.
        if here.module == to.module && seen.insert(here) {
            next.extend(contained.get(here).into_iter().flatten());
        }
    }
    false
}
