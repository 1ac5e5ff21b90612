//! The names of generated items: one place that says what each of them is called.

use crate::value::{Basic, Float, Integer, Name, TypeName};

/// Whether `word` is a keyword in the edition that generated code is written for, or in a later one.
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    let is_identifier = word.chars().all(|c| c.is_alphanumeric() || c == '_');
    word == "gen" || (is_identifier && syn::parse_str::<syn::Ident>(word).is_err())
}

/// The field or parameter for a value: `type` becomes `type_`.
#[must_use]
pub fn field(name: &Name) -> String {
    let name = name.as_str();
    if is_keyword(name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// The type or variant: `Self` becomes `Self_`.
#[must_use]
pub fn type_ident(name: &TypeName) -> String {
    let name = name.as_str();
    if is_keyword(name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// The type of a number, or `bool`.
#[must_use]
pub fn copied(basic: &Basic) -> String {
    match basic {
        Basic::Integer(Integer::Int, _) => "i64".to_owned(),
        Basic::Integer(Integer::Signed(bits), _) => format!("i{bits}"),
        Basic::Integer(Integer::Unsigned(bits), _) => format!("u{bits}"),
        Basic::Float(Float::Single, _) => "f32".to_owned(),
        Basic::Float(Float::Double, _) => "f64".to_owned(),
        _ => "bool".to_owned(),
    }
}

/// The module of a spec's messages.
pub const MESSAGES: &str = "messages";

/// The field for the subprotocol that client and server have agreed on.
pub const SUBPROTOCOL: &str = "subprotocol";

/// `support` becomes the handler trait `SupportHandler`.
#[must_use]
pub fn handler_trait(endpoint: &Name) -> String {
    format!("{}Handler", endpoint.camel())
}

/// `room` becomes the function `room_channel` or, for a fixed name, the constant `ROOM_CHANNEL`.
#[must_use]
pub fn channel_item(channel: &Name, is_fixed: bool) -> String {
    if is_fixed {
        format!("{}_CHANNEL", channel.shouty())
    } else {
        format!("{}_channel", channel.as_str())
    }
}

/// `room` becomes the enum `RoomMessage` of what the channel carries.
#[must_use]
pub fn channel_messages(channel: &Name) -> String {
    format!("{}Message", channel.camel())
}

/// The method that gets the messages of a channel.
#[must_use]
pub fn channel_method(channel: &str) -> String {
    format!("on_{channel}")
}

/// `chat` becomes the enum `ChatIncoming` of what clients may send.
#[must_use]
pub fn incoming(endpoint: &Name) -> String {
    format!("{}Incoming", endpoint.camel())
}

/// The session of a typed endpoint.
#[must_use]
pub fn session(endpoint: &Name) -> String {
    format!("{}Session", endpoint.camel())
}

/// The enum of replies to a request.
#[must_use]
pub fn reply(endpoint: &Name, request: &TypeName) -> String {
    format!("{}{request}Reply", endpoint.camel())
}

/// The answer to a request that is answered in parts.
#[must_use]
pub fn answer(endpoint: &Name, request: &TypeName) -> String {
    format!("{}{request}Answer", endpoint.camel())
}

/// The type that tells such an answer from others.
#[must_use]
pub fn answered(endpoint: &Name, request: &TypeName) -> String {
    format!("{}{request}", endpoint.camel())
}

/// The variable that publishes to a channel.
#[must_use]
pub fn sender(channel: &Name) -> String {
    format!("{}_sender", channel.as_str())
}

/// The method that gets the messages of a kind.
#[must_use]
pub fn kind_method(name: &TypeName) -> String {
    format!("on_{}", name.snake())
}

/// The variant of binary frames.
pub const BINARY: &str = "Binary";

/// The method that gets binary frames.
pub const ON_BINARY: &str = "on_binary";

/// What a method calls a message.
#[must_use]
pub fn parameter(name: &TypeName) -> String {
    let snake = name.snake();
    match snake.as_str() {
        "session" | "answer" | "self" => "message".to_owned(),
        word if is_keyword(word) => format!("{word}_"),
        _ => snake,
    }
}

/// The method that gets the messages of channels that the user's code has subscribed to itself.
pub const OWN_CHANNEL: &str = "on_channel";

/// Methods that every handler trait may have; no channel's method may be called the same.
pub const METHODS: &[&str] = &[
    "open",
    "on_open",
    "on_message",
    OWN_CHANNEL,
    "on_lag",
    "on_gap",
    "on_token",
    "on_tick",
    "on_shutdown",
    "on_close",
];

/// Names of values in a phase-one function; no extracted value may be called the same.
pub const LOCALS: &[&str] = &[
    "channels",
    "handler",
    "listener",
    "path",
    "publisher",
    "query",
    "request",
    "session",
    "state",
    SUBPROTOCOL,
    "topic",
    "upgrade",
    "ws",
];

/// The constant of a close code: `elsewhere` becomes `ELSEWHERE`.
#[must_use]
pub fn close_constant(name: &Name) -> String {
    name.shouty()
}

/// What the runtime's `Endpoint` has constants for; no close code may be called the same.
pub const ENDPOINT_CONSTANTS: &[&str] = &[
    "ACCEPT",
    "CLOSES",
    "CONNECTIONS",
    "DRAIN",
    "GAP",
    "HEARTBEAT",
    "IDLE",
    "JOINED",
    "LAG",
    "LIFETIME",
    "MESSAGE_SIZE",
    "NAME",
    "ORIGINS",
    "RATE",
    "SEND_TIMEOUT",
    "SHUTDOWN_CODE",
    "SHUTDOWN_REASON",
    "SPREAD",
    "SUBPROTOCOLS",
    "SUBPROTOCOL_REQUIRED",
    "TICK",
];

/// All items that an endpoint may become.
#[must_use]
pub fn endpoint_items(endpoint: &Name) -> Vec<String> {
    let (function, camel) = (endpoint.as_str(), endpoint.camel());
    let functions = ["", "_session", "_events"].map(|suffix| format!("{function}{suffix}"));
    let types = [
        "Endpoint", "Path", "Query", "Request", "Handler", "Session", "Incoming",
    ]
    .map(|suffix| format!("{camel}{suffix}"));
    functions.into_iter().chain(types).collect()
}

#[cfg(test)]
mod tests {
    use super::is_keyword;

    #[test]
    fn only_what_could_be_an_identifier_is_a_keyword() {
        for word in ["type", "gen", "Self", "async", "_"] {
            assert!(is_keyword(word), "{word}");
        }
        for word in ["room", "my spec", "a-b", "chat.old"] {
            assert!(!is_keyword(word), "{word}");
        }
    }
}
