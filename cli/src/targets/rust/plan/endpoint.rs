//! An endpoint: what it extracts, which channels it touches, what it does about each event.

use super::{Imports, Whole, arms, channel, closes, constants, doc, handler, request, typed};
use crate::{
    contract::{self, Endpoint, FromClient, Module, OnMessage, Typed},
    suggest,
    targets::rust::{
        ir::{
            self,
            tokens::{Comment, Str, Tokens},
        },
        names,
    },
    value::Delivery,
};

pub(super) fn endpoint(
    module: &Module,
    endpoint: &Endpoint,
    whole: &Whole,
    imports: &mut Imports,
) -> ir::Endpoint {
    let state = &whole.state;
    imports.need(IMPORTS);
    if endpoint.typed.is_none() {
        imports.need(["autumn_ws::Session"]);
    }
    let path = endpoint.path.route.value.as_str();
    let (doc, doc_allows) = doc(endpoint);
    let request = request::request(endpoint, state, imports);
    let may_refuse = !request.variables.is_empty() || !request.places.is_empty();
    if may_refuse {
        imports.need(["axum::response::Result"]);
    }
    if endpoint.closes_refused {
        imports.need(["autumn_ws::close_refused", "axum::middleware::from_fn"]);
    }
    if !request.places.is_empty() {
        imports.need(["autumn_ws::Over"]);
    }
    let touched = touched(module, endpoint, &request.channels.code, imports);
    ir::Endpoint {
        name: Tokens::new(endpoint.key.value.as_str()),
        camel: Tokens::new(endpoint.key.value.camel()),
        doc,
        doc_allows,
        path: Comment::new(path),
        route: Str::new(path),
        summary: summary(endpoint),
        constants: constants::constants(module, endpoint, imports),
        closes: closes::constants(&endpoint.closes),
        may_refuse: endpoint.has_handler() || may_refuse,
        layer: endpoint.closes_refused.then_some("from_fn(close_refused)"),
        variables: request.variables,
        places: request.places,
        channels: request.channels,
        deserialized: request.deserialized,
        parameters: request.parameters,
        allows: request.allows,
        topic: touched.topic,
        subscriptions: touched.subscriptions,
        serve: serve(endpoint, &touched.publishers),
        publishers: touched.publishers,
        typed: endpoint
            .typed
            .as_ref()
            .map(|said| typed::typed(endpoint, said, module, &whole.facts, imports)),
        session: session(endpoint),
        handler: endpoint
            .has_handler()
            .then(|| handler::handler(endpoint, request.fields, state, imports)),
        arms: arms::arms(endpoint, module, imports),
    }
}

const IMPORTS: [&str; 5] = [
    "autumn_ws::Closed",
    "autumn_ws::Endpoint",
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
                Delivery::Relay | Delivery::OnDemand => format!("`{channel}`"),
                Delivery::Handle => format!("`{channel}` (handled)"),
            }
        })
        .collect();
    let joined = endpoint.on_demand.iter();
    let joined = joined.map(|channel| format!("`{}` (on demand)", channel.key.value.as_str()));
    let heard: Vec<String> = heard.into_iter().chain(joined).collect();
    ir::Summary {
        hears: if heard.is_empty() {
            "nothing".to_owned()
        } else {
            heard.join(", ")
        },
        message: Comment::new(&match &endpoint.on_message {
            OnMessage::Ignore if !endpoint.has_raw_messages() => said(endpoint),
            OnMessage::Handle => "is handled".to_owned(),
            OnMessage::Echo => "is sent back".to_owned(),
            OnMessage::Ignore => "is ignored".to_owned(),
            OnMessage::Publish { topic, .. } => {
                format!("goes to `{}`", topic.channel.key.value.as_str())
            }
        }),
    }
}

/// The kinds of message that clients may send.
fn said(endpoint: &Endpoint) -> String {
    let typed = endpoint.typed.iter();
    let kinds = typed.clone().flat_map(Typed::taken);
    let kinds = kinds.map(|taken| format!("`{}`", taken.message.kind.value.as_str()));
    let has_binary = typed.clone().any(|typed| {
        matches!(
            &typed.from_client,
            FromClient::Kinds {
                binary: Some(_),
                ..
            }
        )
    });
    let binary = has_binary.then(|| "a binary frame".to_owned());
    let kinds: Vec<String> = kinds.chain(binary).collect();
    if kinds.is_empty() {
        "is not expected".to_owned()
    } else {
        format!("is {}", suggest::either(kinds))
    }
}

