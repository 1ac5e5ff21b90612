//! Every generated module and every file of the user's gets a place of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;
use crate::place::Place;
use crate::source::Source;
use crate::spec::{Name, RustType, Spec};
use crate::value::Scalar;

pub(super) fn check(sources: &[Source], specs: &[Spec], diagnostics: &mut Vec<Diagnostic>) {
    let mut modules: BTreeMap<&[String], usize> = BTreeMap::new();
    let roots: BTreeSet<&str> = specs
        .iter()
        .flat_map(names::types)
        .flat_map(RustType::roots)
        .map(String::as_str)
        .collect();
    for (id, source) in sources.iter().enumerate() {
        check_name(id, source, &roots, diagnostics);
        if let Some(first) = modules.insert(&source.module, id) {
            let first_path = sources.get(first).map_or("", |source| source.path.as_str());
            diagnostics.push(
                Diagnostic::error(
                    code::FILES_COLLIDE,
                    Place::document(id),
                    format!(
                        "`{}` and `{first_path}` become the same module",
                        source.path
                    ),
                )
                .label(format!("module `{}`", source.module.join("::")))
                .help("rename one of the files"),
            );
        }
    }
    for (spec, source) in specs
        .iter()
        .filter_map(|spec| Some((spec, sources.get(spec.source)?)))
    {
        check_handlers(spec, source, sources, diagnostics);
    }
}

/// A file's name is a module's name.
fn check_name(
    id: usize,
    source: &Source,
    roots: &BTreeSet<&str>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for part in &source.module {
        let place = Place::document(id);
        match Name::parse(part) {
            Err(mistake) => diagnostics.push(
                mistake
                    .help(format!(
                        "the path of a spec becomes the path of a module: rename `{}`",
                        source.path
                    ))
                    .at(&place),
            ),
            Ok(_) if names::is_taken(part) || roots.contains(part.as_str()) => diagnostics.push(
                Diagnostic::error(
                    code::RESERVED_NAME,
                    place,
                    format!("a spec cannot be called `{part}`"),
                )
                .label("its module would hide a name that generated code uses")
                .help(format!("rename `{}`", source.path)),
            ),
            Ok(_) => {}
        }
    }
}

/// `specs/admin.yaml` with a handled endpoint `audit` and `specs/admin/audit.yaml` both need `admin/audit.rs`.
fn check_handlers(
    spec: &Spec,
    source: &Source,
    sources: &[Source],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for endpoint in spec
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.has_handler())
    {
        let name = endpoint.key.value.as_str();
        let is_child = |other: &&Source| {
            other.module.len() > source.module.len()
                && other.module.starts_with(&source.module)
                && other
                    .module
                    .get(source.module.len())
                    .is_some_and(|child| child == name)
        };
        if let Some(child) = sources.iter().find(is_child) {
            diagnostics.push(
                Diagnostic::error(
                    code::FILES_COLLIDE,
                    endpoint.place(),
                    format!(
                        "the handler of endpoint `{name}` and the spec `{}` need the same module",
                        child.path
                    ),
                )
                .label(format!(
                    "its code goes to `{}/{name}.rs`",
                    source.module.join("/")
                ))
                .help("rename the endpoint or the spec"),
            );
        }
    }
}
