//! An endpoint: what it extracts, which channels it touches, what it does about each event.

use std::collections::BTreeSet;

use super::{arms, capacity, channel_item, doc, handler, lints, rules};
use crate::contract::{self, Endpoint, Fill, Module, OnMessage, Topic, Type};
use crate::targets::rust::ir;
use crate::targets::rust::ir::code::{Code, Comment, Str};
use crate::targets::rust::names;
use crate::value::{Delivery, Literal, WireName};

/// The most parameters a function has before clippy objects (`too_many_arguments`).
const MOST_PARAMETERS: usize = 7;

pub(super) fn endpoint(module: &Module, endpoint: &Endpoint, state: &ir::State) -> ir::Endpoint {
    let path = &endpoint.path.route.value;
    let filled = filled(endpoint);
    let path_params = path_params(endpoint, &filled);
    let query = query(endpoint, &filled);
    let has_handler = endpoint.has_handler();
    let touches_channels = endpoint.topics().next().is_some();
    let needs_state = has_handler || (touches_channels && state.is_default);
    let needs_ws = touches_channels && !state.is_default;
    let others = 1 + [
        needs_state,
        needs_ws,
        !path_params.fields.is_empty(),
        !query.fields.is_empty(),
    ]
    .into_iter()
    .filter(|needed| *needed)
    .count();
    let mut subscriptions = subscriptions(endpoint);
    let mut publishes = endpoint.published().map(channel_use);
    let topic = topic(&mut subscriptions, publishes.as_mut());
    let extract = extract(endpoint, has_handler);
    let extract_in_tuple = extract.len() > 1 && others + extract.len() > MOST_PARAMETERS;
    ir::Endpoint {
        lints: phase_one_lints(&extract, extract_in_tuple),
        name: Code::new(endpoint.key.value.as_str()),
        camel: Code::new(endpoint.key.value.camel()),
        doc: doc::lines(endpoint.description.as_deref()),
        path: Comment::new(path.as_str()),
        route: Str::new(path.as_str()),
        summary: summary(endpoint),
        rules: rules::rules(module, endpoint),
        handler: has_handler.then(|| handler::handler(endpoint, &path_params, &query)),
        extract,
        extract_in_tuple,
        needs_state,
        needs_ws,
        subscriptions,
        topic,
        publishes,
        arms: arms::arms(endpoint),
        path_params,
        query,
    }
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
            OnMessage::Publish(topic) => format!("goes to `{}`", topic.channel.key.value.as_str()),
        },
    }
}

/// What fills the names of the endpoint's channels, as the client writes it.
fn filled(endpoint: &Endpoint) -> BTreeSet<&str> {
    let fills = endpoint.topics().flat_map(|topic| &topic.fills);
    fills.map(Fill::name).collect()
}

/// A handler gets all params; else only those are read that fill a channel name or whose type is to be checked.
fn path_params(endpoint: &Endpoint, filled: &BTreeSet<&str>) -> ir::Deserialized {
    let has_handler = endpoint.has_handler();
    let used = |param: &contract::Param| has_handler || filled.contains(param.name.wire.as_str());
    let read: Vec<&contract::Param> = endpoint
        .path
        .params
        .iter()
        .filter(|param| used(param) || matches!(param.ty, Type::Rust(_)))
        .collect();
    let used_count = read.iter().filter(|param| used(param)).count();
    let fields = read.iter().map(|param| field(&param.name, &param.ty));
    struct_of(fields.collect(), used_count)
}

fn query(endpoint: &Endpoint, filled: &BTreeSet<&str>) -> ir::Deserialized {
    let has_handler = endpoint.has_handler();
    let camel = endpoint.key.value.camel();
    let fields = endpoint.query.iter().map(|query| {
        let name = &query.name.value;
        let default = query.default.as_ref();
        ir::Field {
            default: default.map(|default| field_default(default, name, &camel)),
            ..field(name, &query.ty)
        }
    });
    let used = |query: &&contract::QueryField| {
        has_handler || filled.contains(query.name.value.wire.as_str())
    };
    struct_of(fields.collect(), endpoint.query.iter().filter(used).count())
}

fn code(ty: &Type) -> Code {
    Code::new(match ty {
        Type::Text => "String",
        Type::Rust(ty) => ty.code(),
    })
}

