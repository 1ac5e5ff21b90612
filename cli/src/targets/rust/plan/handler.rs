//! The trait behind an endpoint whose events go to the user's code.

use super::{Imports, plain};
use crate::{
    contract::{Action, BinaryAction, Endpoint, OnMessage, Taken, Typed},
    targets::rust::{
        ir::{
            self, Method, MethodKind, Said,
            tokens::{Comment, Tokens},
        },
        names,
    },
    value::{Missed, Notify, TypeName},
};

pub(super) fn handler(
    endpoint: &Endpoint,
    request: Vec<ir::RequestField>,
    state: &ir::State,
    imports: &mut Imports,
) -> ir::Handler {
    imports.need([
        "autumn_ws::Rejection",
        "axum::response::Result",
        "std::future::Future",
        "std::future::ready",
    ]);
    if endpoint.has_raw_messages() {
        imports.need(["autumn_ws::Message"]);
    }
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

/// The methods of a trait, as they are found.
struct Methods<'a> {
    endpoint: &'a Endpoint,
    found: Vec<Method>,
}

fn methods(endpoint: &Endpoint, state: &ir::State) -> Vec<Method> {
    let limits = &endpoint.policy.limits;
    let mut methods = Methods {
        endpoint,
        found: Vec::new(),
    };
    methods.open(state);
    methods.optional("on_open", MethodKind::Opened);
    if matches!(endpoint.on_message, OnMessage::Handle) {
        methods.required("on_message", MethodKind::Message, &["Message"], &[]);
    }
    if let Some(typed) = &endpoint.typed {
        methods.said(typed);
    }
    methods.channels();
    if limits.lag == Missed::Handle {
        methods.required("on_lag", MethodKind::Lag, &["Lagged"], &[]);
    }
    if limits.gap == Missed::Handle {
        methods.required("on_gap", MethodKind::Gap, &[], &[]);
    }
    if endpoint.tick.is_some() {
        methods.required("on_tick", MethodKind::Tick, &[], &[]);
    }
    if endpoint.policy.shutdown.notify == Notify::Handle {
        methods.required("on_shutdown", MethodKind::Shutdown, &[], &[]);
    }
    methods.optional("on_close", MethodKind::Close);
    methods.found
}

impl Methods<'_> {
    fn open(&mut self, state: &ir::State) {
        let needs: &[&str] = if state.is_default {
            &["AppState", "Rejection"]
        } else {
            &["Rejection"]
        };
        self.found.push(Method {
            name: Tokens::new("open"),
            kind: MethodKind::Open,
            needs: Some(needs.to_vec()),
            beside: Vec::new(),
        });
    }

    /// A method on the open socket. `needs` is what it takes of the runtime besides the session, and `beside` what of the
    /// generated module.
    fn required(&mut self, name: &str, kind: MethodKind, needs: &[&'static str], beside: &[&str]) {
        let mut needs = [&["Closed"], needs].concat();
        let mut beside: Vec<String> = beside.iter().map(|item| (*item).to_owned()).collect();
        if self.endpoint.typed.is_some() {
            beside.push(names::session(&self.endpoint.key.value));
        } else {
            needs.push("Session");
        }
        self.found.push(Method {
            name: Tokens::new(name),
            kind,
            needs: Some(needs),
            beside,
        });
    }

    fn optional(&mut self, name: &str, kind: MethodKind) {
        self.found.push(Method {
            name: Tokens::new(name),
            kind,
            needs: None,
            beside: Vec::new(),
        });
    }

    fn channels(&mut self) {
        for subscription in self.endpoint.handled() {
            let channel = &subscription.topic.channel;
            let key = channel.key.value.as_str();
            let method = names::channel_method(key);
            if channel.carries.is_some() {
                let messages = names::channel_messages(&channel.key.value);
                let kind = MethodKind::Channel(Tokens::new(key), Tokens::new(&messages));
                self.required(&method, kind, &[], &[&messages]);
            } else {
                let kind = MethodKind::Channel(Tokens::new(key), Tokens::new("Message"));
                self.required(&method, kind, &["Message"], &[]);
            }
        }
        if self.endpoint.typed.is_none() {
            self.optional(names::OWN_CHANNEL, MethodKind::OwnChannel);
        }
    }

    fn said(&mut self, typed: &Typed) {
        for taken in typed.taken() {
            self.kind(taken);
        }
        if typed.binary() == Some(BinaryAction::Handle) {
            self.required(names::ON_BINARY, MethodKind::Binary, &["Bytes"], &[]);
        }
    }

    fn kind(&mut self, taken: &Taken) {
        let key = &self.endpoint.key.value;
        let name = &taken.message.ty.name;
        let method = names::kind_method(name);
        let said = Said {
            kind: Comment::new(taken.message.kind.value.as_str()),
            parameter: Tokens::new(names::parameter(name)),
            ty: message(name),
        };
        match &taken.action {
            Action::Ignore | Action::Publish { .. } => {}
            Action::Handle => {
                self.required(&method, MethodKind::Kind(said), &[], &[names::MESSAGES]);
            }
            Action::Reply(replies) => {
                let mut beside = vec![names::MESSAGES.to_owned()];
                let reply = if let [only] = replies.as_slice() {
                    message(&only.ty.name)
                } else {
                    let reply = names::reply(key, name);
                    beside.push(reply.clone());
                    Tokens::new(reply)
                };
                let beside: Vec<&str> = beside.iter().map(String::as_str).collect();
                self.required(&method, MethodKind::Request(said, reply), &[], &beside);
            }
            Action::Stream { .. } => {
                let answer = names::answer(key, name);
                let kind = MethodKind::Stream(said, Tokens::new(&answer));
                self.required(&method, kind, &[], &[names::MESSAGES, &answer]);
            }
        }
    }
}

/// The type of a message.
fn message(name: &TypeName) -> Tokens {
    Tokens::new(format!("{}::{}", names::MESSAGES, names::type_ident(name)))
}
