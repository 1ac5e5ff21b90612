//! The constants of an endpoint.

use std::time::Duration;

use crate::ir;
use crate::ir::code::{Code, Str};
use crate::source::Source;
use crate::spec::{Accept, Endpoint, Origins};

pub(super) fn rules(endpoint: &Endpoint, source: &Source) -> ir::Rules {
    const MESSAGE_SIZE: u32 = 1024 * 1024;
    const SEND_TIMEOUT: Duration = Duration::from_secs(10);
    const DRAIN: Duration = Duration::from_secs(10);
    const CODE: u16 = 1001;
    const REASON: &str = "server shutting down";
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
        message_size: Code::bytes(
            settings
                .message_size
                .as_ref()
                .map_or(MESSAGE_SIZE, |size| size.value.0),
        ),
        heartbeat: Code::option(settings.heartbeat().map(Code::duration)),
        idle: Code::option(settings.idle().map(Code::duration)),
        send_timeout: Code::duration(
            settings
                .send_timeout
                .as_ref()
                .map_or(SEND_TIMEOUT, |span| span.value.0),
        ),
        connections: Code::option(settings.connections().map(Code::number)),
        shutdown_code: Code::close_code(settings.code.as_ref().map_or(CODE, |code| code.value.0)),
        shutdown_reason: Str::new(
            settings
                .reason
                .as_ref()
                .map_or(REASON, |reason| &reason.value.0),
        ),
        drain: Code::duration(settings.drain.as_ref().map_or(DRAIN, |span| span.value.0)),
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
