//! Specs as modules, each with a path of its own.

use super::{channels, endpoints};
use crate::{
    contract::{Channel, Contract, Module},
    diagnostic::{Diagnostic, code},
    place::Place,
    source::Source,
    spec::Spec,
    value::{Name, Scalar},
};
use std::{collections::BTreeMap, sync::Arc};

/// What could be understood of the specs. Whatever is left out has its diagnostic.
pub(super) fn contract(
    sources: &[Source],
    specs: &[Spec],
    diagnostics: &mut Vec<Diagnostic>,
) -> Contract {
    let with_source = specs
        .iter()
        .filter_map(|spec| Some((spec, sources.get(spec.source)?)));
    Contract {
        modules: with_source
            .map(|(spec, source)| module(spec, source, diagnostics))
            .collect(),
    }
}

fn module(spec: &Spec, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Module {
    let channels: Vec<Arc<Channel>> = channels::understood(spec);
    let endpoints = endpoints::understood(spec, &channels, diagnostics);
    Module {
        spec: source.path.clone(),
        path: source.module.clone(),
        place: Place::document(spec.source),
        description: spec.description.as_ref().map(|at| at.value.clone()),
        state: spec
            .state
            .clone()
            .filter(|state| !state.value.is_app_state()),
        channels,
        endpoints,
    }
}

/// The path of a spec is the path of a module: of names, and different from all others.
pub(super) fn check(sources: &[Source], diagnostics: &mut Vec<Diagnostic>) {
    let mut modules: BTreeMap<&[String], &Source> = BTreeMap::new();
    for (id, source) in sources.iter().enumerate() {
        for part in &source.module {
            match Name::parse(part) {
                Ok(name) if name.is_device() => diagnostics.push(device(id, source, part)),
                Ok(_) => {}
                Err(mistake) => {
                    let help = "the path of a spec becomes the path of a module";
                    let help = format!("{help}: rename `{}`", source.path);
                    diagnostics.push(mistake.help(help).at(&Place::document(id)));
                }
            }
        }
        if let Some(first) = modules.insert(&source.module, source) {
            diagnostics.push(same_module(id, source, first));
        }
    }
}

fn device(id: usize, source: &Source, part: &str) -> Diagnostic {
    let message = format!("a spec cannot be called `{part}`");
    Diagnostic::error(code::RESERVED_NAME, Place::document(id), message)
        .label("Windows has a device of this name, and takes no file of it")
        .help(format!("rename `{}`", source.path))
}

fn same_module(id: usize, source: &Source, first: &Source) -> Diagnostic {
    let message = format!(
        "`{}` and `{}` become the same module",
        source.path, first.path
    );
    Diagnostic::error(code::FILES_COLLIDE, Place::document(id), message)
        .label(format!("module `{}`", source.module.join("::")))
        .help("rename one of the files")
}