/// The type of its sessions.
fn session(endpoint: &Endpoint) -> Tokens {
    match &endpoint.typed {
        Some(_) => Tokens::new(names::session(&endpoint.key.value)),
        None => Tokens::new("Session"),
    }
}

/// What becomes of the socket: the function that has it then, or a closure that calls it.
fn serve(endpoint: &Endpoint, publishers: &[ir::Publisher]) -> Tokens {
    let function = format!("{}_session", endpoint.key.value.as_str());
    let handler = endpoint.has_handler().then(|| "handler".to_owned());
    let senders = publishers
        .iter()
        .map(|publisher| publisher.variable.to_string());
    let moved: Vec<String> = handler.into_iter().chain(senders).collect();
    let session = match &endpoint.typed {
        Some(_) => format!("{}::new(session)", session(endpoint)),
        None if moved.is_empty() => return Tokens::new(function),
        None => "session".to_owned(),
    };
    let keyword = if moved.is_empty() { "" } else { "move " };
    let arguments = [vec![session], moved].concat().join(", ");
    Tokens::new(format!("{keyword}|session| {function}({arguments})"))
}

/// The channels that an endpoint touches.
struct Touched {
    topic: Option<Tokens>,
    subscriptions: Vec<ir::Subscription>,
    publishers: Vec<ir::Publisher>,
}

fn touched(
    module: &Module,
    endpoint: &Endpoint,
    channels: &Tokens,
    imports: &mut Imports,
) -> Touched {
    let subscriptions = endpoint.subscriptions.iter();
    let subscriptions = subscriptions.map(|heard| subscription(heard, endpoint, module));
    let mut subscriptions: Vec<ir::Subscription> = subscriptions.collect();
    let Some(published) = endpoint.published() else {
        return Touched {
            topic: None,
            subscriptions,
            publishers: typed_publishers(module, endpoint, channels, imports),
        };
    };
    imports.need(["autumn_ws::Sender"]);
    let name = channel::name(published, endpoint, module);
    let sender = |name: &Tokens| ir::Publisher {
        variable: Tokens::new("publisher"),
        ty: Tokens::new("Sender"),
        value: Tokens::new(format!("{channels}.sender({name})")),
    };
    let listens = endpoint
        .subscriptions
        .iter()
        .position(|subscription| subscription.topic.is_same(published));
    let subscription = listens.and_then(|index| subscriptions.get_mut(index));
    // A name that is made by a call and used twice becomes a variable.
    match subscription.filter(|_| !published.channel.name.value.is_fixed()) {
        Some(subscription) => {
            subscription.name = Tokens::new("&topic");
            Touched {
                topic: Some(name),
                subscriptions,
                publishers: vec![sender(&Tokens::new("&topic"))],
            }
        }
        None => Touched {
            topic: None,
            subscriptions,
            publishers: vec![sender(&name)],
        },
    }
}

/// A sender for each channel that messages of declared kinds are published to.
fn typed_publishers(
    module: &Module,
    endpoint: &Endpoint,
    channels: &Tokens,
    imports: &mut Imports,
) -> Vec<ir::Publisher> {
    let mut publishers: Vec<ir::Publisher> = Vec::new();
    for topic in endpoint.typed.iter().flat_map(Typed::published) {
        let variable = Tokens::new(names::sender(&topic.channel.key.value));
        if publishers
            .iter()
            .any(|publisher| publisher.variable == variable)
        {
            continue;
        }
        let runtime = imports.path("autumn_ws");
        let messages = channel::messages(&topic.channel, module);
        let name = channel::name(topic, endpoint, module);
        publishers.push(ir::Publisher {
            variable,
            ty: Tokens::new(format!("{runtime}::messages::Sender<{messages}>")),
            value: Tokens::new(format!("{name}.sender({channels})")),
        });
    }
    publishers
}

fn subscription(
    subscription: &contract::Subscription,
    endpoint: &Endpoint,
    module: &Module,
) -> ir::Subscription {
    let channel = &subscription.topic.channel;
    ir::Subscription {
        method: match subscription.delivery {
            Delivery::Handle => "subscribe",
            Delivery::Relay | Delivery::OnDemand => "relay",
        },
        label: Str::new(channel.key.value.as_str()),
        name: channel::name(&subscription.topic, endpoint, module),
        capacity: channel::subscribed_capacity(channel, module),
        is_typed: channel.carries.is_some(),
    }
}
