//! An endpoint: what it extracts, which channels it touches, what it does about each event.

use std::collections::BTreeSet;

use super::{arms, capacity, channel_item, doc, handler, lints, rules};
use crate::source::Source;
use crate::spec::{self, Delivery, Endpoint, Literal, OnMessage, Segment, Spec, WireName};
use crate::targets::rust::ir;
use crate::targets::rust::ir::code::{Code, Comment, Str};
use crate::targets::rust::names;
use crate::value::Scalar;

/// The most parameters a function has before clippy objects (`too_many_arguments`).
const MOST_PARAMETERS: usize = 7;

pub(super) fn endpoint(
    spec: &Spec,
    endpoint: &Endpoint,
    source: &Source,
    state: &ir::State,
) -> Option<ir::Endpoint> {
    let path = &endpoint.path.as_ref()?.value;
    let filled = filled(spec, endpoint);
    let path_params = path_params(endpoint, path.params(), &filled);
    let query = query(endpoint, &filled);
    let has_handler = endpoint.has_handler();
    let touches_channels = endpoint.channels().next().is_some();
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
    let mut subscriptions = subscriptions(spec, endpoint);
    let mut publishes = publishes(spec, endpoint);
    let topic = topic(&mut subscriptions, publishes.as_mut());
    let extract = extract(endpoint, has_handler);
    let extract_in_tuple = extract.len() > 1 && others + extract.len() > MOST_PARAMETERS;
    Some(ir::Endpoint {
        lints: phase_one_lints(&extract, extract_in_tuple),
        name: Code::new(endpoint.key.value.as_str()),
        camel: Code::new(endpoint.key.value.camel()),
        doc: doc::lines(endpoint.description.as_ref().map(|at| at.value.as_str())),
        path: Comment::new(path.as_str()),
        route: Str::new(path.as_str()),
        summary: summary(endpoint),
        rules: rules::rules(endpoint, source),
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
    })
}

fn summary(endpoint: &Endpoint) -> ir::Summary {
    let heard: Vec<String> = endpoint
        .subscribe
        .iter()
        .map(|subscribe| match subscribe.delivery {
            Delivery::Relay => format!("`{}`", subscribe.channel.value),
            Delivery::Handle => format!("`{}` (handled)", subscribe.channel.value),
        })
        .collect();
    ir::Summary {
        hears: if heard.is_empty() {
            "nothing".to_owned()
        } else {
            heard.join(", ")
        },
        message: match &endpoint.on_message() {
            OnMessage::Handle => "is handled".to_owned(),
            OnMessage::Echo => "is sent back".to_owned(),
            OnMessage::Ignore => "is ignored".to_owned(),
            OnMessage::Publish(channel) => format!("goes to `{}`", channel.value),
        },
    }
}

/// What fills the names of the endpoint's channels, as the client writes it.
fn filled(spec: &Spec, endpoint: &Endpoint) -> BTreeSet<String> {
    let names = endpoint
        .channels()
        .filter_map(|channel| spec.channel(&channel.value)?.name.as_ref());
    names
        .flat_map(|name| {
            name.value
                .placeholders()
                .map(|(placeholder, _)| placeholder.to_owned())
        })
        .collect()
}

/// A handler gets all params; else only those are read that fill a channel name or whose type is to be checked.
fn path_params(
    endpoint: &Endpoint,
    params: &[WireName],
    filled: &BTreeSet<String>,
) -> ir::Deserialized {
    let has_handler = endpoint.has_handler();
    let typed = |param: &WireName| {
        endpoint
            .params
            .iter()
            .find(|typed| typed.name.value == *param)
            .and_then(|typed| typed.ty.as_ref())
    };
    let used = |param: &WireName| has_handler || filled.contains(&param.wire);
    let read: Vec<&WireName> = params
        .iter()
        .filter(|param| used(param) || typed(param).is_some())
        .collect();
    let used_count = read.iter().filter(|param| used(param)).count();
    let ty =
        |param| typed(param).map_or_else(|| Code::new("String"), |ty| Code::new(ty.value.tokens()));
    let fields = read.iter().map(|param| field(param, ty(param)));
    struct_of(fields.collect(), used_count)
}

fn query(endpoint: &Endpoint, filled: &BTreeSet<String>) -> ir::Deserialized {
    let has_handler = endpoint.has_handler();
    let camel = endpoint.key.value.camel();
    let fields = endpoint.query.iter().filter_map(|query| {
        let ty = Code::new(query.ty.as_ref()?.value.tokens());
        let default = query
            .default
            .as_ref()
            .map(|default| field_default(default, &query.name.value, &camel));
        Some(ir::Field {
            default,
            ..field(&query.name.value, ty)
        })
    });
    let used = |query: &&spec::QueryField| has_handler || filled.contains(&query.name.value.wire);
    struct_of(fields.collect(), endpoint.query.iter().filter(used).count())
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

fn field(name: &WireName, ty: Code) -> ir::Field {
    ir::Field {
        ident: Code::new(&*name.ident),
        rename: (name.wire != name.ident).then(|| Str::new(&*name.wire)),
        ty,
        default: None,
    }
}

fn field_default(default: &Literal, name: &WireName, camel: &str) -> ir::FieldDefault {
    let function = format!("default_{}", name.ident);
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
    let extract = |extract: &spec::Extract| {
        Some(ir::Extract {
            ident: Code::new(format!("{prefix}{}", extract.name.value.as_str())),
            ty: Code::new(extract.ty.as_ref()?.value.tokens()),
        })
    };
    endpoint.extract.iter().filter_map(extract).collect()
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

fn subscriptions(spec: &Spec, endpoint: &Endpoint) -> Vec<ir::Subscription> {
    let subscription = |subscribe: &spec::Subscribe| {
        let channel = spec.channel(&subscribe.channel.value)?;
        Some(ir::Subscription {
            channel: channel_use(endpoint, channel)?,
            capacity: capacity(channel),
            is_relayed: subscribe.delivery == Delivery::Relay,
        })
    };
    endpoint.subscribe.iter().filter_map(subscription).collect()
}

fn publishes(spec: &Spec, endpoint: &Endpoint) -> Option<ir::ChannelUse> {
    match &endpoint.on_message() {
        OnMessage::Publish(channel) => channel_use(endpoint, spec.channel(&channel.value)?),
        OnMessage::Handle | OnMessage::Echo | OnMessage::Ignore => None,
    }
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

fn channel_use(endpoint: &Endpoint, channel: &spec::Channel) -> Option<ir::ChannelUse> {
    let name = &channel.name.as_ref()?.value;
    let item = channel_item(channel, name);
    let arguments = name.segments().iter().filter_map(|segment| match segment {
        Segment::Fixed(_) => None,
        Segment::Filled { name, .. } => {
            let from = if endpoint
                .query
                .iter()
                .any(|field| field.name.value.wire == *name)
            {
                "query"
            } else {
                "path"
            };
            Some(format!("&{from}.{}", WireName::parse(name).ok()?.ident))
        }
    });
    let arguments: Vec<String> = arguments.collect();
    let key = channel.key.value.as_str();
    Some(ir::ChannelUse {
        label: Str::new(key),
        is_made: !name.is_fixed(),
        name: if name.is_fixed() {
            item
        } else {
            Code::new(format!("{item}({})", arguments.join(", ")))
        },
    })
}
