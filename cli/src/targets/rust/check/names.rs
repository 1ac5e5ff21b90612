//! No two things that a spec names may become one thing in Rust, nor hide what generated code needs.

use super::keyword;
use crate::{
    contract::{Action, Endpoint, Module, Typed},
    diagnostic::{Diagnostic, code},
    place::{At, Place},
    project::Crates,
    targets::rust::names,
    value::{Name, RustType},
};
use std::collections::BTreeMap;

/// Names that generated modules use: items they import, crates they name, types of the language.
const TAKEN: &[&str] = &[
    "alloc",
    "autumn_ws",
    "axum",
    "bool",
    "char",
    "close_code",
    "close_refused",
    "core",
    "f32",
    "f64",
    "from_fn",
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

/// Types that a skeleton imports or takes from the prelude: the user's own type must not hide them.
const TAKEN_TYPES: &[&str] = &[
    "AppState",
    "Box",
    "Closed",
    "Err",
    "Lagged",
    "Message",
    "None",
    "Ok",
    "Option",
    "Rejection",
    "Result",
    "Self",
    "Session",
    "Some",
    "String",
    "Vec",
];

pub(super) fn check(module: &Module, crates: &Crates, diagnostics: &mut Vec<Diagnostic>) {
    check_endpoints(module, crates, diagnostics);
    let mut items = Items {
        seen: BTreeMap::new(),
        diagnostics,
    };
    for channel in &module.channels {
        let item = names::channel_item(&channel.key.value, channel.name.value.is_fixed());
        items.add(item, &channel.key.place, "channel");
        if channel.carries.is_some() {
            let messages = names::channel_messages(&channel.key.value);
            items.add(messages, &channel.key.place, "channel");
        }
    }
    for endpoint in &module.endpoints {
        for item in names::endpoint_items(&endpoint.key.value) {
            items.add(item, &endpoint.place(), "endpoint");
        }
        for (item, place) in typed_items(endpoint) {
            items.add(item, place, "message");
        }
    }
    let items = items.seen;
    check_variables(module, &items, diagnostics);
}

/// An extracted value is a variable, and so is a query field whose default serde reads. It must not hide a function of the
/// module.
fn check_variables(
    module: &Module,
    items: &BTreeMap<String, Place>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut check = |name: &At<Name>, what: &str, help: &str| {
        let text = name.value.as_str();
        let item = called(text, items);
        if item.is_none() && !names::LOCALS.contains(&text) {
            return;
        }
        let message = format!("{what} cannot be called `{text}`");
        let diagnostic = Diagnostic::error(code::RESERVED_NAME, name.place.clone(), message)
            .label("generated code uses this name itself")
            .help(format!("{help}, such as `the_{text}`"));
        diagnostics.push(match item {
            Some(item) => diagnostic.related(item.of_key(), "becomes a function of this name"),
            None => diagnostic,
        });
    };
    for endpoint in &module.endpoints {
        for extract in &endpoint.extract {
            check(&extract.name, "an extracted value", "choose another name");
        }
        let query = endpoint.query.iter();
        for field in query.filter(|field| field.written_default().is_some()) {
            check(
                &field.name,
                "a query field with such a default",
                "give it another `name`",
            );
        }
    }
}

/// The item of this name, if it is one that phase one calls: an endpoint's own name it does not call.
fn called<'a>(name: &str, items: &'a BTreeMap<String, Place>) -> Option<&'a Place> {
    let is_called = name.ends_with("_session") || name.ends_with("_channel");
    items.get(name).filter(|_| is_called)
}

/// Whether generated code needs `name` for itself.
pub(super) fn is_taken(name: &str, crates: &Crates) -> bool {
    TAKEN.contains(&name) || crates.roots().any(|root| root == name)
}

fn check_endpoints(module: &Module, crates: &Crates, diagnostics: &mut Vec<Diagnostic>) {
    let roots: Vec<&String> = module.rust_types().flat_map(RustType::roots).collect();
    for endpoint in &module.endpoints {
        let name = endpoint.key.value.as_str();
        if names::is_keyword(name) {
            diagnostics.push(keyword(name, endpoint.place()));
            continue;
        }
        let hides_type =
            endpoint.has_handler() && TAKEN_TYPES.contains(&endpoint.key.value.camel().as_str());
        let why = if hides_type {
            "your type would hide a type that its code needs"
        } else if is_taken(name, crates) {
            "generated code uses this name itself"
        } else if roots.iter().any(|root| *root == name) {
            "would hide the crate that a type in this spec comes from"
        } else {
            continue;
        };
        let message = format!("an endpoint cannot be called `{name}`");
        let help = format!("choose another name, such as `{name}_socket`; the path stays as it is");
        diagnostics.push(
            Diagnostic::error(code::RESERVED_NAME, endpoint.place(), message)
                .label(why)
                .help(help),
        );
    }
}

/// The items for what clients of an endpoint say.
fn typed_items(endpoint: &Endpoint) -> Vec<(String, &Place)> {
    let key = &endpoint.key.value;
    let mut items = Vec::new();
    for taken in endpoint.typed.iter().flat_map(Typed::taken) {
        let name = &taken.message.ty.name;
        match &taken.action {
            Action::Reply(replies) if replies.len() > 1 => {
                items.push((names::reply(key, name), &taken.place));
            }
            Action::Stream { .. } => {
                items.push((names::answer(key, name), &taken.place));
                items.push((names::answered(key, name), &taken.place));
            }
            _ => {}
        }
    }
    items
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
        let is_reported = self.diagnostics.last().is_some_and(|last| {
            last.code == code::NAMES_COLLIDE && last.place.steps() == place.steps()
        });
        if is_reported {
            return;
        }
        let message = format!("two parts of the spec become `{item}` in Rust");
        self.diagnostics.push(
            Diagnostic::error(code::NAMES_COLLIDE, place.of_key(), message)
                .label(format!("this {what}"))
                .related(first.of_key(), "and this one")
                .help("rename one of them"),
        );
    }
}
