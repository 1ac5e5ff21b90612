//! What the event loop of an endpoint does about each event.

use crate::contract::Policy;
use crate::spec::{Delivery, Endpoint, Missed, Notify, OnMessage};
use crate::targets::rust::ir::code::{Code, Comment, Str};
use crate::targets::rust::ir::{Action, Arm, Pattern};
use crate::targets::rust::names;

pub(super) fn arms(endpoint: &Endpoint) -> Vec<Arm> {
    let mut arms = handled_channels(endpoint);
    arms.push(message(endpoint));
    arms.push(other_channels(endpoint));
    arms.push(lagged(endpoint));
    arms.push(gap(endpoint));
    arms.push(shutdown(endpoint));
    merged(arms)
}

fn arm(comment: &str, pattern: Pattern, action: Action) -> Arm {
    Arm {
        comments: vec![Comment::new(comment)],
        patterns: vec![pattern],
        action,
    }
}

fn handled(endpoint: &Endpoint) -> impl Iterator<Item = &str> {
    let handled = endpoint
        .subscribe
        .iter()
        .filter(|subscribe| subscribe.delivery == Delivery::Handle);
    handled.map(|subscribe| subscribe.channel.value.as_str())
}

/// The user's code may listen to more channels, so its own are told apart by name.
fn handled_channels(endpoint: &Endpoint) -> Vec<Arm> {
    let arm_of = |channel: &str| {
        let comment = format!("Published to `{channel}`: your code decides what the client gets.");
        let method = Code::new(names::channel_method(channel));
        arm(
            &comment,
            Pattern::Channel(Str::new(channel)),
            Action::Handle(method),
        )
    };
    handled(endpoint).map(arm_of).collect()
}

fn message(endpoint: &Endpoint) -> Arm {
    match &endpoint.on_message() {
        OnMessage::Handle => arm(
            "The client says something: your code answers.",
            Pattern::Message,
            Action::Handle(Code::new("on_message")),
        ),
        OnMessage::Echo => arm(
            "Whatever the client says, it hears back.",
            Pattern::Message,
            Action::Send,
        ),
        OnMessage::Ignore => arm(
            "This endpoint only talks. It still reads, so that it notices when the client leaves.",
            Pattern::AnyMessage,
            Action::Nothing,
        ),
        OnMessage::Publish(channel) => {
            let heard = endpoint
                .subscribe
                .iter()
                .any(|subscribe| subscribe.channel.value == channel.value);
            let who = if heard {
                "everybody there, this client included"
            } else {
                "everybody who listens there"
            };
            arm(
                &format!(
                    "What the client says goes to `{}`: to {who}.",
                    channel.value
                ),
                Pattern::Message,
                Action::Publish,
            )
        }
    }
}

fn other_channels(endpoint: &Endpoint) -> Arm {
    if endpoint.has_handler() {
        let comment = "A channel that your code has subscribed to itself.";
        return arm(
            comment,
            Pattern::LabelledChannel,
            Action::Handle(Code::new(names::OWN_CHANNEL)),
        );
    }
    let comment = if endpoint.subscribe.is_empty() {
        NO_CHANNEL
    } else {
        "What is relayed does not pass here, and nothing else is listened to."
    };
    arm(comment, Pattern::NoChannel, Action::Nothing)
}

const NO_CHANNEL: &str = "This endpoint listens to no channel.";

fn lagged(endpoint: &Endpoint) -> Arm {
    if !endpoint.listens() {
        return arm(NO_CHANNEL, Pattern::AnyLagged, Action::Nothing);
    }
    let missed = |then: &str| format!("The client has fallen behind and has missed messages{then}");
    match Policy::of(&endpoint.settings).limits.lag {
        Missed::Close => arm(
            &missed(". It may reconnect and start afresh."),
            Pattern::AnyLagged,
            Action::CloseLagging,
        ),
        Missed::Skip => arm(
            &missed(". It goes on without them."),
            Pattern::AnyLagged,
            Action::Nothing,
        ),
        Missed::Handle => arm(
            &missed(": your code decides."),
            Pattern::Lagged,
            Action::Handle(Code::new("on_lag")),
        ),
    }
}

fn gap(endpoint: &Endpoint) -> Arm {
    if !endpoint.listens() {
        return arm(NO_CHANNEL, Pattern::AnyGap, Action::Nothing);
    }
    let missing =
        |then: &str| format!("After an outage between replicas, messages may be missing{then}");
    match Policy::of(&endpoint.settings).limits.gap {
        Missed::Close => arm(
            &missing(". The client may reconnect and start afresh."),
            Pattern::AnyGap,
            Action::CloseMissing,
        ),
        Missed::Skip => arm(
            &missing(". The client goes on without them."),
            Pattern::AnyGap,
            Action::Nothing,
        ),
        Missed::Handle => arm(
            &missing(": your code decides."),
            Pattern::Gap,
            Action::Handle(Code::new("on_gap")),
        ),
    }
}

fn shutdown(endpoint: &Endpoint) -> Arm {
    match Policy::of(&endpoint.settings).shutdown.notify {
        Notify::Close => arm(
            "Everything published before has been delivered: say goodbye.",
            Pattern::Shutdown,
            Action::Goodbye,
        ),
        Notify::Handle => arm(
            "Your code has the last word, then the client is told.",
            Pattern::Shutdown,
            Action::HandleGoodbye,
        ),
    }
}

/// Arms that do the same become one: at the last of their places, so that patterns by name stay ahead of the rest.
fn merged(arms: Vec<Arm>) -> Vec<Arm> {
    let mut merged: Vec<Arm> = Vec::new();
    for mut arm in arms {
        if let Some(same) = merged
            .iter()
            .position(|other| other.action == arm.action && binds_alike(other, &arm))
        {
            let earlier = merged.remove(same);
            let new_comments = arm
                .comments
                .into_iter()
                .filter(|comment| !earlier.comments.contains(comment))
                .collect::<Vec<_>>();
            arm.comments = earlier.comments.into_iter().chain(new_comments).collect();
            arm.patterns = earlier.patterns.into_iter().chain(arm.patterns).collect();
        }
        merged.push(arm);
    }
    merged
}

/// Handled events differ in their method; what is sent binds a message, what is ignored binds nothing.
fn binds_alike(one: &Arm, other: &Arm) -> bool {
    let binds = |arm: &Arm| {
        arm.patterns
            .iter()
            .all(|pattern| matches!(pattern, Pattern::Message | Pattern::Channel(_)))
    };
    binds(one) == binds(other)
}
