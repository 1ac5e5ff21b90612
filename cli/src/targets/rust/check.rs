//! What cannot be said in Rust, though the contract is sound.

mod messages;
mod names;
mod states;
mod values;

use super::names::is_keyword;
use crate::{
    contract::{Contract, Endpoint, Module},
    diagnostic::{Diagnostic, code},
    place::Place,
    project::Crates,
    targets::rust::Rust,
    value::RustType,
};
use std::collections::BTreeSet;

/// Checks all modules together, in a package that has such names for the crates.
#[must_use]
pub fn check(contract: &Contract, target: &Rust) -> Vec<Diagnostic> {
    let Rust { crates, types, .. } = target;
    let mut diagnostics = Vec::new();
    let roots: BTreeSet<&str> = contract
        .modules
        .iter()
        .flat_map(Module::rust_types)
        .flat_map(RustType::roots)
        .map(String::as_str)
        .collect();
    states::check(contract, &mut diagnostics);
    for module in &contract.modules {
        check_name(module, &roots, crates, &mut diagnostics);
        names::check(module, crates, &mut diagnostics);
        messages::check(contract, module, types, &mut diagnostics);
        for endpoint in &module.endpoints {
            values::check(endpoint, types, &mut diagnostics);
            check_file(module, endpoint, contract, &mut diagnostics);
        }
    }
    diagnostics
}

/// A file's name is a module's name.
fn check_name(
    module: &Module,
    roots: &BTreeSet<&str>,
    crates: &Crates,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for part in &module.path {
        if is_keyword(part) {
            let help = format!("rename `{}`", module.spec);
            diagnostics.push(keyword(part, module.place.clone()).help(help));
        } else if names::is_taken(part, crates) || roots.contains(part.as_str()) {
            let message = format!("a spec cannot be called `{part}`");
            diagnostics.push(
                Diagnostic::error(code::RESERVED_NAME, module.place.clone(), message)
                    .label("its module would hide a name that generated code uses")
                    .help(format!("rename `{}`", module.spec)),
            );
        }
    }
}

/// A handler needs a file that every system takes. `specs/admin.yaml` with a handled endpoint `audit` and
/// `specs/admin/audit.yaml` both need `admin/audit.rs`.
fn check_file(
    module: &Module,
    endpoint: &Endpoint,
    contract: &Contract,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if !endpoint.has_handler() {
        return;
    }
    let name = endpoint.key.value.as_str();
    if endpoint.key.value.is_device() {
        let message = format!("an endpoint with a handler cannot be called `{name}`");
        let help = format!("choose another name, such as `{name}_socket`; the path stays as it is");
        diagnostics.push(
            Diagnostic::error(code::RESERVED_NAME, endpoint.place(), message)
                .label("Windows has a device of this name, and takes no file of it")
                .help(help),
        );
    }
    let is_child = |other: &&Module| {
        let below = other.path.strip_prefix(module.path.as_slice());
        below
            .and_then(<[String]>::first)
            .is_some_and(|child| child == name)
    };
    if let Some(child) = contract.modules.iter().find(is_child) {
        let message = format!(
            "the handler of endpoint `{name}` and the spec `{}` need the same module",
            child.spec
        );
        diagnostics.push(
            Diagnostic::error(code::FILES_COLLIDE, endpoint.place(), message)
                .label(format!(
                    "its code belongs in `{}/{name}.rs`",
                    module.path.join("/")
                ))
                .help("rename the endpoint or the spec"),
        );
    }
}

/// A name that Rust keeps for itself.
fn keyword(name: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        code::BAD_NAME,
        place,
        format!("`{name}` is a keyword of Rust"),
    )
    .label("names become Rust identifiers")
    .help(format!(
        "choose another name, such as `{name}_room` or `my_{name}`"
    ))
}
