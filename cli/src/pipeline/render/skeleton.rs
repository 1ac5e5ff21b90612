//! The file that a user's handler begins with. It is laid out as rustfmt would, since it is the user's from then on.

use askama::Template;

use crate::error::Error;
use crate::files::Skeleton;
use crate::ir::code::Code;
use crate::ir::{Endpoint, Handler, Method, MethodKind, Module};

/// rustfmt's `max_width`.
const WIDTH: usize = 100;

#[derive(Template)]
#[template(path = "handler.rs")]
struct HandlerTemplate<'a> {
    endpoint: &'a Endpoint,
    handler: &'a Handler,
    use_runtime: String,
    use_super: String,
    methods: Vec<String>,
}

pub(super) fn skeleton(
    module: &Module,
    endpoint: &Endpoint,
    handler: &Handler,
) -> Result<Skeleton, Error> {
    let required: Vec<(&Method, String)> = handler
        .methods
        .iter()
        .filter_map(|method| Some((method, stub(method)?)))
        .collect();
    let kinds: Vec<&MethodKind> = required.iter().map(|(method, _)| &method.kind).collect();
    let use_runtime = use_line("autumn_ws", &runtime_names(module, &kinds));
    let methods: Vec<(String, String)> =
        std::iter::once(("open".to_owned(), open(&module.state.ty, endpoint)))
            .chain(
                required
                    .into_iter()
                    .map(|(method, stub)| (method.name.to_string(), stub)),
            )
            .collect();
    let template = HandlerTemplate {
        endpoint,
        handler,
        use_runtime,
        use_super: use_line(
            "super",
            &[
                handler.trait_name.to_string(),
                format!("{}Request", endpoint.camel),
            ],
        ),
        methods: methods.iter().map(|(_, stub)| stub.clone()).collect(),
    };
    Ok(Skeleton {
        path: [module.path.as_slice(), &[endpoint.name.to_string()]].concat(),
        code: super::print(&template)? + "\n",
        trait_name: handler.trait_name.to_string(),
        methods,
    })
}

/// A method that does something harmless; `None` where the trait has a default.
fn stub(method: &Method) -> Option<String> {
    let (event, comment, body) = match &method.kind {
        MethodKind::Message => (
            Some("message: Message"),
            "The client said something: answer it.".to_owned(),
            "session.send(message).await",
        ),
        MethodKind::Channel(channel) => (
            Some("message: Message"),
            format!("Somebody published to `{channel}`: the client gets it as it is."),
            "session.send(message).await",
        ),
        MethodKind::Lag => (
            Some("lagged: Lagged"),
            "The client has missed messages: it may reconnect and start afresh.".to_owned(),
            LAG_BODY,
        ),
        MethodKind::Shutdown => (
            None,
            "The server shuts down: say goodbye.".to_owned(),
            "session.send(\"goodbye\").await",
        ),
        MethodKind::Open | MethodKind::Close => return None,
    };
    let parameters: Vec<&str> = ["&mut self"]
        .into_iter()
        .chain(event)
        .chain(["session: &mut Session"])
        .collect();
    Some(function(
        method.name.as_str(),
        &parameters,
        " -> Result<(), Closed>",
        &comment,
        body,
    ))
}

const LAG_BODY: &str = "let reason = format!(\"{} messages missed\", lagged.missed);\n        session.close(close_code::AGAIN, reason).await";

fn open(state: &Code, endpoint: &Endpoint) -> String {
    let parameters = [
        format!("_state: &{}", unspaced(state)),
        format!("_request: {}Request", endpoint.camel),
    ];
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let comment = "Everybody may enter. To refuse: `Err(Rejection::forbidden(\"members only\"))`.";
    function(
        "open",
        &parameters,
        " -> Result<Self, Rejection>",
        comment,
        "Ok(Self)",
    )
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

/// What the file imports from the runtime, in rustfmt's order.
fn runtime_names(module: &Module, kinds: &[&MethodKind]) -> Vec<String> {
    let has = |wanted: fn(&MethodKind) -> bool| kinds.iter().any(|kind| wanted(kind));
    let takes_message = has(|kind| matches!(kind, MethodKind::Message | MethodKind::Channel(_)));
    let takes_lag = has(|kind| *kind == MethodKind::Lag);
    let names = [
        ("AppState", module.state.is_app_state),
        ("Closed", !kinds.is_empty()),
        ("Lagged", takes_lag),
        ("Message", takes_message),
        ("Rejection", true),
        ("Session", !kinds.is_empty()),
        ("close_code", takes_lag),
    ];
    names
        .into_iter()
        .filter(|(_, needed)| *needed)
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn use_line(root: &str, names: &[String]) -> String {
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

/// A type as people write it: tokens are printed with spaces between them.
fn unspaced(code: &Code) -> String {
    code.as_str().replace(' ', "").replace(',', ", ")
}
