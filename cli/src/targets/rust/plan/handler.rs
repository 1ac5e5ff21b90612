//! The trait behind an endpoint whose events go to the user's code.

use super::{Imports, plain};
use crate::{
    contract::{Endpoint, OnMessage},
    targets::rust::{
        ir::{self, MethodKind, tokens::Tokens},
        names,
    },
    value::{Missed, Notify},
};

pub(super) fn handler(
    endpoint: &Endpoint,
    request: Vec<ir::RequestField>,
    state: &ir::State,
    imports: &mut Imports,
) -> ir::Handler {
    imports.need([
        "autumn_ws::Message",
        "autumn_ws::Rejection",
        "axum::response::Result",
        "std::future::Future",
        "std::future::ready",
    ]);
    if endpoint.policy.limits.lag == Missed::Handle {
        imports.need(["autumn_ws::Lagged"]);
    }
    let name = &endpoint.key.value;
    let types = request.iter().map(|field| field.ty.as_str());
    ir::Handler {
        trait_name: Tokens::new(names::handler_trait(name)),
        ty: Tokens::new(format!("{}::{}", name.as_str(), name.camel())),
        methods: methods(endpoint, state),
        allows: !plain::are_fields(types),
        joins: !endpoint.subscriptions.is_empty(),
        request,
    }
}

fn methods(endpoint: &Endpoint, state: &ir::State) -> Vec<ir::Method> {
    const MESSAGE: &[&str] = &["Closed", "Message", "Session"];
    let limits = &endpoint.policy.limits;
    let mut methods = vec![
        required(
            "open",
            MethodKind::Open,
            if state.is_default {
                &["AppState", "Rejection"]
            } else {
                &["Rejection"]
            },
        ),
        optional("on_open", MethodKind::Opened),
    ];
    if matches!(endpoint.on_message, OnMessage::Handle) {
        methods.push(required("on_message", MethodKind::Message, MESSAGE));
    }
    for subscription in endpoint.handled() {
        let channel = subscription.topic.channel.key.value.as_str();
        let kind = MethodKind::Channel(Tokens::new(channel));
        methods.push(required(&names::channel_method(channel), kind, MESSAGE));
    }
    methods.push(optional(names::OWN_CHANNEL, MethodKind::OwnChannel));
    if limits.lag == Missed::Handle {
        let needs = &["Closed", "Lagged", "Session"];
        methods.push(required("on_lag", MethodKind::Lag, needs));
    }
    if limits.gap == Missed::Handle {
        methods.push(required("on_gap", MethodKind::Gap, &["Closed", "Session"]));
    }
    if endpoint.tick.is_some() {
        methods.push(required(
            "on_tick",
            MethodKind::Tick,
            &["Closed", "Session"],
        ));
    }
    if endpoint.policy.shutdown.notify == Notify::Handle {
        let needs = &["Closed", "Session"];
        methods.push(required("on_shutdown", MethodKind::Shutdown, needs));
    }
    methods.push(optional("on_close", MethodKind::Close));
    methods
}

fn required(name: &str, kind: MethodKind, needs: &[&'static str]) -> ir::Method {
    ir::Method {
        name: Tokens::new(name),
        kind,
        needs: Some(needs.to_vec()),
    }
}

fn optional(name: &str, kind: MethodKind) -> ir::Method {
    ir::Method {
        name: Tokens::new(name),
        kind,
        needs: None,
    }
}
