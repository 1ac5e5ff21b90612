//! What an endpoint says must be there and must fit.

use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;
use crate::place::{At, Place};
use crate::spec::{ChannelName, Delivery, Endpoint, OnMessage, Spec};
use crate::suggest;
use crate::targets::rust::names;

/// axum takes 16 parameters and tuples of 16 extractors; some are the generated code's own.
const MOST_EXTRACTORS: usize = 12;
/// The most fields of a query string.
const MOST_FIELDS: usize = 32;
/// The most channels that one endpoint listens to.
const MOST_CHANNELS: usize = 16;

/// Beyond so many diagnostics, no more are looked for.
const ENOUGH: usize = 1000;

pub(super) fn check(spec: &Spec, diagnostics: &mut Vec<Diagnostic>) {
    for endpoint in &spec.endpoints {
        if diagnostics.len() > ENOUGH {
            return;
        }
        check_params(endpoint, diagnostics);
        check_values(endpoint, diagnostics);
        check_counts(endpoint, diagnostics);
        check_channels(spec, endpoint, diagnostics);
        check_heartbeat(endpoint, diagnostics);
    }
}

/// `params:` may only name what is in the path.
fn check_params(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    let Some(path) = &endpoint.path else { return };
    let known: Vec<&str> = path
        .value
        .params()
        .iter()
        .map(|param| param.wire.as_str())
        .collect();
    for param in &endpoint.params {
        let name = param.name.value.wire.as_str();
        if !known.contains(&name) {
            let help = suggest::did_you_mean(name, "the path has", &known).unwrap_or_else(|| {
                format!(
                    "write it into the path, as in `{}/{{{name}}}`",
                    path.value.as_str().trim_end_matches('/')
                )
            });
            diagnostics.push(
                Diagnostic::error(
                    code::NOT_IN_PATH,
                    param.name.place.of_key(),
                    format!(
                        "the path of endpoint `{}` has no param `{name}`",
                        endpoint.key.value.as_str()
                    ),
                )
                .label("not in the path")
                .related(path.place.clone(), "the path")
                .help(help),
            );
        }
    }
}

/// Path params, query fields, extracted values and the subprotocol become fields of one struct.
fn check_values(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(&str, Place)> = Vec::new();
    let path = endpoint.path.iter().flat_map(|path| {
        path.value
            .params()
            .iter()
            .map(|param| (param.ident.as_str(), path.place.clone()))
    });
    let query = endpoint
        .query
        .iter()
        .map(|field| (field.name.value.ident.as_str(), field.name.place.of_key()));
    let extract = endpoint
        .extract
        .iter()
        .map(|extract| (extract.name.value.as_str(), extract.name.place.of_key()));
    let subprotocol = endpoint
        .subprotocols
        .first()
        .map(|first| ("subprotocol", first.place.clone()));
    for (name, place) in path.chain(query).chain(extract).chain(subprotocol) {
        match seen.iter().find(|(other, _)| *other == name) {
            Some((_, first)) => diagnostics.push(
                Diagnostic::error(code::NAMES_COLLIDE, place, format!("endpoint `{}` has two values called `{name}`", endpoint.key.value.as_str()))
                    .label("the second one")
                    .related(first.clone(), "the first one")
                    .help("path params, query fields and extracted values share the fields of one struct: rename one"),
            ),
            None => seen.push((name, place)),
        }
    }
}

/// More than these would fit into no function, and into no reader's head.
fn check_counts(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    let name = endpoint.key.value.as_str();
    let mut too_many = |place: Option<Place>, most: usize, what: &str, help: &str| {
        let diagnostic = |place| {
            Diagnostic::error(code::TOO_MANY, place, format!("endpoint `{name}` {what}"))
                .label(format!("{most} at most"))
                .help(help)
        };
        diagnostics.extend(place.map(diagnostic));
    };
    let extract = endpoint
        .extract
        .get(MOST_EXTRACTORS)
        .map(|extract| extract.name.place.of_key());
    let help =
        "put several into one extractor of your own (`#[derive(axum::extract::FromRequestParts)]`)";
    too_many(extract, MOST_EXTRACTORS, "has too many extractors", help);
    let query = endpoint
        .query
        .get(MOST_FIELDS)
        .map(|field| field.name.place.of_key());
    too_many(
        query,
        MOST_FIELDS,
        "has too many query fields",
        "let the client send them in its first message",
    );
    let subscribe = endpoint
        .subscribe
        .get(MOST_CHANNELS)
        .map(|subscribe| subscribe.channel.place.clone());
    let help = "publish to fewer channels, or subscribe in your code with `session.subscribe`";
    too_many(
        subscribe,
        MOST_CHANNELS,
        "subscribes to too many channels",
        help,
    );
}

