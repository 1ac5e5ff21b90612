//! Specs as modules, each with a path of its own.

use super::{
    channels,
    declarations::{self, Declarations},
    endless, endpoints, examples, kinds,
    typed::Vocabulary,
    types::{self, Understood},
};
use crate::{
    contract::{Channel, Contract, Endpoint, Module},
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
    let all = declarations::declarations(sources, specs, diagnostics);
    let types = types::of_all(&all, diagnostics);
    let definitions = types.iter().flat_map(|types| &types.definitions);
    let definitions =
        definitions.map(|definition| (definition.reference.clone(), Arc::clone(definition)));
    let mut contract = Contract {
        modules: Vec::new(),
        definitions: definitions.collect(),
    };
    endless::check(&contract.definitions, diagnostics);
    check_examples(&contract, &types, diagnostics);
    let messages = kinds::of_all(&types);
    let channels = channels::of_all(&all, &types, &messages, diagnostics);
    for (at, (declarations, types)) in all.iter().zip(&types).enumerate() {
        let visible = channels::visible(&all, &channels, at, diagnostics);
        let own = channels.get(at).cloned().unwrap_or_default();
        let vocabulary = Vocabulary {
            names: &types.names,
            messages: &messages,
            wire: &declarations.wire,
        };
        let spec = declarations.spec;
        let endpoints = endpoints::understood(spec, &visible, &vocabulary, diagnostics);
        let module = module(declarations, types, own, endpoints);
        contract.modules.push(module);
        check_content(declarations.spec, diagnostics);
    }
    contract
}

fn check_examples(contract: &Contract, types: &[Understood], diagnostics: &mut Vec<Diagnostic>) {
    for message in types.iter().flat_map(|types| &types.messages) {
        let definition = contract.definition(&message.ty);
        if let (Some(definition), Some(example)) = (definition, &message.example) {
            diagnostics.extend(examples::check(contract, definition, example));
        }
    }
}

fn module(
    declarations: &Declarations,
    types: &Understood,
    channels: Vec<Arc<Channel>>,
    endpoints: Vec<Endpoint>,
) -> Module {
    let Declarations { spec, source, .. } = declarations;
    Module {
        spec: source.path.clone(),
        path: source.module.clone(),
        place: Place::document(spec.source),
        description: spec.description.as_ref().map(|at| at.value.clone()),
        state: spec
            .state
            .clone()
            .filter(|state| !state.value.is_app_state()),
        definitions: types.definitions.clone(),
        messages: types.messages.clone(),
        wire: Arc::clone(&declarations.wire),
        channels,
        endpoints,
    }
}

/// A spec that has nothing in it is a mistake.
fn check_content(spec: &Spec, diagnostics: &mut Vec<Diagnostic>) {
    let is_empty = spec.endpoints.is_empty()
        && spec.channels.is_empty()
        && spec.types.is_empty()
        && spec.messages.is_empty();
    // What cannot be read has its diagnostic.
    let is_known = |diagnostic: &Diagnostic| diagnostic.place.source() == spec.source;
    if is_empty && !diagnostics.iter().any(is_known) {
        diagnostics.push(
            Diagnostic::error(
                code::MISSING_KEY,
                Place::document(spec.source).of_key(),
                "missing key `endpoints`",
            )
            .label("there is nothing in this spec")
            .help("add an endpoint, as in `endpoints: { echo: { path: /echo, on_message: echo } }`, or messages that other specs use"),
        );
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
