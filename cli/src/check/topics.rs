//! The channels that an endpoint names: declared, named once, and filled from what the endpoint has.

use crate::{
    contract::{Channel, Fill, OnMessage, Subscription, Topic},
    diagnostic::{Diagnostic, code},
    place::At,
    spec::{self, Endpoint, Filling, QueryField, Spec},
    suggest,
    value::{ChannelName, Delivery, FieldPath},
};
use std::{ops::Range, sync::Arc};

/// What an endpoint may refer to.
pub(super) struct Scope<'a> {
    pub(super) spec: &'a Spec,
    pub(super) channels: &'a [Arc<Channel>],
    pub(super) endpoint: &'a Endpoint,
}

impl Scope<'_> {
    /// The subscriptions to channels that are declared, which begin with the session.
    pub(super) fn subscriptions(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Subscription> {
        self.check_repeated(diagnostics);
        let mut subscriptions = Vec::new();
        for written in &self.endpoint.subscribe {
            if written.delivery == Delivery::OnDemand {
                continue;
            }
            let topic = self.filled(
                &written.channel,
                &written.fill,
                "subscribes to",
                diagnostics,
            );
            subscriptions.extend(topic.map(|topic| Subscription {
                topic,
                delivery: written.delivery,
                place: written.channel.place.clone(),
            }));
        }
        subscriptions
    }

    /// The channels that are joined at run time, and where the spec says so.
    pub(super) fn on_demand(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<At<Arc<Channel>>> {
        let written = self.endpoint.subscribe.iter();
        let written = written.filter(|written| written.delivery == Delivery::OnDemand);
        let mut joined = Vec::new();
        for spec::Subscribe { channel, .. } in written {
            let found = self.channel(channel, "subscribes to", diagnostics);
            joined.extend(found.map(|found| At::new(Arc::clone(found), channel.place.clone())));
        }
        joined
    }

    /// What happens to a client's message; nothing where the channel is not declared.
    pub(super) fn on_message(&self, diagnostics: &mut Vec<Diagnostic>) -> OnMessage {
        match self.endpoint.on_message() {
            spec::OnMessage::Handle => OnMessage::Handle,
            spec::OnMessage::Echo => OnMessage::Echo,
            spec::OnMessage::Ignore => OnMessage::Ignore,
            spec::OnMessage::Publish {
                channel,
                leaves_out,
            } => self.topic(&channel, "publishes to", diagnostics).map_or(
                OnMessage::Ignore,
                |topic| OnMessage::Publish { topic, leaves_out },
            ),
        }
    }

    fn check_repeated(&self, diagnostics: &mut Vec<Diagnostic>) {
        for (index, subscribe) in self.endpoint.subscribe.iter().enumerate() {
            let channel = &subscribe.channel;
            let mut before = self.endpoint.subscribe.iter().take(index);
            if let Some(first) = before.find(|other| other.channel.value == channel.value) {
                let message = format!(
                    "endpoint `{}` subscribes to `{}` twice",
                    self.name(),
                    channel.value
                );
                diagnostics.push(
                    Diagnostic::error(code::DUPLICATE, channel.place.clone(), message)
                        .label("again here")
                        .related(first.channel.place.clone(), "first here")
                        .help("every message would arrive twice: remove one"),
                );
            }
        }
    }

    /// The channel that is named.
    fn channel(
        &self,
        named: &At<String>,
        does: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<&Arc<Channel>> {
        let mut channels = self.channels.iter();
        let channel = channels.find(|channel| channel.key.value.as_str() == named.value);
        // A channel whose name could not be read has its diagnostic.
        if channel.is_none() && self.spec.channel(&named.value).is_none() {
            diagnostics.push(self.unknown(named, does));
        }
        channel
    }

    /// The channel that is named, with what fills its name.
    pub(super) fn topic(
        &self,
        named: &At<String>,
        does: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Topic> {
        self.filled(named, &[], does, diagnostics)
    }

    /// The same, where other names than those of the placeholders may fill them.
    fn filled(
        &self,
        named: &At<String>,
        fill: &[Filling],
        does: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Topic> {
        let channel = self.channel(named, does, diagnostics)?;
        let name = &channel.name;
        check_placeholders(fill, name, diagnostics);
        let placeholders = name.value.placeholders();
        let fills = placeholders
            .filter_map(|(placeholder, _, range)| {
                let mut fill = fill.iter();
                let source = fill.find(|fill| fill.placeholder.value.as_str() == placeholder);
                let source = source.and_then(|fill| fill.source.as_ref());
                let source = source.map_or(placeholder, |source| source.value.as_str());
                self.fill(named, name, source, range, diagnostics)
            })
            .collect();
        Some(Topic {
            channel: Arc::clone(channel),
            fills,
        })
    }

    /// What fills a placeholder.
    fn fill(
        &self,
        named: &At<String>,
        name: &At<ChannelName>,
        placeholder: &str,
        range: Range<usize>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Fill> {
        if let Some(filled) = self.extracted(placeholder) {
            return Some(filled);
        }
        let mut params = self.endpoint.path_values();
        if let Some(param) = params.find(|param| param.fills(placeholder)) {
            return param.name().map(Fill::Param);
        }
        let mut query = self.endpoint.query.iter();
        let diagnostic = match query.find(|field| field.value().fills(placeholder)) {
            Some(field) if field.ty.as_ref().is_some_and(|ty| ty.value.is_option()) => {
                may_be_missing(named, placeholder).related(field.wire.place.of_key(), "an `Option`")
            }
            Some(field) => return field.value().name().map(Fill::Query),
            // A path that could not be read may have it.
            None if self.endpoint.path.is_none() => return None,
            None => self.unfilled(named, placeholder),
        };
        diagnostics.push(diagnostic.related(name.place.within(range), "filled by the endpoint"));
        None
    }

    /// The extracted value, or the field of one, that fills a placeholder.
    fn extracted(&self, placeholder: &str) -> Option<Fill> {
        let path = FieldPath::parse(placeholder)?;
        let mut extract = self.endpoint.extract.iter();
        let has = extract.any(|extract| extract.name.value == *path.value());
        has.then_some(Fill::Extracted(path))
    }

    fn unknown(&self, channel: &At<String>, does: &str) -> Diagnostic {
        let known = self.channels.iter();
        let known: Vec<&str> = known.map(|channel| channel.key.value.as_str()).collect();
        let message = format!(
            "endpoint `{}` {does} the unknown channel `{}`",
            self.name(),
            channel.value
        );
        let declare = || Some(format!("declare it: `channels: {{ {}: }}`", channel.value));
        let similar = suggest::did_you_mean(&channel.value, "the channels are", &known);
        Diagnostic::error(code::UNKNOWN_CHANNEL, channel.place.clone(), message)
            .label("no channel of this name")
            .help_if(similar.or_else(declare))
    }

    fn unfilled(&self, channel: &At<String>, placeholder: &str) -> Diagnostic {
        let message = format!(
            "endpoint `{}` has no value for `{{{placeholder}}}` in the name of channel `{}`",
            self.name(),
            channel.value
        );
        let help = match placeholder.split_once('.') {
            Some((value, _)) => self.extract_it(value, placeholder),
            None => self.add_it(placeholder),
        };
        Diagnostic::error(code::UNFILLED, channel.place.clone(), message)
            .label("needs this value")
            .help(help)
    }

    /// What to do about a field of a value that is not extracted, or has no such field. A value that clients write is
    /// not suggested: they could pose as anybody.
    fn extract_it(&self, value: &str, placeholder: &str) -> String {
        let extracts = self.endpoint.extract.iter();
        let known = extracts.map(|extract| extract.name.value.as_str());
        match suggest::closest(value, known) {
            Some(same) if same == value => format!(
                "`{same}` has no such field: name public fields as in Rust, as in `{{{same}.id}}`"
            ),
            Some(close) => {
                format!("the endpoint extracts `{close}`: use the same name in both places")
            }
            None => format!(
                "extract `{value}`, as in `extract: {{ {value}: crate::CurrentUser }}`: then `{placeholder}` is its public field"
            ),
        }
    }

    /// What to do about a value that the endpoint does not have.
    fn add_it(&self, placeholder: &str) -> String {
        let query = self.endpoint.query.iter().map(QueryField::value);
        let values = self.endpoint.path_values().chain(query);
        let extracts = self.endpoint.extract.iter();
        let extracts = extracts.map(|extract| extract.name.value.as_str());
        let known = values.map(|value| value.wire.as_str()).chain(extracts);
        match suggest::closest(placeholder, known) {
            Some(close) => format!("the endpoint has `{close}`: use the same name in both places"),
            None => format!(
                "add it to the path (`{{{placeholder}}}`) or to `query:` if clients may choose it; who they are comes from `extract:`, as in `{{user.id}}`"
            ),
        }
    }

    fn name(&self) -> &str {
        self.endpoint.key.value.as_str()
    }
}

/// What is filled is there.
fn check_placeholders(fill: &[Filling], name: &At<ChannelName>, diagnostics: &mut Vec<Diagnostic>) {
    let known: Vec<&str> = name.value.placeholders().map(|(wire, ..)| wire).collect();
    for Filling { placeholder, .. } in fill {
        let wire = placeholder.value.as_str();
        if known.contains(&wire) {
            continue;
        }
        let message = format!("the name of the channel has no placeholder `{{{wire}}}`");
        diagnostics.push(
            Diagnostic::error(code::UNFILLED, placeholder.place.of_key(), message)
                .label("not in the name")
                .related(name.place.clone(), "the name")
                .help_if(suggest::did_you_mean(wire, "the placeholders are", &known)),
        );
    }
}

fn may_be_missing(channel: &At<String>, placeholder: &str) -> Diagnostic {
    let message = format!(
        "`{placeholder}` may be missing and cannot fill the name of channel `{}`",
        channel.value
    );
    let help = format!("give it a default: `{placeholder}: {{ type: String, default: general }}`");
    Diagnostic::error(code::UNFILLED, channel.place.clone(), message)
        .label("needs this value")
        .help(help)
}