fn struct_of(fields: Vec<ir::Field>, used: usize) -> ir::Deserialized {
    let lints = lints::of_struct(
        fields
            .iter()
            .map(|field| (field.ident.as_str(), field.ty.as_str())),
    );
    ir::Deserialized {
        fields,
        used,
        lints,
    }
}

fn field(name: &WireName, ty: &Type) -> ir::Field {
    let ident = names::field(name);
    ir::Field {
        rename: (name.wire != ident).then(|| Str::new(&*name.wire)),
        ident: Code::new(ident),
        ty: code(ty),
        default: None,
    }
}

fn field_default(default: &Literal, name: &WireName, camel: &str) -> ir::FieldDefault {
    let function = format!("default_{}", names::field(name).trim_end_matches('_'));
    ir::FieldDefault {
        lints: match default {
            Literal::Float(digits) => lints::of_float(digits),
            _ => Vec::new(),
        },
        path: Str::new(format!("{camel}Query::{function}")),
        function: Code::new(function),
        value: match default {
            Literal::Bool(value) => Code::new(value.to_string()),
            Literal::Char(value) => Code::new(proc_macro2::Literal::character(*value).to_string()),
            Literal::Integer(digits) => Code::number(digits),
            Literal::Float(value) => Code::float(value),
            Literal::Text(text) => Code::new(format!("{}.to_owned()", Str::new(&**text))),
        },
    }
}

/// Values that no code of the user's gets are named as unused.
fn extract(endpoint: &Endpoint, has_handler: bool) -> Vec<ir::Extract> {
    let prefix = if has_handler { "" } else { "_" };
    let extract = |extract: &contract::Extract| ir::Extract {
        ident: Code::new(format!("{prefix}{}", extract.name.value.as_str())),
        ty: Code::new(extract.ty.code()),
    };
    endpoint.extract.iter().map(extract).collect()
}

fn phase_one_lints(extract: &[ir::Extract], in_tuple: bool) -> Vec<&'static str> {
    let names: Vec<&str> = extract
        .iter()
        .map(|extract| extract.ident.as_str())
        .collect();
    let types: Vec<&str> = extract.iter().map(|extract| extract.ty.as_str()).collect();
    let mut lints = lints::of_bindings(&names, names::LOCALS);
    if in_tuple {
        lints.extend(lints::of_types(
            [format!("({})", types.join(",")).as_str()].into_iter(),
        ));
    } else {
        lints.extend(lints::of_types(types.into_iter()));
    }
    lints
}

fn subscriptions(endpoint: &Endpoint) -> Vec<ir::Subscription> {
    let subscription = |subscription: &contract::Subscription| ir::Subscription {
        channel: channel_use(&subscription.topic),
        capacity: capacity(&subscription.topic.channel),
        is_relayed: subscription.delivery == Delivery::Relay,
    };
    endpoint.subscriptions.iter().map(subscription).collect()
}

/// A name that is made by a call and used twice becomes a variable.
fn topic(
    subscriptions: &mut [ir::Subscription],
    publishes: Option<&mut ir::ChannelUse>,
) -> Option<Code> {
    let publishes = publishes.filter(|channel| channel.is_made)?;
    let same = |subscription: &&mut ir::Subscription| subscription.channel.label == publishes.label;
    let subscribed = subscriptions.iter_mut().find(same)?;
    subscribed.channel.name = Code::new("&topic");
    Some(std::mem::replace(&mut publishes.name, Code::new("&topic")))
}

fn channel_use(topic: &Topic) -> ir::ChannelUse {
    let channel = &topic.channel;
    let item = channel_item(channel);
    let fills = topic.fills.iter().map(|fill| {
        let from = match fill {
            Fill::Param(_) => "path",
            Fill::Query(_) => "query",
        };
        format!("&{from}.{}", names::fill(fill.name()))
    });
    let arguments: Vec<String> = fills.collect();
    let is_made = !channel.name.is_fixed();
    ir::ChannelUse {
        label: Str::new(channel.key.value.as_str()),
        is_made,
        name: if is_made {
            Code::new(format!("{item}({})", arguments.join(", ")))
        } else {
            item
        },
    }
}
