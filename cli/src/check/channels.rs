//! Channels: declared once, used, and with names that cannot be the same.

use crate::{
    contract,
    diagnostic::{Diagnostic, code},
    place::{At, Place},
    spec::{Channel, Spec},
    value::ChannelName,
};
use std::{collections::BTreeSet, sync::Arc};

/// The channels of a spec whose names could be read.
pub(super) fn understood(spec: &Spec) -> Vec<Arc<contract::Channel>> {
    let used = used(spec);
    let understood = |channel: &Channel| {
        Some(Arc::new(contract::Channel {
            key: channel.key.clone(),
            name: channel.name.as_ref()?.value.clone(),
            capacity: channel.capacity(),
            is_used: used.contains(channel.key.value.as_str()),
        }))
    };
    spec.channels.iter().filter_map(understood).collect()
}

fn used(spec: &Spec) -> BTreeSet<&str> {
    let named = spec
        .endpoints
        .iter()
        .flat_map(crate::spec::Endpoint::channels);
    named.map(|channel| channel.value.as_str()).collect()
}

pub(super) fn check(specs: &[Spec], diagnostics: &mut Vec<Diagnostic>) {
    for spec in specs {
        check_used(spec, diagnostics);
    }
    check_overlaps(specs, diagnostics);
}

fn check_used(spec: &Spec, diagnostics: &mut Vec<Diagnostic>) {
    let used = used(spec);
    let unused = spec
        .channels
        .iter()
        .map(|channel| &channel.key)
        .filter(|key| !used.contains(key.value.as_str()));
    diagnostics.extend(unused.map(|key| {
        Diagnostic::warning(
            code::UNUSED_CHANNEL,
            key.place.of_key(),
            format!(
                "no endpoint of this spec uses the channel `{}`",
                key.value.as_str()
            ),
        )
        .label("nothing is generated for it")
        .help("name it in `subscribe` or `on_message`, or remove it")
    }));
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
