//! Channels: declared once, used, and never to be confused with each other.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;
use crate::place::At;
use crate::spec::{Channel, ChannelName, Endpoint, Spec};

pub(super) fn check(spec: &Spec, diagnostics: &mut Vec<Diagnostic>) {
    for channel in &spec.channels {
        let key = channel.key.value.as_str();
        let used = spec
            .endpoints
            .iter()
            .flat_map(Endpoint::channels)
            .any(|used| used.value == key);
        if !used {
            diagnostics.push(
                Diagnostic::warning(
                    code::UNUSED_CHANNEL,
                    channel.key.place.of_key(),
                    format!("no endpoint of this spec uses the channel `{key}`"),
                )
                .label("nothing is generated for it")
                .help("name it in `subscribe` or `on_message`, or remove it"),
            );
        }
    }
}

pub(super) fn check_together(specs: &[Spec], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(usize, &Channel, &At<ChannelName>)> = Vec::new();
    for spec in specs {
        for channel in &spec.channels {
            let Some(name) = &channel.name else { continue };
            let clash = seen
                .iter()
                .find(|(_, _, other)| other.value.overlaps(&name.value));
            if let Some((source, other, other_name)) = clash {
                let shared = *source != spec.source && other_name.value.same_channel(&name.value);
                if !shared {
                    diagnostics.push(overlap(channel, name, other, other_name));
                } else if channel.capacity() != other.capacity() {
                    diagnostics.push(capacities_differ(channel, other));
                }
            }
            seen.push((spec.source, channel, name));
        }
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
        .help("give each channel a prefix of its own, as in `room:{room}` and `user:{user}`")
}

fn capacities_differ(channel: &Channel, other: &Channel) -> Diagnostic {
    let place = |channel: &Channel| {
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
