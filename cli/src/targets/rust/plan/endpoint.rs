//! An endpoint: what it extracts, which channels it touches, what it does about each event.

use super::{Imports, arms, channel, constants, doc, handler, request};
use crate::{
    contract::{self, Endpoint, Module, OnMessage},
    targets::rust::ir::{
        self,
        tokens::{Comment, Str, Tokens},
    },
    value::Delivery,
};

pub(super) fn endpoint(
    module: &Module,
    endpoint: &Endpoint,
    state: &ir::State,
    imports: &mut Imports,
) -> ir::Endpoint {
    imports.need(IMPORTS);
    let path = endpoint.path.route.value.as_str();
    let (doc, doc_allows) = doc(endpoint);
    let request = request::request(endpoint, state, imports);
    if !request.variables.is_empty() {
        imports.need(["axum::response::Result"]);
    }
    let touched = touched(endpoint, imports);
    ir::Endpoint {
        name: Tokens::new(endpoint.key.value.as_str()),
        camel: Tokens::new(endpoint.key.value.camel()),
        doc,
        doc_allows,
        path: Comment::new(path),
        route: Str::new(path),
        summary: summary(endpoint),
        constants: constants::constants(module, endpoint, imports),
        may_refuse: endpoint.has_handler() || !request.variables.is_empty(),
        variables: request.variables,
        channels: request.channels,
        deserialized: request.deserialized,
        parameters: request.parameters,
        allows: request.allows,
        topic: touched.topic,
        subscriptions: touched.subscriptions,
        publishes: touched.publishes,
        handler: endpoint
            .has_handler()
            .then(|| handler::handler(endpoint, request.fields, state, imports)),
        arms: arms::arms(endpoint, imports),
    }
}

const IMPORTS: [&str; 6] = [
    "autumn_ws::Closed",
    "autumn_ws::Endpoint",
    "autumn_ws::Session",
    "autumn_ws::Upgrade",
    "axum::response::Response",
    "axum::routing::get",
];

/// The path and what the spec says about the endpoint, and whether lints may object to that.
fn doc(endpoint: &Endpoint) -> (Vec<Comment>, bool) {
    let path = endpoint.path.route.value.as_str();
    let description = endpoint.description.as_deref().unwrap_or_default();
    let doc::Doc { lines, is_plain } = doc::doc(description);
    if is_plain {
        let text = format!("`{path}`: {}", description.trim());
        return (doc::lines(&text), false);
    }
    let mut doc = doc::lines(&format!("`{path}`"));
    let is_markdown = !lines.is_empty();
    if is_markdown {
        doc.push(Comment::new(""));
        doc.extend(lines);
    }
    (doc, is_markdown)
}

fn summary(endpoint: &Endpoint) -> ir::Summary {
    let subscriptions = endpoint.subscriptions.iter();
    let heard: Vec<String> = subscriptions
        .map(|subscription| {
            let channel = subscription.topic.channel.key.value.as_str();
            match subscription.delivery {
                Delivery::Relay => format!("`{channel}`"),
                Delivery::Handle => format!("`{channel}` (handled)"),
            }
        })
        .collect();
    ir::Summary {
        hears: if heard.is_empty() {
            "nothing".to_owned()
        } else {
            heard.join(", ")
        },
        message: match &endpoint.on_message {
            OnMessage::Handle => "is handled".to_owned(),
            OnMessage::Echo => "is sent back".to_owned(),
            OnMessage::Ignore => "is ignored".to_owned(),
            OnMessage::Publish { topic, .. } => {
                format!("goes to `{}`", topic.channel.key.value.as_str())
            }
        },
    }
}

/// The channels that an endpoint touches.
struct Touched {
    topic: Option<Tokens>,
    subscriptions: Vec<ir::Subscription>,
    publishes: Option<Tokens>,
}

fn touched(endpoint: &Endpoint, imports: &mut Imports) -> Touched {
    let subscriptions = endpoint.subscriptions.iter();
    let subscriptions = subscriptions.map(|heard| subscription(heard, endpoint));
    let mut subscriptions: Vec<ir::Subscription> = subscriptions.collect();
    let Some(published) = endpoint.published() else {
        return Touched {
            topic: None,
            subscriptions,
            publishes: None,
        };
    };
    imports.need(["autumn_ws::Sender"]);
    let name = channel::name(published, endpoint);
    let listens = endpoint
        .subscriptions
        .iter()
        .position(|subscription| subscription.topic.is_same(published));
    let subscription = listens.and_then(|index| subscriptions.get_mut(index));
    // A name that is made by a call and used twice becomes a variable.
    match subscription.filter(|_| !published.channel.name.is_fixed()) {
        Some(subscription) => {
            subscription.name = Tokens::new("&topic");
            Touched {
                topic: Some(name),
                subscriptions,
                publishes: Some(Tokens::new("&topic")),
            }
        }
        None => Touched {
            topic: None,
            subscriptions,
            publishes: Some(name),
        },
    }
}

fn subscription(subscription: &contract::Subscription, endpoint: &Endpoint) -> ir::Subscription {
    let channel = &subscription.topic.channel;
    ir::Subscription {
        method: match subscription.delivery {
            Delivery::Relay => "relay",
            Delivery::Handle => "subscribe",
        },
        label: Str::new(channel.key.value.as_str()),
        name: channel::name(&subscription.topic, endpoint),
        capacity: channel::capacity(channel),
    }
}
