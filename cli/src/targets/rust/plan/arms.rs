//! What the event loop of an endpoint does about each event.

use crate::contract::Policy;
use crate::spec::{Delivery, Endpoint, Missed, Notify, OnMessage};
use crate::targets::rust::ir::code::{Code, Comment, Str};
use crate::targets::rust::ir::{Action, Arm, Pattern};
use crate::targets::rust::names;

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

fn message(endpoint: &Endpoint) -> Option<Arm> {
    match &endpoint.on_message() {
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
            Some(arm(
                &format!(
                    "What the client says goes to `{}`: to {who}.",
                    channel.value
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

fn lagged(endpoint: &Endpoint) -> Option<Arm> {
    let is_handled =
        endpoint.listens() && Policy::of(&endpoint.settings).limits.lag == Missed::Handle;
    is_handled.then(|| {
        arm(
            "The client has fallen behind and has missed messages: your code decides.",
            Pattern::Lagged,
            Action::Handle(Code::new("on_lag")),
        )
    })
}

fn gap(endpoint: &Endpoint) -> Option<Arm> {
    let is_handled =
        endpoint.listens() && Policy::of(&endpoint.settings).limits.gap == Missed::Handle;
    is_handled.then(|| {
        arm(
            "After an outage between replicas, messages may be missing: your code decides.",
            Pattern::Gap,
            Action::Handle(Code::new("on_gap")),
        )
    })
}

fn shutdown(endpoint: &Endpoint) -> Option<Arm> {
    (Policy::of(&endpoint.settings).shutdown.notify == Notify::Handle).then(|| {
        arm(
            "Your code has the last word, then the socket is closed.",
            Pattern::Shutdown,
            Action::HandleGoodbye,
        )
    })
}
