//! The constants of an endpoint.

use crate::source::Source;
use crate::spec::{Accept, Endpoint, Origins};
use crate::targets::rust::ir;
use crate::targets::rust::ir::code::{Code, Str};

pub(super) fn rules(endpoint: &Endpoint, source: &Source) -> ir::Rules {
    let settings = &endpoint.settings;
    let name = format!(
        "{}.{}",
        source.module.join("."),
        endpoint.key.value.as_str()
    );
    ir::Rules {
        name: Str::new(name),
        origins: origins(settings.origins.as_ref()),
        accept: Code::new(match endpoint.accept {
            Accept::Text => "Accept::Text",
            Accept::Binary => "Accept::Binary",
            Accept::TextAndBinary => "Accept::TextAndBinary",
        }),
        subprotocols: endpoint
            .subprotocols
            .iter()
            .map(|name| Str::new(&name.value))
            .collect(),
        message_size: Code::bytes(settings.message_size()),
        heartbeat: Code::option(settings.heartbeat().map(Code::duration)),
        idle: Code::option(settings.idle().map(Code::duration)),
        send_timeout: Code::duration(settings.send_timeout()),
        connections: Code::option(settings.connections().map(Code::number)),
        shutdown_code: Code::close_code(settings.shutdown_code()),
        shutdown_reason: Str::new(settings.shutdown_reason()),
        drain: Code::duration(settings.drain()),
    }
}

fn origins(origins: Option<&Origins>) -> Code {
    match origins {
        None | Some(Origins::Same) => Code::new("Origins::Same"),
        Some(Origins::Any) => Code::new("Origins::Any"),
        Some(Origins::Only(origins)) => {
            let origins: Vec<String> = origins
                .iter()
                .map(|origin| Str::new(&origin.value.0).to_string())
                .collect();
            Code::new(format!("Origins::Only(&[{}])", origins.join(", ")))
        }
    }
}
