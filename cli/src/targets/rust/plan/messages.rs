//! The messages and types of a spec as structs and enums.

mod checks;
mod facts;
mod items;
mod types;

pub(super) use facts::Facts;

use super::{Imports, Whole};
use crate::{
    contract::{Contract, Definition, Module, Reference},
    targets::rust::{
        ir::messages::Messages,
        ir::tokens::{Comment, Tokens},
        names,
    },
};
use std::collections::{BTreeMap, BTreeSet};
use types::Scope;

/// The longest line of names.
const WIDTH: usize = 90;

/// The most types that clippy surely finds short enough in one.
const SHORT: usize = 8;

/// Whether a spec has a module of messages: it has messages or types, or names those of others.
pub(super) fn exists(module: &Module, whole: &Whole) -> bool {
    !module.definitions.is_empty() || !used(whole.contract, module).is_empty()
}

/// The module of a spec's messages, if it has any.
pub(super) fn messages(module: &Module, whole: &Whole) -> Option<Messages> {
    if !exists(module, whole) {
        return None;
    }
    let others = used(whole.contract, module);
    let mut imports = Imports::of(&whole.target.crates);
    let own = module
        .definitions
        .iter()
        .map(|definition| &definition.reference);
    let all: Vec<&Reference> = own.chain(&others).collect();
    let items = all.iter().map(|reference| reference.name.as_str());
    let names: Vec<String> = all
        .iter()
        .map(|reference| names::type_ident(&reference.name))
        .collect();
    let mut scope = Scope::new(items.collect(), &whole.facts, &mut imports);
    let definitions = module.definitions.iter();
    let items = definitions.map(|definition| items::item(definition, module, &mut scope));
    let items = items.collect();
    let option = Tokens::new(scope.prelude("Option"));
    Some(Messages {
        path: [module.path.as_slice(), &[names::MESSAGES.to_owned()]].concat(),
        source: Comment::new(&module.spec),
        imports: imports.lines(),
        reexports: reexports(module, &others),
        items,
        used_allows: names.len() > SHORT,
        used: used_once(&names),
        option,
    })
}

/// The types of other specs that this one names, with all that those are made of.
fn used(contract: &Contract, module: &Module) -> BTreeSet<Reference> {
    let own: BTreeSet<&str> = module
        .definitions
        .iter()
        .map(|definition| definition.reference.name.as_str())
        .collect();
    let is_other = |reference: &&Reference| *reference.module != *module.path;
    let named = module
        .definitions
        .iter()
        .flat_map(|definition| definition.references());
    let named = named.chain(module.named());
    let mut next: Vec<&Reference> = named.filter(is_other).collect();
    let mut used = BTreeSet::new();
    let mut seen_names = BTreeSet::new();
    while let Some(reference) = next.pop() {
        let name = reference.name.as_str();
        if own.contains(name) || used.contains(reference) || !seen_names.insert(name) {
            continue;
        }
        used.insert(reference.clone());
        let definition = contract.definition(reference);
        next.extend(definition.into_iter().flat_map(Definition::references));
    }
    used
}

/// From the messages of one spec to those of each other.
fn reexports(module: &Module, others: &BTreeSet<Reference>) -> Vec<Tokens> {
    let mut by_module: BTreeMap<&[String], Vec<String>> = BTreeMap::new();
    for other in others {
        let names = by_module.entry(&other.module).or_default();
        names.push(names::type_ident(&other.name));
    }
    let up = "super::".repeat(module.path.len() + 1);
    let path = |(module, names): (&[String], Vec<String>)| {
        let down = module.join("::");
        let names = match names.as_slice() {
            [name] => name.clone(),
            names => format!("{{{}}}", names.join(", ")),
        };
        Tokens::new(format!("{up}{down}::{}::{names}", names::MESSAGES))
    };
    by_module.into_iter().map(path).collect()
}

/// All types that a module has or takes from others, in lines that are not too long.
fn used_once(names: &[String]) -> Vec<Tokens> {
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        match lines.last_mut() {
            Some(line) if line.len() + name.len() < WIDTH => {
                line.push(' ');
                line.push_str(name);
                line.push(',');
            }
            _ => lines.push(format!("{name},")),
        }
    }
    if let ([line], [_, _, ..]) = (lines.as_mut_slice(), names) {
        line.pop();
    }
    lines.into_iter().map(Tokens::new).collect()
}
