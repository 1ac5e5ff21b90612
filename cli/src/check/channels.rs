//! Channels: declared once, used, and with names that cannot be the same.

use super::{
    declarations::{Declarations, Names},
    kinds::{Messages, message},
    types::Understood,
};
use crate::{
    contract,
    diagnostic::{Diagnostic, code},
    place::{At, Place},
    spec::{Channel, ChannelParam, Spec},
    suggest,
    value::{Base, Basic, ChannelName, TypeText},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The channels of each spec whose names could be read.
pub(super) fn of_all(
    all: &[Declarations],
    types: &[Understood],
    messages: &Messages,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<Arc<contract::Channel>>> {
    let specs = all.iter().zip(types);
    specs
        .map(|(declarations, types)| understood(declarations, &types.names, messages, diagnostics))
        .collect()
}

fn understood(
    declarations: &Declarations,
    names: &Names,
    messages: &Messages,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Arc<contract::Channel>> {
    let spec = declarations.spec;
    let used = used(spec);
    let mut understood = Vec::new();
    for channel in &spec.channels {
        let kinds = channel.carries.as_ref();
        let carries = kinds.map(|kinds| {
            let mut carried = Vec::new();
            for kind in &kinds.value.0 {
                carried.extend(message(kind, names, messages, diagnostics));
            }
            carried
        });
        let Some(name) = &channel.name else { continue };
        understood.push(Arc::new(contract::Channel {
            key: channel.key.clone(),
            module: Arc::clone(&declarations.module),
            name: name.clone(),
            params: params(channel, name, diagnostics),
            capacity: channel.capacity(),
            carries,
            is_used: used.contains(channel.key.value.as_str()),
        }));
    }
    understood
}

/// The types of placeholders that are there.
fn params(
    channel: &Channel,
    name: &At<ChannelName>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Basic> {
    let mut params = BTreeMap::new();
    for param in &channel.params {
        let placeholder = param.name.value.as_str();
        let known: Vec<&str> = name.value.placeholders().map(|(wire, ..)| wire).collect();
        if !known.contains(&placeholder) {
            diagnostics.push(no_placeholder(param, name, &known));
            continue;
        }
        let Some(ty) = &param.ty else { continue };
        match fills(&ty.value) {
            Some(basic) => {
                params.insert(placeholder.to_owned(), basic);
            }
            None => diagnostics.push(
                Diagnostic::error(
                    code::UNFIT_TYPE,
                    ty.place.clone(),
                    "this type cannot fill the name of a channel",
                )
                .label("expected `string`, `bool`, `uuid`, or a whole number without a range")
                .help("leave it out: anything that displays fills a placeholder without a type"),
            ),
        }
    }
    params
}

/// A type whose values are different as text, too.
fn fills(ty: &TypeText) -> Option<Basic> {
    match &ty.base {
        _ if ty.is_nullable => None,
        Base::Basic(basic @ (Basic::Bool | Basic::Uuid)) => Some(*basic),
        Base::Basic(basic @ Basic::Text(range)) if range.is_all() => Some(*basic),
        Base::Basic(basic @ Basic::Integer(_, range)) if range.is_all() => Some(*basic),
        Base::Basic(_) | Base::Named(_) => None,
    }
}

fn no_placeholder(param: &ChannelParam, name: &At<ChannelName>, known: &[&str]) -> Diagnostic {
    let placeholder = param.name.value.as_str();
    let message = format!("the name of the channel has no placeholder `{{{placeholder}}}`");
    let add = || {
        format!(
            "add it to the name, as in `{}:{{{placeholder}}}`",
            name.value.as_str()
        )
    };
    Diagnostic::error(code::NOT_IN_PATH, param.name.place.of_key(), message)
        .label("not in the name")
        .related(name.place.clone(), "the name")
        .help(suggest::did_you_mean(placeholder, "the placeholders are", known).unwrap_or_else(add))
}

/// What an endpoint of a spec can name: its own channels, and those of the specs that it uses.
pub(super) fn visible(
    all: &[Declarations],
    channels: &[Vec<Arc<contract::Channel>>],
    at: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Arc<contract::Channel>> {
    let mut visible = channels.get(at).cloned().unwrap_or_default();
    let uses = all.get(at).map(|declarations| declarations.uses.as_slice());
    for (used, place) in uses.into_iter().flatten() {
        for channel in channels.get(*used).into_iter().flatten() {
            let key = &channel.key;
            let mut others = visible.iter();
            match others.find(|other| other.key.value == key.value) {
                Some(other) if other.module == channel.module => {}
                Some(other) => diagnostics.push(declared_twice(channel, other, place)),
                None => visible.push(Arc::clone(channel)),
            }
        }
    }
    visible
}

fn declared_twice(
    channel: &contract::Channel,
    other: &contract::Channel,
    place: &Place,
) -> Diagnostic {
    let message = format!(
        "two specs declare the channel `{}`",
        channel.key.value.as_str()
    );
    Diagnostic::error(code::NAMES_COLLIDE, place.clone(), message)
        .label("brings the second one")
        .related(other.key.place.of_key(), "the first one")
        .related(channel.key.place.of_key(), "the second one")
        .help("rename one of them; its `name` can stay as it is")
}

fn used(spec: &Spec) -> BTreeSet<&str> {
    let named = spec
        .endpoints
        .iter()
        .flat_map(crate::spec::Endpoint::channels);
    named.map(|channel| channel.value.as_str()).collect()
}

pub(super) fn check(specs: &[Spec], diagnostics: &mut Vec<Diagnostic>) {
    check_overlaps(specs, diagnostics);
}

fn check_overlaps(specs: &[Spec], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(usize, &Channel, &At<ChannelName>)> = Vec::new();
    let channels = specs
        .iter()
        .flat_map(|spec| spec.channels.iter().map(|channel| (spec.source, channel)));
    for (source, channel) in channels {
        let Some(name) = &channel.name else { continue };
        let clash = seen
            .iter()
            .find(|(_, _, other)| other.value.overlaps(&name.value));
        if let Some((other_source, other, other_name)) = clash {
            let is_shared = *other_source != source && other_name.value.same_channel(&name.value);
            if !is_shared {
                diagnostics.push(overlap(channel, name, other, other_name));
            } else if channel.capacity() != other.capacity() {
                diagnostics.push(capacities_differ(channel, other));
            } else if channel.carries.is_some() || other.carries.is_some() {
                diagnostics.push(shared_and_typed(channel, other));
            }
        }
        seen.push((source, channel, name));
    }
}

fn overlap(
    channel: &Channel,
    name: &At<ChannelName>,
    other: &Channel,
    other_name: &At<ChannelName>,
) -> Diagnostic {
    let (key, other_key) = (channel.key.value.as_str(), other.key.value.as_str());
    let message = if name.value == other_name.value {
        format!(
            "the channels `{other_key}` and `{key}` are both called `{}`",
            name.value.as_str()
        )
    } else {
        format!(
            "the channels `{other_key}` (`{}`) and `{key}` (`{}`) can get the same name",
            other_name.value.as_str(),
            name.value.as_str()
        )
    };
    Diagnostic::error(code::CHANNELS_OVERLAP, name.place.clone(), message)
        .label("this name")
        .related(other_name.place.clone(), "and this one")
        .help("give each channel its own prefix, as in `room:{room}` and `user:{user}`")
}

fn capacities_differ(channel: &Channel, other: &Channel) -> Diagnostic {
    let place = |channel: &Channel| -> Place {
        channel.capacity.as_ref().map_or_else(
            || channel.key.place.of_key(),
            |capacity| capacity.place.clone(),
        )
    };
    let message = format!(
        "two specs share the channel `{}` and disagree on its capacity",
        channel.key.value.as_str()
    );
    Diagnostic::error(code::CHANNELS_OVERLAP, place(channel), message)
        .label(format!("{} here", channel.capacity()))
        .related(place(other), format!("{} here", other.capacity()))
        .help("write the same capacity in both")
}

/// Messages belong to one spec: another one names the channel by `use`.
fn shared_and_typed(channel: &Channel, other: &Channel) -> Diagnostic {
    let message = format!(
        "two specs share the channel `{}`, and its messages belong to one",
        channel.key.value.as_str()
    );
    Diagnostic::error(code::CHANNELS_OVERLAP, channel.key.place.of_key(), message)
        .label("declared here")
        .related(other.key.place.of_key(), "and here")
        .help("declare it in one of them, and name that spec in the other under `use`")
}
