//! What clients and an endpoint say to each other: messages that are declared, and channels that carry them.

use super::{
    declarations::Names,
    kinds::{Messages, message},
    topics::Scope,
};
use crate::{
    contract::{
        Action, BinaryAction, Channel, FromClient, Message, OnMessage, Subscription, Tag, Taken,
        ToClient, Topic, Typed, Wire,
    },
    diagnostic::{Diagnostic, code},
    place::{At, Place},
    spec::{self, Kinds},
    value::{BINARY, OnInvalid},
};
use std::sync::Arc;

/// The messages that an endpoint can name.
pub(super) struct Vocabulary<'a> {
    pub(super) names: &'a Names<'a>,
    pub(super) messages: &'a Messages<'a>,
    pub(super) wire: &'a Arc<Wire>,
}

/// The channels that an endpoint hears.
#[derive(Clone, Copy)]
pub(super) struct Heard<'a> {
    /// From the beginning.
    pub(super) subscriptions: &'a [Subscription],
    /// Once its code joins them.
    pub(super) on_demand: &'a [At<Arc<Channel>>],
}

impl<'a> Heard<'a> {
    /// All of them, and where the spec says so.
    fn channels(self) -> impl Iterator<Item = (&'a Channel, &'a Place)> {
        let subscribed = self.subscriptions.iter();
        let subscribed = subscribed.map(|heard| (&*heard.topic.channel, &heard.place));
        subscribed.chain(self.on_demand.iter().map(|at| (&*at.value, &at.place)))
    }
}

