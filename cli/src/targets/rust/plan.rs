//! A contract into the intermediate representation. Every decision about generated code is made here.
//!
//! In a contract nothing is missing, so nothing fails here.

mod arms;
mod channel;
mod closes;
mod constants;
mod doc;
mod endpoint;
mod handler;
mod imports;
mod incoming;
mod messages;
mod plain;
mod request;
mod tree;
mod typed;

use super::ir::{
    self,
    tokens::{Comment, Str, Tokens},
};
use crate::{
    contract::{Contract, Module},
    project::Crates,
    targets::rust::{Rust, names},
};
use imports::Imports;

/// The most lines of mounts for which a router is surely short enough for clippy's `too_many_lines`.
const SHORT: usize = 15;

/// What every module is planned from.
struct Whole<'a> {
    contract: &'a Contract,
    target: &'a Rust,
    facts: messages::Facts,
    state: ir::State,
    /// The paths of all modules.
    paths: Vec<&'a [String]>,
}

/// Decides what is generated for all specs of a project, below a module called `root`.
#[must_use]
pub fn plan(contract: &Contract, root: &str, target: &Rust) -> ir::Project {
    let modules = contract.modules.iter();
    let whole = Whole {
        contract,
        target,
        facts: messages::Facts::new(contract, target),
        state: state(contract),
        paths: modules
            .clone()
            .map(|module| module.path.as_slice())
            .collect(),
    };
    let mut planned = ir::Project {
        folders: tree::folders(&whole.paths, root, &whole.state),
        modules: modules.clone().map(|spec| module(spec, &whole)).collect(),
        messages: modules
            .filter_map(|spec| messages::messages(spec, &whole))
            .collect(),
        crates: crates(&target.crates),
        is_included: target.is_included,
    };
    if target.is_included {
        leave_to_hand(contract, &mut planned);
    }
    planned
}

fn module(module: &Module, whole: &Whole) -> ir::Module {
    let Whole {
        state,
        paths,
        target,
        facts,
        ..
    } = whole;
    let mut imports = Imports::of(&target.crates);
    imports.need(["axum::Router"]);
    if state.is_default {
        imports.need(["autumn_ws::AppState"]);
    }
    let channels = module.channels.iter();
    let channels = channels
        .map(|channel| channel::channel(channel, facts, &mut imports))
        .collect();
    let endpoints: Vec<ir::Endpoint> = module
        .endpoints
        .iter()
        .map(|endpoint| endpoint::endpoint(module, endpoint, whole, &mut imports))
        .collect();
    let children = tree::children(&module.path, paths);
    let description = doc::doc(module.description.as_deref().unwrap_or_default());
    let mounted = endpoints.len() + children.len();
    let (about, doc) = if description.is_plain {
        (description.lines, Vec::new())
    } else {
        (
            vec![Comment::new(if endpoints.is_empty() {
                " What other specs use."
            } else {
                " WebSocket endpoints."
            })],
            description.lines,
        )
    };
    ir::Module {
        path: module.path.clone(),
        source: Comment::new(&module.spec),
        messages: messages::exists(module, whole)
            .then(|| messages_path(module, target.is_included)),
        handlers: handlers(module),
        about,
        allows: !doc.is_empty() || mounted > SHORT,
        doc,
        children,
        imports: imports.lines(),
        state: state.clone(),
        channels,
        endpoints,
    }
}

/// The declaration of the module of messages. Rust looks for a module of an included file beside that file.
fn messages_path(module: &Module, is_included: bool) -> Tokens {
    let name = names::MESSAGES;
    let Some(folder) = module.path.last().filter(|_| is_included) else {
        return Tokens::new(format!("pub mod {name};"));
    };
    let path = Str::new(format!("{folder}/{name}.rs"));
    Tokens::new(format!(
        "#[allow(missing_copy_implementations, missing_docs, unreachable_pub, reason = \"public for the rest of the application, and documented in the spec\")]\n#[path = {path}]\npub mod {name};"
    ))
}

/// Paths to the crates.
fn crates(crates: &Crates) -> ir::Crates {
    let is_found = crates.serde == Crates::default().serde;
    ir::Crates {
        autumn_ws: Tokens::new(&crates.autumn_ws),
        axum: Tokens::new(&crates.axum),
        serde: Tokens::new(&crates.serde),
        serde_elsewhere: (!is_found).then(|| Str::new(&crates.serde)),
    }
}

/// Where files are included, modules of handlers are declared beside the `include!`, and so are the modules that have
/// some: in `OUT_DIR` nobody would find them.
fn leave_to_hand(contract: &Contract, planned: &mut ir::Project) {
    let handled = contract.modules.iter();
    let handled = handled.filter(|module| !handlers(module).is_empty());
    let by_hand: Vec<&[String]> = handled.map(|module| module.path.as_slice()).collect();
    for folder in &mut planned.folders {
        tree::leave_to_hand(&mut folder.children, &folder.path, &by_hand);
    }
    for module in &mut planned.modules {
        module.handlers.clear();
        tree::leave_to_hand(&mut module.children, &module.path, &by_hand);
    }
}

/// The modules of the user's code.
fn handlers(module: &Module) -> Vec<ir::Child> {
    let handled = module
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.has_handler());
    let name = handled.map(|endpoint| endpoint.key.value.as_str());
    let parent = module.path.last().map(String::as_str);
    name.map(|name| tree::child(name, parent)).collect()
}

/// The state of the router, which is the same in all modules.
fn state(contract: &Contract) -> ir::State {
    let first = contract.modules.first();
    let own = first.and_then(|module| module.state.as_ref());
    ir::State {
        ty: Tokens::new(own.map_or("AppState", |state| state.value.code())),
        own: Tokens::new(own.map_or("AppState", |state| state.value.behind_arcs())),
        is_default: own.is_none(),
    }
}
