//! What the specs declare, and which of it each spec can name.

use super::uses;
use crate::{
    contract::{Reference, Wire},
    diagnostic::{Diagnostic, code},
    place::{At, Place},
    source::Source,
    spec::{self, Spec},
    value::{BuiltIn, TypeName},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A type or a message.
#[derive(Clone)]
pub(super) struct Declaration<'a> {
    /// What types call it: the name of a type, or the kind of a message.
    pub(super) key: &'a str,
    /// Where it is declared.
    pub(super) place: &'a Place,
    /// What it is called in code.
    pub(super) reference: Reference,
    pub(super) what: What<'a>,
}

/// What a declaration declares.
#[derive(Clone, Copy)]
pub(super) enum What<'a> {
    Type(&'a spec::TypeEntry),
    Message(&'a spec::Message),
}

/// A spec with all that concerns its types and messages.
pub(super) struct Declarations<'a> {
    pub(super) spec: &'a Spec,
    pub(super) source: &'a Source,
    pub(super) module: Arc<[String]>,
    pub(super) wire: Arc<Wire>,
    /// Its own types and messages.
    pub(super) own: Vec<Declaration<'a>>,
    /// The specs that it uses, by their positions, and where it says so.
    pub(super) uses: Vec<(usize, &'a Place)>,
}

/// What the names mean that a spec can use.
pub(super) type Names<'a> = BTreeMap<&'a str, Declaration<'a>>;

/// The declarations of all specs, each once and with a name in code, and what each spec uses.
pub(super) fn declarations<'a>(
    sources: &'a [Source],
    specs: &'a [Spec],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Declarations<'a>> {
    let with_source = specs
        .iter()
        .filter_map(|spec| Some((spec, sources.get(spec.source)?)));
    let mut all: Vec<Declarations> = with_source
        .map(|(spec, source)| {
            let module: Arc<[String]> = source.module.as_slice().into();
            Declarations {
                spec,
                source,
                wire: Arc::new(wire(spec, diagnostics)),
                own: own(spec, &module, diagnostics),
                module,
                uses: Vec::new(),
            }
        })
        .collect();
    let found = uses::find(&all, diagnostics);
    for (declarations, uses) in all.iter_mut().zip(found) {
        declarations.uses = uses;
    }
    all
}

/// What the spec at a position can name: its own, and what the specs declare that it uses.
pub(super) fn names<'a>(
    all: &[Declarations<'a>],
    at: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Names<'a> {
    let mut names = Names::new();
    let mut in_code: BTreeMap<TypeName, &Source> = BTreeMap::new();
    let Some(own) = all.get(at) else { return names };
    for declaration in &own.own {
        names.insert(declaration.key, declaration.clone());
        in_code.insert(declaration.reference.name.clone(), own.source);
    }
    for (used, place) in &own.uses {
        let Some(used) = all.get(*used).filter(|_| *used != at) else {
            continue;
        };
        for declaration in &used.own {
            let name = &declaration.reference.name;
            if let Some(other) = in_code.insert(name.clone(), used.source) {
                diagnostics.push(declared_in_both(declaration, other, used.source, place));
            }
            names
                .entry(declaration.key)
                .or_insert_with(|| declaration.clone());
        }
    }
    names
}

fn declared_in_both(
    declaration: &Declaration,
    one: &Source,
    other: &Source,
    place: &Place,
) -> Diagnostic {
    let name = declaration.reference.name.as_str();
    let message = format!(
        "`{name}` is declared in `{}` and in `{}`",
        one.path, other.path
    );
    Diagnostic::error(code::NAMES_COLLIDE, place.clone(), message)
        .label("brings the second one")
        .related(declaration.place.of_key(), "declared here")
        .help("rename one of them; a message is renamed in code by `$name`")
}

/// The types and messages of a spec that have a name in code.
fn own<'a>(
    spec: &'a Spec,
    module: &Arc<[String]>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Declaration<'a>> {
    let types = spec.types.iter().map(|entry| {
        (
            entry.name.value.as_str(),
            &entry.name.place,
            Some(entry.name.value.clone()),
            What::Type(entry),
        )
    });
    let messages = spec.messages.iter().map(|message| {
        let kind = &message.kind;
        let name = message.name.as_ref().map(|name| name.value.clone());
        let name = name.or_else(|| TypeName::made_of(kind.value.as_str()));
        (
            kind.value.as_str(),
            &kind.place,
            name,
            What::Message(message),
        )
    });
    let mut own: Vec<Declaration> = Vec::new();
    let mut seen: BTreeMap<TypeName, &Place> = BTreeMap::new();
    for (key, place, name, what) in types.chain(messages) {
        let Some(name) = name else {
            diagnostics.push(nameless(key, place));
            continue;
        };
        if let Some(first) = seen.get(&name) {
            diagnostics.push(collision(&name, place, first));
            continue;
        }
        seen.insert(name.clone(), place);
        let module = Arc::clone(module);
        own.push(Declaration {
            key,
            place,
            reference: Reference { module, name },
            what,
        });
    }
    check_numbers(spec, diagnostics);
    own
}

/// Two things that become one item.
pub(super) fn collision(name: &TypeName, place: &Place, first: &Place) -> Diagnostic {
    let message = format!("two parts of the spec become `{name}` in code");
    Diagnostic::error(code::NAMES_COLLIDE, place.of_key(), message)
        .label("this one")
        .related(first.of_key(), "and this one")
        .help("rename one of them; a message is renamed in code by `$name`, a field by `name`")
}

fn nameless(kind: &str, place: &Place) -> Diagnostic {
    let message = format!("no name in code can be made of `{kind}`");
    Diagnostic::error(code::BAD_NAME, place.of_key(), message)
        .label("needs a name of letters and digits")
        .help("add `$name: NAME` to the message, with a name of your choice")
}

/// Two messages with the same number.
fn check_numbers(spec: &Spec, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<u32, &Place> = BTreeMap::new();
    let numbers = spec
        .messages
        .iter()
        .filter_map(|message| message.number.as_ref());
    for At { value, place } in numbers {
        let Some(first) = seen.insert(value.0, place) else {
            continue;
        };
        diagnostics.push(
            Diagnostic::error(
                code::BAD_KIND,
                place.clone(),
                format!("two messages have the `$kind` {}", value.0),
            )
            .label("again here")
            .related(first.clone(), "first here")
            .help("give each message its own number"),
        );
    }
}

/// How messages are written: fields of different names.
fn wire(spec: &Spec, diagnostics: &mut Vec<Diagnostic>) -> Wire {
    let written = &spec.wire;
    let wire = Wire {
        tag: written.tag(),
        id: written.id(),
        content: written
            .content
            .as_ref()
            .map(|content| content.value.clone()),
        has_built_in: written.built_in() == BuiltIn::On,
    };
    let places = [&written.tag, &written.id, &written.content];
    let names = [Some(&wire.tag), Some(&wire.id), wire.content.as_ref()];
    let mut seen = BTreeSet::new();
    for (place, name) in places.into_iter().zip(names) {
        let Some(name) = name else { continue };
        if seen.insert(name.as_str()) {
            continue;
        }
        let place = place
            .as_ref()
            .or(written.tag.as_ref())
            .map(|at| at.place.clone());
        let place = place.unwrap_or_else(|| Place::document(spec.source));
        let message = format!("two fields of `wire` are called `{}`", name.as_str());
        diagnostics.push(
            Diagnostic::error(code::BAD_WIRE, place, message)
                .label("this one")
                .help("give `tag`, `id` and `content` different names; without a line of their own, the first two are `type` and `$id`"),
        );
    }
    wire
}
