//! Checked specs into the intermediate representation. Every decision about generated code is made here.
//!
//! `validate` has found no error, so nothing fails: names resolve, and what could not be read is not there.

mod arms;
mod doc;
mod endpoint;
mod handler;
mod imports;
mod lints;
mod rules;
mod tree;

use crate::source::Source;
use crate::spec::{self, ChannelName, Segment, Spec};
use crate::targets::rust::ir;
use crate::targets::rust::ir::code::{Code, Comment, Str};
use crate::targets::rust::names;
use crate::value::Scalar;

/// Decides what is generated for all specs of a project, below a folder called `root`.
#[must_use]
pub fn plan(sources: &[Source], specs: &[Spec], root: &str) -> ir::Project {
    let state = state(specs.first());
    let paths: Vec<&[String]> = sources
        .iter()
        .map(|source| source.module.as_slice())
        .collect();
    let modules = specs
        .iter()
        .filter_map(|spec| Some(module(spec, sources.get(spec.source)?, &state, &paths)));
    ir::Project {
        folders: tree::folders(&paths, root, &state),
        modules: modules.collect(),
    }
}

fn module(spec: &Spec, source: &Source, state: &ir::State, paths: &[&[String]]) -> ir::Module {
    let endpoints: Vec<ir::Endpoint> = spec
        .endpoints
        .iter()
        .filter_map(|endpoint| endpoint::endpoint(spec, endpoint, source, state))
        .collect();
    let channels: Vec<ir::Channel> = used_channels(spec).filter_map(channel).collect();
    ir::Module {
        path: source.module.clone(),
        source: Comment::new(&source.path),
        doc: doc::lines(spec.description.as_ref().map(|at| at.value.as_str())),
        children: tree::children(&source.module, paths),
        imports: imports::imports(state, &channels, &endpoints),
        state: state.clone(),
        channels,
        endpoints,
    }
}

fn state(first: Option<&Spec>) -> ir::State {
    let own = first
        .and_then(|spec| spec.state.as_ref())
        .filter(|state| !state.value.is_app_state());
    let ty = own.map_or("AppState", |state| state.value.tokens());
    ir::State {
        ty: Code::new(ty),
        shown: Comment::new(&ty.replace(' ', "").replace(',', ", ")),
        is_default: own.is_none(),
    }
}

fn used_channels(spec: &Spec) -> impl Iterator<Item = &spec::Channel> {
    let is_used = |key: &str| {
        spec.endpoints
            .iter()
            .any(|endpoint| endpoint.channels().any(|channel| channel.value == key))
    };
    spec.channels
        .iter()
        .filter(move |channel| is_used(channel.key.value.as_str()))
}

fn channel(channel: &spec::Channel) -> Option<ir::Channel> {
    let name = &channel.name.as_ref()?.value;
    let key = &channel.key.value;
    let fills = fills(name);
    let names: Vec<&str> = fills.iter().map(Code::as_str).collect();
    Some(ir::Channel {
        lints: lints::of_bindings(&names, &[]),
        key: key.as_str().to_owned(),
        item: channel_item(channel, name),
        pattern: Str::new(name.as_str()),
        shown: Comment::new(name.as_str()),
        format: format_string(name),
        fills,
        capacity: capacity(channel),
    })
}

fn channel_item(channel: &spec::Channel, name: &ChannelName) -> Code {
    Code::new(names::channel_item(&channel.key.value, name.is_fixed()))
}

fn capacity(channel: &spec::Channel) -> Option<ir::Capacity> {
    let capacity = channel.capacity.as_ref()?;
    Some(ir::Capacity {
        item: Code::new(format!("{}_CAPACITY", channel.key.value.shouty())),
        value: capacity.value.0,
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
    let idents = name
        .placeholders()
        .filter_map(|(placeholder, _)| spec::WireName::parse(placeholder).ok());
    idents.map(|name| Code::new(name.ident)).collect()
}
