//! No two things that a spec names may become one thing in Rust, nor hide what generated code needs.

use std::collections::BTreeMap;

use crate::code;
use crate::diagnostic::Diagnostic;
use crate::names;
use crate::place::Place;
use crate::spec::{RustType, Spec};

/// Names that generated modules use: items they import, crates they name, types of the language.
const TAKEN: &[&str] = &[
    "alloc",
    "autumn_ws",
    "axum",
    "bool",
    "char",
    "close_code",
    "core",
    "escape",
    "f32",
    "f64",
    "get",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "ready",
    "router",
    "serde",
    "std",
    "str",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
];

pub(super) fn check(spec: &Spec, diagnostics: &mut Vec<Diagnostic>) {
    check_taken(spec, diagnostics);
    let mut items = Items {
        seen: BTreeMap::new(),
        diagnostics,
    };
    for channel in &spec.channels {
        items.add(
            names::channel_item(
                &channel.key.value,
                channel
                    .name
                    .as_ref()
                    .is_none_or(|name| name.value.is_fixed()),
            ),
            &channel.key.place,
            "channel",
        );
    }
    for endpoint in &spec.endpoints {
        for item in names::endpoint_items(&endpoint.key.value) {
            items.add(item, &endpoint.place(), "endpoint");
        }
    }
}

/// Whether generated code needs `name` for itself.
pub(super) fn is_taken(name: &str) -> bool {
    TAKEN.contains(&name)
}

fn check_taken(spec: &Spec, diagnostics: &mut Vec<Diagnostic>) {
    let roots: Vec<&String> = types(spec).flat_map(RustType::roots).collect();
    for endpoint in &spec.endpoints {
        let name = endpoint.key.value.as_str();
        let why = if is_taken(name) {
            "generated code uses this name itself"
        } else if roots.iter().any(|root| *root == name) {
            "would hide the crate that a type in this spec comes from"
        } else {
            continue;
        };
        diagnostics.push(
            Diagnostic::error(
                code::RESERVED_NAME,
                endpoint.place(),
                format!("an endpoint cannot be called `{name}`"),
            )
            .label(why)
            .help(format!(
                "choose another name, such as `{name}_socket`; the path stays as it is"
            )),
        );
    }
}

fn types(spec: &Spec) -> impl Iterator<Item = &RustType> {
    let endpoints = spec.endpoints.iter().flat_map(|endpoint| {
        let params = endpoint.params.iter().filter_map(|param| param.ty.as_ref());
        let query = endpoint.query.iter().filter_map(|field| field.ty.as_ref());
        let extract = endpoint
            .extract
            .iter()
            .filter_map(|extract| extract.ty.as_ref());
        params.chain(query).chain(extract)
    });
    spec.state.iter().chain(endpoints).map(|at| &at.value)
}

/// The items of a generated module so far, by their Rust names.
struct Items<'d> {
    seen: BTreeMap<String, Place>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Items<'_> {
    fn add(&mut self, item: String, place: &Place, what: &str) {
        let Some(first) = self.seen.get(&item) else {
            self.seen.insert(item, place.clone());
            return;
        };
        let told = self.diagnostics.last().is_some_and(|last| {
            last.code == code::NAMES_COLLIDE && last.place.steps() == place.steps()
        });
        if !told {
            self.diagnostics.push(
                Diagnostic::error(
                    code::NAMES_COLLIDE,
                    place.of_key(),
                    format!("this {what} becomes `{item}` in Rust, which is there already"),
                )
                .label("the second one")
                .related(first.of_key(), format!("this becomes `{item}` too"))
                .help("rename one of them"),
            );
        }
    }
}
