//! The constants of an endpoint.

use crate::contract::{Endpoint, Module, Policy};
use crate::targets::rust::ir;
use crate::targets::rust::ir::code::{Code, Str};
use crate::value::{Accept, Missed, Origins};

pub(super) fn rules(module: &Module, endpoint: &Endpoint) -> ir::Rules {
    let Policy {
        origins: allowed,
        limits,
        shutdown,
    } = &endpoint.policy;
    let name = format!("{}.{}", module.path.join("."), endpoint.key.value.as_str());
    ir::Rules {
        name: Str::new(name),
        origins: origins(allowed),
        accept: Code::new(match endpoint.accept {
            Accept::Text => "Accept::Text",
            Accept::Binary => "Accept::Binary",
            Accept::TextAndBinary => "Accept::TextAndBinary",
        }),
        subprotocols: endpoint
            .subprotocols
            .iter()
            .map(|name| Str::new(&name.value.0))
            .collect(),
        message_size: Code::bytes(limits.message_size),
        heartbeat: Code::option(limits.heartbeat.map(Code::duration)),
        idle: Code::option(limits.idle.map(Code::duration)),
        send_timeout: Code::duration(limits.send_timeout),
        connections: Code::option(limits.connections.map(Code::number)),
        lag: missed(limits.lag),
        gap: missed(limits.gap),
        shutdown_code: Code::close_code(shutdown.code),
        shutdown_reason: Str::new(&*shutdown.reason),
        drain: Code::duration(shutdown.drain),
    }
}

/// Closing is what the runtime does by itself.
fn missed(missed: Missed) -> Option<Code> {
    match missed {
        Missed::Close => None,
        Missed::Skip => Some(Code::new("Missed::Skip")),
        Missed::Handle => Some(Code::new("Missed::Handle")),
    }
}

fn origins(origins: &Origins) -> Code {
    match origins {
        Origins::Same => Code::new("Origins::Same"),
        Origins::Any => Code::new("Origins::Any"),
        Origins::Only(origins) => {
            let origins: Vec<String> = origins
                .iter()
                .map(|origin| Str::new(&origin.value.0).to_string())
                .collect();
            Code::new(format!("Origins::Only(&[{}])", origins.join(", ")))
        }
    }
}
