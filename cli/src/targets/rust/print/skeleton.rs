//! The file that a user's handler begins with. It is laid out as rustfmt would, since it is the user's from then on.

use std::collections::BTreeSet;

use askama::Template;

use crate::error::Error;
use crate::output::file::{Skeleton, Stub};
use crate::targets::rust::ir::{Endpoint, Handler, Method, MethodKind, Module, State};

/// rustfmt's `max_width`.
const WIDTH: usize = 100;

#[derive(Template)]
#[template(path = "rust/handler.rs")]
struct HandlerTemplate<'a> {
    module: &'a Module,
    endpoint: &'a Endpoint,
    handler: &'a Handler,
    use_runtime: String,
    use_super: String,
    methods: Vec<&'a str>,
}

pub(super) fn skeleton(
    module: &Module,
    endpoint: &Endpoint,
    handler: &Handler,
) -> Result<Skeleton, Error> {
    let required = handler.methods.iter().filter_map(stub);
    let methods: Vec<Stub> = std::iter::once(open(&module.state, endpoint))
        .chain(required)
        .collect();
    let uses: BTreeSet<&str> = methods
        .iter()
        .flat_map(|stub| stub.uses.iter().copied())
        .collect();
    let request = format!("{}Request", endpoint.camel);
    let template = HandlerTemplate {
        module,
        endpoint,
        handler,
        use_runtime: use_line("autumn_ws", &Vec::from_iter(uses)),
        use_super: use_line("super", &[handler.trait_name.as_str(), &request]),
        methods: methods.iter().map(|stub| stub.code.as_str()).collect(),
    };
    Ok(Skeleton {
        path: [module.path.as_slice(), &[endpoint.name.to_string()]].concat(),
        code: super::text(&template)? + "\n",
        trait_name: handler.trait_name.to_string(),
        methods,
    })
}

/// A method that does something harmless; `None` where the trait has a default.
fn stub(method: &Method) -> Option<Stub> {
    const RELAY: &str = "session.send(message).await";
    const CLOSE: &str = "let reason = format!(\"{} messages missed\", lagged.missed);\n        session.close(close_code::AGAIN, reason).await";
    const MISSING: &str = "let reason = format!(\"messages on {channel} may be missing\");\n        session.close(close_code::RESTART, reason).await";
    let (event, comment, body, uses): (_, _, _, &[&str]) = match &method.kind {
        MethodKind::Message => {
            let comment = "The client said something: answer it.".to_owned();
            (Some("message: Message"), comment, RELAY, &["Message"])
        }
        MethodKind::Channel(channel) => {
            let comment =
                format!("Somebody published to `{channel}`: the client gets it as it is.");
            (Some("message: Message"), comment, RELAY, &["Message"])
        }
        MethodKind::Lag => {
            let comment =
                "The client has missed messages: it may reconnect and start afresh.".to_owned();
            (
                Some("lagged: Lagged"),
                comment,
                CLOSE,
                &["Lagged", "close_code"],
            )
        }
        MethodKind::Gap => {
            let comment =
                "Messages may be missing: the client may reconnect and start afresh.".to_owned();
            (
                Some("channel: &'static str"),
                comment,
                MISSING,
                &["close_code"],
            )
        }
        MethodKind::Shutdown => {
            let comment = "The server shuts down: say goodbye.".to_owned();
            (None, comment, "session.send(\"goodbye\").await", &[])
        }
        MethodKind::Open | MethodKind::OwnChannel | MethodKind::Close => return None,
    };
    let parameters: Vec<&str> = ["&mut self"]
        .into_iter()
        .chain(event)
        .chain(["session: &mut Session"])
        .collect();
    let name = method.name.as_str();
    Some(Stub {
        name: name.to_owned(),
        code: function(name, &parameters, " -> Result<(), Closed>", &comment, body),
        uses: [uses, &["Closed", "Session"]].concat(),
    })
}

fn open(state: &State, endpoint: &Endpoint) -> Stub {
    let state_parameter = format!("_state: &{}", state.shown);
    let request = format!("_request: {}Request", endpoint.camel);
    let comment = "Everybody may enter. To refuse: `Err(Rejection::forbidden(\"members only\"))`.";
    let parameters = [state_parameter.as_str(), &request];
    Stub {
        name: "open".to_owned(),
        code: function(
            "open",
            &parameters,
            " -> Result<Self, Rejection>",
            comment,
            "Ok(Self)",
        ),
        uses: if state.is_default {
            vec!["AppState", "Rejection"]
        } else {
            vec!["Rejection"]
        },
    }
}

fn function(name: &str, parameters: &[&str], returned: &str, comment: &str, body: &str) -> String {
    let one_line = format!(
        "    async fn {name}({}){returned} {{",
        parameters.join(", ")
    );
    let signature = if one_line.len() <= WIDTH {
        one_line
    } else {
        let lines: Vec<String> = parameters
            .iter()
            .map(|parameter| format!("        {parameter},\n"))
            .collect();
        format!("    async fn {name}(\n{}    ){returned} {{", lines.concat())
    };
    format!("{signature}\n        // {comment}\n        {body}\n    }}")
}

fn use_line(root: &str, names: &[&str]) -> String {
    let one_line = match names {
        [name] => format!("use {root}::{name};"),
        names => format!("use {root}::{{{}}};", names.join(", ")),
    };
    if one_line.len() <= WIDTH {
        one_line
    } else {
        format!("use {root}::{{\n    {},\n}};", names.join(", "))
    }
}