/// Channels must be declared, named once, and filled by what the endpoint has.
fn check_channels(spec: &Spec, endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    let known: Vec<&str> = spec
        .channels
        .iter()
        .map(|channel| channel.key.value.as_str())
        .collect();
    let declared = |channel: &At<String>| spec.channel(&channel.value);
    for (index, subscribe) in endpoint.subscribe.iter().enumerate() {
        let channel = &subscribe.channel;
        if declared(channel).is_none() {
            diagnostics.push(unknown_channel(endpoint, "subscribes to", channel, &known));
        }
        if let Some(first) = endpoint
            .subscribe
            .iter()
            .take(index)
            .find(|other| other.channel.value == channel.value)
        {
            diagnostics.push(
                Diagnostic::error(
                    code::SAID_TWICE,
                    channel.place.clone(),
                    format!(
                        "endpoint `{}` subscribes to `{}` twice",
                        endpoint.key.value.as_str(),
                        channel.value
                    ),
                )
                .label("again here")
                .related(first.channel.place.clone(), "first here")
                .help("every message would come twice: remove one"),
            );
        }
        let method = names::channel_method(&channel.value);
        if subscribe.delivery == Delivery::Handle && names::METHODS.contains(&method.as_str()) {
            diagnostics.push(
                Diagnostic::error(
                    code::RESERVED_NAME,
                    channel.place.of_key(),
                    format!("a handled channel cannot be called `{}`", channel.value),
                )
                .label(format!(
                    "its method would be `{method}`, which means something else"
                ))
                .help("rename the channel; its `name:` can stay as it is"),
            );
        }
    }
    if let OnMessage::Publish(channel) = &endpoint.on_message()
        && declared(channel).is_none()
    {
        diagnostics.push(unknown_channel(endpoint, "publishes to", channel, &known));
    }
    for channel in endpoint.channels() {
        if let Some(name) = declared(channel).and_then(|declared| declared.name.as_ref()) {
            check_filled(endpoint, channel, name, diagnostics);
        }
    }
}

fn unknown_channel(
    endpoint: &Endpoint,
    does: &str,
    channel: &At<String>,
    known: &[&str],
) -> Diagnostic {
    let message = format!(
        "endpoint `{}` {does} `{}`, which is not a channel",
        endpoint.key.value.as_str(),
        channel.value
    );
    let declare = || Some(format!("declare it: `channels: {{ {}: }}`", channel.value));
    Diagnostic::error(code::UNKNOWN_CHANNEL, channel.place.clone(), message)
        .label("no channel of this name")
        .help_if(suggest::did_you_mean(&channel.value, "the channels are", known).or_else(declare))
}

fn check_filled(
    endpoint: &Endpoint,
    channel: &At<String>,
    name: &At<ChannelName>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let params = endpoint
        .path
        .iter()
        .flat_map(|path| path.value.params())
        .map(|param| param.wire.as_str());
    let known: Vec<&str> = params
        .clone()
        .chain(
            endpoint
                .query
                .iter()
                .map(|field| field.name.value.wire.as_str()),
        )
        .collect();
    for (placeholder, range) in name.value.placeholders() {
        let optional = endpoint.query.iter().find(|field| {
            field.name.value.wire == placeholder
                && field.ty.as_ref().is_some_and(|ty| ty.value.is_option())
        });
        let mistake = |message: String| {
            Diagnostic::error(code::UNFILLED, channel.place.clone(), message)
                .related(name.place.within(range.clone()), "filled by the endpoint")
        };
        if !known.contains(&placeholder) {
            if endpoint.path.is_none() {
                continue;
            }
            let message = format!(
                "endpoint `{}` has nothing to fill `{{{placeholder}}}` of channel `{}` with",
                endpoint.key.value.as_str(),
                channel.value
            );
            let help = suggest::closest(placeholder, known.iter().copied()).map(|close| {
                format!("the endpoint has `{close}`: use the same name in both places")
            });
            let fallback = format!("add it to the path (`{{{placeholder}}}`) or to `query:`");
            diagnostics.push(
                mistake(message)
                    .label("needs this value")
                    .help(help.unwrap_or(fallback)),
            );
        } else if let Some(field) = optional {
            let message = format!(
                "`{placeholder}` may be missing and cannot fill the name of channel `{}`",
                channel.value
            );
            let help =
                format!("give it a default: `{placeholder}: {{ type: String, default: general }}`");
            diagnostics.push(
                mistake(message)
                    .label("needs this value")
                    .related(field.name.place.of_key(), "an `Option`")
                    .help(help),
            );
        }
    }
}

/// A ping that comes after the idle timeout comes too late.
fn check_heartbeat(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    let limits = &endpoint.settings.limits;
    let (Some(heartbeat), Some(idle)) = (limits.heartbeat(), limits.idle()) else {
        return;
    };
    let said = [
        limits.heartbeat.as_ref().map(|at| &at.place),
        limits.idle.as_ref().map(|at| &at.place),
    ];
    let Some(place) = said
        .into_iter()
        .flatten()
        .next_back()
        .filter(|_| heartbeat >= idle)
    else {
        return;
    };
    let shown = |duration: Duration| {
        humantime::format_duration(duration)
            .to_string()
            .replace(' ', "")
    };
    let message = format!(
        "a heartbeat every {} cannot keep a connection that is closed after {} of silence",
        shown(heartbeat),
        shown(idle)
    );
    diagnostics.push(
        Diagnostic::error(code::HEARTBEAT_TOO_SLOW, place.clone(), message)
            .label("`idle` must be longer than `heartbeat`")
            .help(format!(
                "set `heartbeat: {}` or less, or `heartbeat: off` if silent clients are to be closed",
                shown(idle / 2)
            )),
    );
}
