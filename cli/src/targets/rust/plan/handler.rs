//! The trait behind an endpoint whose events go to the user's code.

use super::lints;
use crate::contract::{Endpoint, OnMessage};
use crate::targets::rust::ir;
use crate::targets::rust::ir::code::{Code, Comment};
use crate::targets::rust::names;
use crate::value::{Missed, Notify};

pub(super) fn handler(
    endpoint: &Endpoint,
    path_params: &ir::Deserialized,
    query: &ir::Deserialized,
) -> ir::Handler {
    let name = &endpoint.key.value;
    let request = request(endpoint, path_params, query);
    let lints = lints::of_struct(
        request
            .iter()
            .map(|field| (field.ident.as_str(), field.ty.as_str())),
    );
    ir::Handler {
        lints,
        trait_name: Code::new(names::handler_trait(name)),
        ty: Code::new(format!("{}::{}", name.as_str(), name.camel())),
        methods: methods(endpoint),
        request,
    }
}

fn methods(endpoint: &Endpoint) -> Vec<ir::Method> {
    let method = |name: &str, kind| ir::Method {
        name: Code::new(name),
        kind,
    };
    let mut methods = vec![method("on_open", ir::MethodKind::Open)];
    if matches!(endpoint.on_message, OnMessage::Handle) {
        methods.push(method("on_message", ir::MethodKind::Message));
    }
    for subscription in endpoint.handled() {
        let channel = subscription.topic.channel.key.value.as_str();
        methods.push(method(
            &names::channel_method(channel),
            ir::MethodKind::Channel(channel.to_owned()),
        ));
    }
    methods.push(method(names::OWN_CHANNEL, ir::MethodKind::OwnChannel));
    if endpoint.policy.limits.lag == Missed::Handle {
        methods.push(method("on_lag", ir::MethodKind::Lag));
    }
    if endpoint.policy.limits.gap == Missed::Handle {
        methods.push(method("on_gap", ir::MethodKind::Gap));
    }
    if endpoint.policy.shutdown.notify == Notify::Handle {
        methods.push(method("on_shutdown", ir::MethodKind::Shutdown));
    }
    methods.push(method("on_close", ir::MethodKind::Close));
    methods
}

/// Everything that was extracted, in one struct.
fn request(
    endpoint: &Endpoint,
    path_params: &ir::Deserialized,
    query: &ir::Deserialized,
) -> Vec<ir::RequestField> {
    let from_struct = |variable: &'static str, what: &'static str| {
        move |field: &ir::Field| ir::RequestField {
            ident: field.ident.clone(),
            ty: field.ty.clone(),
            doc: Comment::new(&match &field.rename {
                Some(wire) => format!("{what} (`{}`).", wire.to_string().trim_matches('"')),
                None => format!("{what}."),
            }),
            from: Some(Code::new(format!("{variable}.{}", field.ident))),
        }
    };
    let mut fields: Vec<ir::RequestField> = path_params
        .fields
        .iter()
        .map(from_struct("path", "From the path"))
        .collect();
    fields.extend(
        query
            .fields
            .iter()
            .map(from_struct("query", "From the query string")),
    );
    fields.extend(endpoint.extract.iter().map(|extract| ir::RequestField {
        ident: Code::new(extract.name.value.as_str()),
        ty: Code::new(extract.ty.code()),
        doc: Comment::new("Extracted from the request."),
        from: None,
    }));
    if !endpoint.subprotocols.is_empty() {
        fields.push(ir::RequestField {
            ident: Code::new(names::SUBPROTOCOL),
            ty: Code::new("Option<String>"),
            doc: Comment::new("The subprotocol that client and server agreed on, if any."),
            from: Some(Code::new("upgrade.subprotocol().map(str::to_owned)")),
        });
    }
    fields
}
