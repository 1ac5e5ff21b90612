//! A contract into the intermediate representation. Every decision about generated code is made here.
//!
//! In a contract nothing is missing, so nothing fails here.

mod arms;
mod doc;
mod endpoint;
mod handler;
mod imports;
mod lints;
mod rules;
mod tree;

use super::{
    ir::{
        self,
        code::{Code, Comment, Str},
    },
    names,
};
use crate::{
    contract::{self, Contract, Module},
    value::{ChannelName, Count, Segment},
};

/// Decides what is generated for all specs of a project, below a folder called `root`.
#[must_use]
pub fn plan(contract: &Contract, root: &str) -> ir::Project {
    let state = state(contract);
    let paths: Vec<&[String]> = contract
        .modules
        .iter()
        .map(|module| module.path.as_slice())
        .collect();
    let modules = contract
        .modules
        .iter()
        .map(|spec| module(spec, &state, &paths));
    ir::Project {
        folders: tree::folders(&paths, root, &state),
        modules: modules.collect(),
    }
}

fn module(module: &Module, state: &ir::State, paths: &[&[String]]) -> ir::Module {
    let endpoints: Vec<ir::Endpoint> = module
        .endpoints
        .iter()
        .map(|endpoint| endpoint::endpoint(module, endpoint, state))
        .collect();
    let used = module.channels.iter().filter(|channel| channel.is_used);
    let channels: Vec<ir::Channel> = used.map(|used| channel(used)).collect();
    ir::Module {
        path: module.path.clone(),
        source: Comment::new(&module.spec),
        doc: doc::lines(module.description.as_deref()),
        children: tree::children(&module.path, paths),
        imports: imports::imports(state, &channels, &endpoints),
        state: state.clone(),
        channels,
        endpoints,
    }
}

/// The state of the router, which is the same in all modules.
fn state(contract: &Contract) -> ir::State {
    let own = contract
        .modules
        .first()
        .and_then(|module| module.state.as_ref());
    let ty = own.map_or("AppState", |state| state.value.code());
    ir::State {
        ty: Code::new(ty),
        shown: Comment::new(ty),
        is_default: own.is_none(),
    }
}

fn channel(channel: &contract::Channel) -> ir::Channel {
    let fills = fills(&channel.name);
    let names: Vec<&str> = fills.iter().map(Code::as_str).collect();
    ir::Channel {
        lints: lints::of_bindings(&names, &[]),
        key: channel.key.value.as_str().to_owned(),
        item: channel_item(channel),
        pattern: Str::new(channel.name.as_str()),
        shown: Comment::new(channel.name.as_str()),
        format: format_string(&channel.name),
        fills,
        capacity: capacity(channel),
    }
}

fn channel_item(channel: &contract::Channel) -> Code {
    Code::new(names::channel_item(
        &channel.key.value,
        channel.name.is_fixed(),
    ))
}

/// A capacity that is not the runtime's own.
fn capacity(channel: &contract::Channel) -> Option<ir::Capacity> {
    (channel.capacity != Count::CHANNEL_CAPACITY.0).then(|| ir::Capacity {
        item: Code::new(format!("{}_CAPACITY", channel.key.value.shouty())),
        value: channel.capacity,
    })
}

/// `room:{room}` as `"room:{}"`.
fn format_string(name: &ChannelName) -> Str {
    let pieces = name.segments().iter().map(|segment| match segment {
        Segment::Fixed(text) => text.as_str(),
        Segment::Filled { .. } => "{}",
    });
    Str::new(pieces.collect::<String>())
}

/// The placeholders of a channel name as parameters.
fn fills(name: &ChannelName) -> Vec<Code> {
    let placeholders = name.placeholders();
    placeholders
        .map(|(placeholder, _)| Code::new(names::fill(placeholder)))
        .collect()
}
