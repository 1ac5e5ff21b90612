//! What the event loop of an endpoint does about each event.

use crate::contract::{Endpoint, OnMessage};
use crate::targets::rust::ir::code::{Code, Comment, Str};
use crate::targets::rust::ir::{Action, Arm, Pattern};
use crate::targets::rust::names;
use crate::value::{Missed, Notify};

/// Arms for what is handled; everything else is left to `Session::fallback`.
pub(super) fn arms(endpoint: &Endpoint) -> Vec<Arm> {
    let mut arms = handled_channels(endpoint);
    arms.extend(message(endpoint));
    arms.extend(other_channels(endpoint));
    arms.extend(lagged(endpoint));
    arms.extend(gap(endpoint));
    arms.extend(shutdown(endpoint));
    arms
}

fn arm(comment: &str, pattern: Pattern, action: Action) -> Arm {
    Arm {
        comment: Comment::new(comment),
        pattern,
        action,
    }
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
    let handled = endpoint.handled();
    handled
        .map(|subscription| arm_of(subscription.topic.channel.key.value.as_str()))
        .collect()
}

fn message(endpoint: &Endpoint) -> Option<Arm> {
    match &endpoint.on_message {
        OnMessage::Handle => Some(arm(
            "The client says something: your code answers.",
            Pattern::Message,
            Action::Handle(Code::new("on_message")),
        )),
        OnMessage::Echo => Some(arm(
            "Whatever the client says, it hears back.",
            Pattern::Message,
            Action::Send,
        )),
        OnMessage::Ignore => None,
        OnMessage::Publish(topic) => {
            let mut subscribed = endpoint.subscriptions.iter();
            let heard = subscribed.any(|subscription| subscription.topic.is_same(topic));
            let who = if heard {
                "everybody there, this client included"
            } else {
                "everybody who listens there"
            };
            Some(arm(
                &format!(
                    "What the client says goes to `{}`: to {who}.",
                    topic.channel.key.value.as_str()
                ),
                Pattern::Message,
                Action::Publish,
            ))
        }
    }
}

fn other_channels(endpoint: &Endpoint) -> Option<Arm> {
    endpoint.has_handler().then(|| {
        arm(
            "A channel that your code has subscribed to itself.",
            Pattern::LabelledChannel,
            Action::Handle(Code::new(names::OWN_CHANNEL)),
        )
    })
}

/// Whether messages of a channel may come: the user's code may subscribe by itself.
fn listens(endpoint: &Endpoint) -> bool {
    !endpoint.subscriptions.is_empty() || endpoint.has_handler()
}

fn lagged(endpoint: &Endpoint) -> Option<Arm> {
    let is_handled = listens(endpoint) && endpoint.policy.limits.lag == Missed::Handle;
    is_handled.then(|| {
        arm(
            "The client has fallen behind and has missed messages: your code decides.",
            Pattern::Lagged,
            Action::Handle(Code::new("on_lag")),
        )
    })
}

fn gap(endpoint: &Endpoint) -> Option<Arm> {
    let is_handled = listens(endpoint) && endpoint.policy.limits.gap == Missed::Handle;
    is_handled.then(|| {
        arm(
            "After an outage between replicas, messages may be missing: your code decides.",
            Pattern::Gap,
            Action::Handle(Code::new("on_gap")),
        )
    })
}

fn shutdown(endpoint: &Endpoint) -> Option<Arm> {
    (endpoint.policy.shutdown.notify == Notify::Handle).then(|| {
        arm(
            "Your code has the last word, then the socket is closed.",
            Pattern::Shutdown,
            Action::HandleGoodbye,
        )
    })
}
