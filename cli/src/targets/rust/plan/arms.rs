//! What the event loop of an endpoint does about each event.

use super::{Imports, typed};
use crate::{
    contract::{Channel, Endpoint, Module, OnMessage, Topic},
    targets::rust::{
        ir::{
            Action, Arm,
            tokens::{Comment, Str, Tokens},
        },
        names,
    },
    value::{Missed, Notify},
};

/// Arms for what is handled; everything else is left to `Session::fallback`.
pub(super) fn arms(endpoint: &Endpoint, module: &Module, imports: &mut Imports) -> Vec<Arm> {
    let mut arms = handled_channels(endpoint, module);
    match &endpoint.typed {
        Some(typed) => arms.extend(typed::arms(endpoint, typed)),
        None => arms.extend(message(endpoint, "Event::Message(message)")),
    }
    if endpoint.has_raw_messages() && endpoint.typed.is_some() {
        arms.extend(message(endpoint, "Event::Message(Raw(message))"));
    }
    if endpoint.has_handler() && endpoint.typed.is_none() {
        let own = "Event::Channel(label, message)";
        arms.push(handled(own, names::OWN_CHANNEL, "label, message, session"));
    }
    if endpoint.has_handler() {
        arms.extend(missed(endpoint));
    }
    if endpoint.tick.is_some() {
        arms.push(handled("Event::Tick", "on_tick", "session"));
    }
    if endpoint.policy.shutdown.notify == Notify::Handle {
        arms.push(arm("Event::Shutdown", Action::Goodbye));
    }
    if !arms.is_empty() {
        imports.need(["autumn_ws::Event"]);
    }
    arms
}

fn arm(pattern: impl Into<String>, action: Action) -> Arm {
    Arm {
        comment: None,
        pattern: Tokens::new(pattern),
        action,
    }
}

fn handled(pattern: impl Into<String>, method: &str, arguments: &'static str) -> Arm {
    let method = Tokens::new(method);
    arm(pattern, Action::Handle { method, arguments })
}

/// Each channel by its label: the user's code may listen to more of them.
fn handled_channels(endpoint: &Endpoint, module: &Module) -> Vec<Arm> {
    let arm_of = |channel: &Channel| {
        if channel.carries.is_some() {
            return typed::heard(channel, module);
        }
        let key = channel.key.value.as_str();
        let pattern = format!("Event::Channel({}, message)", Str::new(key));
        handled(pattern, &names::channel_method(key), "message, session")
    };
    endpoint
        .handled()
        .map(|subscription| arm_of(&subscription.topic.channel))
        .collect()
}

fn message(endpoint: &Endpoint, pattern: &str) -> Option<Arm> {
    match &endpoint.on_message {
        OnMessage::Handle => Some(handled(pattern, "on_message", "message, session")),
        OnMessage::Echo => Some(arm(pattern, Action::Send)),
        OnMessage::Ignore => None,
        OnMessage::Publish { topic, leaves_out } => Some(Arm {
            comment: Some(who_hears(endpoint, topic, *leaves_out)),
            ..typed::block(
                pattern,
                vec![format!(
                    "let _ = publisher.{};",
                    published(endpoint, *leaves_out)
                )],
            )
        }),
    }
}

/// What is called to publish a message.
pub(super) fn published(endpoint: &Endpoint, leaves_out: bool) -> &'static str {
    match (leaves_out, endpoint.has_handler()) {
        (false, _) => "send(message)",
        (true, true) => "send_except(session, message)",
        (true, false) => "send_except(&session, message)",
    }
}

fn who_hears(endpoint: &Endpoint, topic: &Topic, leaves_out: bool) -> Comment {
    let mut subscriptions = endpoint.subscriptions.iter();
    let listens = subscriptions.any(|subscription| subscription.topic.is_same(topic));
    let too = match (listens, leaves_out) {
        (true, false) => ", this client included",
        (_, true) => ", but for this client",
        (false, false) => "",
    };
    let channel = topic.channel.key.value.as_str();
    Comment::new(&format!("Everybody on `{channel}` hears it{too}."))
}

fn missed(endpoint: &Endpoint) -> Vec<Arm> {
    let limits = &endpoint.policy.limits;
    let mut arms = Vec::new();
    if limits.lag == Missed::Handle {
        arms.push(handled(
            "Event::Lagged(lagged)",
            "on_lag",
            "lagged, session",
        ));
    }
    if limits.gap == Missed::Handle {
        arms.push(handled("Event::Gap(channel)", "on_gap", "channel, session"));
    }
    arms
}
