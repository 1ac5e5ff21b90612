//! Which specs use which: they exist, agree on the wire, and do not use each other in a circle.

use super::declarations::Declarations;
use crate::{
    diagnostic::{Diagnostic, code},
    place::{At, Place},
    suggest,
    value::SpecPath,
};
use std::collections::{BTreeMap, BTreeSet};

/// The specs that each spec uses, by their positions, and where it says so.
pub(super) fn find<'a>(
    all: &[Declarations<'a>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<(usize, &'a Place)>> {
    let positions = all.iter().enumerate();
    let positions: BTreeMap<&[String], usize> = positions
        .map(|(position, declarations)| (&*declarations.module, position))
        .collect();
    let mut found: Vec<Vec<(usize, &Place)>> = Vec::new();
    for user in all {
        let mut uses = Vec::new();
        for named in &user.spec.uses {
            let Some(position) = positions.get(named.value.module()) else {
                diagnostics.push(unknown(named, all));
                continue;
            };
            if uses.iter().any(|(other, _)| other == position) {
                diagnostics.push(mistake(named, "is used twice", "remove one of them"));
                continue;
            }
            if let Some(used) = all.get(*position).filter(|used| used.wire != user.wire) {
                diagnostics.push(wires_differ(user, used, named));
            }
            uses.push((*position, &named.place));
        }
        found.push(uses);
    }
    check_circles(all, &found, diagnostics);
    found
}

/// The positions of all specs, each behind those that it uses.
pub(super) fn in_order(all: &[Declarations]) -> Vec<usize> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    // What is to be done: a spec is entered, and left once all that it uses is in order.
    let mut next: Vec<(usize, bool)> = (0..all.len()).rev().map(|spec| (spec, false)).collect();
    while let Some((spec, is_ready)) = next.pop() {
        if is_ready {
            order.push(spec);
        } else if seen.insert(spec) {
            next.push((spec, true));
            let uses = all
                .get(spec)
                .map(|declarations| declarations.uses.as_slice());
            next.extend(uses.into_iter().flatten().map(|(used, _)| (*used, false)));
        }
    }
    order
}

fn mistake(named: &At<SpecPath>, what: &str, help: &str) -> Diagnostic {
    let message = format!("the spec `{}` {what}", named.value.as_str());
    Diagnostic::error(code::BAD_USE, named.place.clone(), message)
        .label("cannot be used")
        .help(help)
}

fn unknown(named: &At<SpecPath>, all: &[Declarations]) -> Diagnostic {
    let known: Vec<String> = all.iter().map(|other| other.module.join("/")).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let help = suggest::did_you_mean(named.value.as_str(), "the specs are", &known);
    mistake(named, "does not exist", &help.unwrap_or_default())
}

fn wires_differ(user: &Declarations, other: &Declarations, named: &At<SpecPath>) -> Diagnostic {
    let message = format!(
        "`{}` and `{}` write messages differently",
        user.source.path, other.source.path
    );
    let place = |declarations: &Declarations| {
        let wire = &declarations.spec.wire;
        let places = [
            wire.tag.as_ref().map(|at| &at.place),
            wire.id.as_ref().map(|at| &at.place),
            wire.content.as_ref().map(|at| &at.place),
            wire.built_in.as_ref().map(|at| &at.place),
        ];
        places.into_iter().flatten().next().cloned()
    };
    let written = place(other).or_else(|| place(user));
    let written = written.unwrap_or_else(|| Place::document(user.spec.source));
    Diagnostic::error(code::BAD_USE, named.place.clone(), message)
        .label("its messages are written in another way")
        .related(written, "not the same in both")
        .help("write the same `wire` in both specs")
}

/// A spec that uses itself, through others or not.
fn check_circles(
    all: &[Declarations],
    uses: &[Vec<(usize, &Place)>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (start, own) in uses.iter().enumerate() {
        for (first, place) in own {
            let Some(way) = way(uses, *first, start) else {
                continue;
            };
            // Each circle once: at the first of its specs.
            if way.iter().any(|spec| *spec < start) {
                continue;
            }
            let name = |spec: &usize| {
                all.get(*spec)
                    .map(|other| format!("`{}`", other.source.path))
            };
            let names: Vec<String> = [start].iter().chain(&way).filter_map(name).collect();
            let message = format!("specs use each other in a circle: {}", names.join(" → "));
            diagnostics.push(
                Diagnostic::error(code::BAD_USE, (*place).clone(), message)
                    .label("leads back to this spec")
                    .help("move what both need into a third spec"),
            );
        }
    }
}

/// The specs on the way from one to another, both included; the shortest one.
fn way(uses: &[Vec<(usize, &Place)>], from: usize, to: usize) -> Option<Vec<usize>> {
    let mut before: BTreeMap<usize, Option<usize>> = BTreeMap::from([(from, None)]);
    let mut next = vec![from];
    while let Some(here) = (!next.is_empty()).then(|| next.remove(0)) {
        if here == to {
            let mut way = vec![here];
            let mut at = here;
            while let Some(Some(earlier)) = before.get(&at) {
                way.push(*earlier);
                at = *earlier;
            }
            way.reverse();
            return Some(way);
        }
        for (used, _) in uses.get(here).into_iter().flatten() {
            if !before.contains_key(used) {
                before.insert(*used, Some(here));
                next.push(*used);
            }
        }
    }
    None
}