/// What is said, if the spec says so. `on_message` is what happens to messages that may be anything.
pub(super) fn typed(
    scope: &Scope,
    vocabulary: &Vocabulary,
    heard: Heard,
    on_message: &mut OnMessage,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Typed> {
    let written = scope.endpoint;
    let is_typed = written.from_client.is_some()
        || written.to_client.is_some()
        || heard
            .channels()
            .any(|(channel, _)| channel.carries.is_some());
    if !is_typed {
        check_on_demand(written, heard, diagnostics);
        check_raw(scope, on_message, diagnostics);
        return None;
    }
    let is_raw = matches!(
        written.from_client.as_ref().map(|at| &at.value),
        Some(spec::FromClient::Raw)
    );
    check_keys(written, is_raw, diagnostics);
    check_subscriptions(scope, heard, diagnostics);
    if is_raw {
        check_raw(scope, on_message, diagnostics);
        check_raw_action(written, on_message, diagnostics);
    } else {
        *on_message = OnMessage::Ignore;
    }
    let mut speaker = Speaker {
        scope,
        vocabulary,
        diagnostics,
    };
    Some(Typed {
        from_client: speaker.said(),
        to_client: speaker.heard(heard),
        on_invalid: on_invalid(scope, vocabulary, speaker.diagnostics),
        wire: Arc::clone(vocabulary.wire),
    })
}

/// Without messages of the format, what is invalid cannot be answered.
fn on_invalid(
    scope: &Scope,
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> OnInvalid {
    if vocabulary.wire.has_built_in {
        return scope.endpoint.on_invalid();
    }
    if let Some(At {
        value: OnInvalid::Reply,
        place,
    }) = &scope.endpoint.on_invalid
    {
        diagnostics.push(
            Diagnostic::error(
                code::BAD_WIRE,
                place.clone(),
                "an invalid message cannot be answered without the messages of the format",
            )
            .label("the spec has `wire: { built_in: off }`")
            .help("write `on_invalid: close`, or leave it out"),
        );
    }
    OnInvalid::Close
}

/// Keys that only mean something where messages may be anything.
fn check_keys(written: &spec::Endpoint, is_raw: bool, diagnostics: &mut Vec<Diagnostic>) {
    let keys = [
        (
            "on_message",
            written.on_message.as_ref().map(|at| &at.place),
        ),
        ("accept", written.accept.as_ref().map(|at| &at.place)),
    ];
    for (key, place) in keys {
        let Some(place) = place.filter(|_| !is_raw) else {
            continue;
        };
        let message = format!(
            "endpoint `{}` has messages of declared kinds, and no `{key}`",
            written.key.value.as_str()
        );
        diagnostics.push(
            Diagnostic::error(code::UNFIT_SHAPE, place.of_key(), message)
                .label("is for messages that may be anything")
                .help("say what clients may send under `from_client`, or write `from_client: raw`"),
        );
    }
}

/// A typed endpoint listens to channels with declared messages only: a client could not tell others apart.
fn check_subscriptions(scope: &Scope, heard: Heard, diagnostics: &mut Vec<Diagnostic>) {
    for (channel, place) in heard
        .channels()
        .filter(|(channel, _)| channel.carries.is_none())
    {
        let message = format!(
            "endpoint `{}` has messages of declared kinds, and the channel `{}` does not",
            scope.endpoint.key.value.as_str(),
            channel.key.value.as_str()
        );
        diagnostics.push(
            Diagnostic::error(code::UNFIT_SHAPE, place.clone(), message)
                .label("carries anything")
                .related(channel.key.place.of_key(), "the channel")
                .help("add the kinds that it carries, as in `carries: [said]`"),
        );
    }
}

/// Where messages may be anything, code joins any channel.
fn check_on_demand(written: &spec::Endpoint, heard: Heard, diagnostics: &mut Vec<Diagnostic>) {
    for At { place, .. } in heard.on_demand {
        let key = written.key.value.as_str();
        let message =
            format!("endpoint `{key}` has no declared messages, and no channels on demand");
        diagnostics.push(
            Diagnostic::error(code::UNFIT_SHAPE, place.clone(), message)
                .label("means nothing here")
                .help("leave it out: `session.join` takes any channel here; or say what the channel `carries`"),
        );
    }
}

/// What may be anything cannot be published where it may not.
fn check_raw(scope: &Scope, on_message: &OnMessage, diagnostics: &mut Vec<Diagnostic>) {
    let OnMessage::Publish { topic, .. } = on_message else {
        return;
    };
    if topic.channel.carries.is_none() {
        return;
    }
    let key = topic.channel.key.value.as_str();
    let place = scope
        .endpoint
        .on_message
        .as_ref()
        .map(|at| at.place.clone());
    let message = format!("the channel `{key}` carries messages of declared kinds only");
    diagnostics.push(
        Diagnostic::error(
            code::UNFIT_SHAPE,
            place.unwrap_or_else(|| scope.endpoint.key.place.of_key()),
            message,
        )
        .label("publishes whatever a client sends")
        .related(topic.channel.key.place.of_key(), "the channel")
        .help(format!(
            "say what clients may send, as in `from_client: {{ said: {{ publish: {key} }} }}`"
        )),
    );
}

/// Where clients may send anything, and hear declared messages, code decides.
fn check_raw_action(
    written: &spec::Endpoint,
    on_message: &OnMessage,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if !matches!(on_message, OnMessage::Echo | OnMessage::Publish { .. }) {
        return;
    }
    let Some(at) = &written.on_message else {
        return;
    };
    diagnostics.push(
        Diagnostic::error(
            code::UNFIT_SHAPE,
            at.place.clone(),
            "beside `from_client: raw`, a message is handled or ignored",
        )
        .label("sends it as it is")
        .help("write `on_message: handle`, and send from your code"),
    );
}

/// Looks up what an endpoint says.
struct Speaker<'a, 'd> {
    scope: &'a Scope<'a>,
    vocabulary: &'a Vocabulary<'a>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Speaker<'_, '_> {
    fn message(&mut self, kind: &At<String>) -> Option<Arc<Message>> {
        if kind.value == BINARY {
            self.diagnostics.push(binary_here(kind));
            return None;
        }
        message(
            kind,
            self.vocabulary.names,
            self.vocabulary.messages,
            self.diagnostics,
        )
    }

    fn messages(&mut self, kinds: &Kinds) -> Vec<Arc<Message>> {
        kinds
            .0
            .iter()
            .filter_map(|kind| self.message(kind))
            .collect()
    }

    fn said(&mut self) -> FromClient {
        let written = self.scope.endpoint.from_client.as_ref().map(|at| &at.value);
        let kinds = match written {
            Some(spec::FromClient::Raw) => return FromClient::Raw,
            Some(spec::FromClient::Kinds(kinds)) => kinds.as_slice(),
            None => &[],
        };
        let mut taken: Vec<Taken> = Vec::new();
        let mut binary = None;
        for written in kinds {
            if written.kind.value == BINARY {
                binary = self.binary(written);
                continue;
            }
            let Some(next) = self.taken(written) else {
                continue;
            };
            match taken
                .iter()
                .find(|other| other.message.tag == next.message.tag)
            {
                Some(first) => self.diagnostics.push(same_tag(&next, first)),
                None => taken.push(next),
            }
        }
        FromClient::Kinds { taken, binary }
    }

    fn binary(&mut self, written: &spec::Taken) -> Option<At<BinaryAction>> {
        let action = match written.action.as_ref()? {
            spec::Action::Handle => BinaryAction::Handle,
            spec::Action::Ignore => BinaryAction::Ignore,
            _ => {
                self.diagnostics.push(
                    Diagnostic::error(
                        code::UNFIT_SHAPE,
                        written.kind.place.of_key(),
                        "binary frames are handled or ignored",
                    )
                    .label("cannot be published or answered by the spec")
                    .help("write `binary: handle`, and do it in your code"),
                );
                return None;
            }
        };
        Some(At::new(action, written.kind.place.clone()))
    }

    fn taken(&mut self, written: &spec::Taken) -> Option<Taken> {
        let message = self.message(&written.kind)?;
        let action = match written.action.as_ref()? {
            spec::Action::Handle => Action::Handle,
            spec::Action::Ignore => Action::Ignore,
            spec::Action::Reply(replies) => Action::Reply(self.messages(replies)),
            spec::Action::Stream { parts, reply } => Action::Stream {
                parts: self.messages(parts),
                replies: self.messages(reply),
            },
            spec::Action::Publish {
                channel,
                leaves_out,
            } => {
                let topic = self
                    .scope
                    .topic(channel, "publishes to", self.diagnostics)?;
                self.check_carried(&message, channel, &topic)?;
                Action::Publish {
                    topic,
                    leaves_out: *leaves_out,
                }
            }
        };
        Some(Taken {
            message,
            action,
            place: written.kind.place.clone(),
        })
    }

    /// A message is only published where it is carried.
    fn check_carried(
        &mut self,
        message: &Message,
        channel: &At<String>,
        topic: &Topic,
    ) -> Option<()> {
        let carries = topic.channel.carries.as_deref().unwrap_or_default();
        if carries.iter().any(|carried| carried.ty == message.ty) {
            return Some(());
        }
        let kind = message.kind.value.as_str();
        let text = format!("the channel `{}` does not carry `{kind}`", channel.value);
        self.diagnostics.push(
            Diagnostic::error(code::UNFIT_SHAPE, channel.place.clone(), text)
                .label("publishes it there")
                .related(topic.channel.key.place.of_key(), "the channel")
                .help(format!(
                    "add it to what the channel carries, as in `carries: [{kind}]`"
                )),
        );
        None
    }

    fn heard(&mut self, heard: Heard) -> ToClient {
        let mut sent: Vec<Arc<Message>> = match &self.scope.endpoint.to_client {
            Some(At {
                value: spec::ToClient::Raw,
                ..
            }) => return ToClient::Raw,
            Some(At {
                value: spec::ToClient::Kinds(kinds),
                ..
            }) => self.messages(kinds),
            None => Vec::new(),
        };
        let carried = heard
            .channels()
            .flat_map(|(channel, _)| channel.carries.iter().flatten());
        for message in carried {
            if sent.iter().all(|other| other.ty != message.ty) {
                sent.push(Arc::clone(message));
            }
        }
        ToClient::Kinds(sent)
    }
}

fn binary_here(kind: &At<String>) -> Diagnostic {
    Diagnostic::error(
        code::UNFIT_SHAPE,
        kind.place.clone(),
        "binary frames are not among the kinds here",
    )
    .label("stands only in `from_client`")
    .help("write `to_client: raw` to send binary frames from your code")
}

fn same_tag(taken: &Taken, first: &Taken) -> Diagnostic {
    let tag = match &taken.message.tag {
        Tag::Text(text) => text.clone(),
        Tag::Number(number) => number.to_string(),
    };
    let place = |taken: &Taken| -> Place { taken.place.of_key() };
    Diagnostic::error(
        code::BAD_KIND,
        place(taken),
        format!("two messages of clients have the tag `{tag}`"),
    )
    .label("this one")
    .related(place(first), "and this one")
    .help("give one of them another `$kind`")
}
