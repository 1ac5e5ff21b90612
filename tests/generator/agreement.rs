//! Facts that generator and runtime both state: defaults, the capacity of a channel, the close codes that a server may
//! send, and the characters that `escape` escapes.

use crate::support::repository;
use autumn_gen::{Discovered, File, Surroundings, generate_from};
use autumn_ws::{
    Accept, AppState, Channels, CloseCode, Endpoint, Missed, Origins, Rate, Session, Upgrade,
    escape, testing::TestServer,
};
use axum::{Router, extract::Path, response::Response, routing::get};
use std::{collections::BTreeSet, fs, time::Duration};
use syn::{Item, TraitItem};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

struct Unset;

impl Endpoint for Unset {
    const NAME: &'static str = "unset";
}

/// A key with the runtime's value, and a different one.
struct Row {
    key: &'static str,
    default: String,
    other: &'static str,
}

fn row(key: &'static str, default: &dyn ToString, other: &'static str) -> Row {
    let default = default.to_string();
    Row {
        key,
        default,
        other,
    }
}

fn time(time: Duration) -> String {
    format!("{}ms", time.as_millis())
}

fn missed(missed: Missed) -> &'static str {
    match missed {
        Missed::Close => "close",
        Missed::Skip => "skip",
        Missed::Handle => "handle",
    }
}

fn rate(rate: Option<Rate>) -> &'static str {
    assert_eq!(rate, None);
    "off"
}

/// The runtime's defaults, as an author would write them.
fn defaults() -> Vec<Row> {
    let origins = match Unset::ORIGINS {
        Origins::Same => "same",
        Origins::Any => "any",
        Origins::OWN => "[same, configured]",
        Origins::Only(_) => panic!("another list is the default"),
    };
    let accept = match Unset::ACCEPT {
        Accept::Text => "text",
        Accept::Binary => "binary",
        Accept::TextAndBinary => "[text, binary]",
    };
    assert_eq!(Unset::SUBPROTOCOLS, [""; 0]);
    assert_eq!(Unset::CLOSES, [0; 0]);
    assert_eq!(Unset::TICK, None);
    let without_subprotocol = if Unset::SUBPROTOCOL_REQUIRED {
        "refuse"
    } else {
        "open"
    };
    let switch = |time: Option<Duration>| time.map_or_else(|| "off".to_owned(), self::time);
    let connections = Unset::CONNECTIONS.map_or_else(|| "off".to_owned(), |most| most.to_string());
    vec![
        row("origins", &origins, "any"),
        row("accept", &accept, "text"),
        row("subprotocols", &"[]", "[v1]"),
        row("without_subprotocol", &without_subprotocol, "refuse"),
        row("limits.message_size", &Unset::MESSAGE_SIZE, "64KiB"),
        row("limits.heartbeat", &switch(Unset::HEARTBEAT), "40s"),
        row("limits.idle", &switch(Unset::IDLE), "70s"),
        row("limits.send_timeout", &time(Unset::SEND_TIMEOUT), "5s"),
        row("limits.connections", &connections, "7"),
        row("limits.joined", &Unset::JOINED, "7"),
        row("limits.rate", &rate(Unset::RATE), "20/s"),
        row("limits.lifetime", &switch(Unset::LIFETIME), "12h"),
        row("limits.lag", &missed(Unset::LAG), "skip"),
        row("limits.gap", &missed(Unset::GAP), "skip"),
        row("shutdown.code", &Unset::SHUTDOWN_CODE, "4001"),
        row("shutdown.reason", &Unset::SHUTDOWN_REASON, "goodbye"),
        row("shutdown.drain", &time(Unset::DRAIN), "20s"),
        row("shutdown.spread", &time(Unset::SPREAD), "5s"),
    ]
}

/// The module of a spec, or its mistakes.
fn generate(spec: &str) -> Result<String, String> {
    let mut discovered = Discovered::default();
    let module = vec!["chat".to_owned()];
    discovered.add("specs/chat.yaml", module, Some(spec.as_bytes().to_vec()));
    let generated = generate_from(&discovered, &Surroundings::default());
    let files = generated.map_err(|error| error.to_string())?.files;
    let is_module = |file: &&File| file.path.ends_with("chat.rs");
    let module = files.iter().find(is_module).and_then(File::generated);
    Ok(module.expect("a module").to_owned())
}

/// The module of an endpoint with one key, at any depth.
fn with_key(key: &str, value: &str) -> Result<String, String> {
    let set = match key.split_once('.') {
        Some((section, key)) => format!("{section}: {{ {key}: {value} }}"),
        None => format!("{key}: {value}"),
    };
    generate(&format!(
        "version: 1\nchannels: {{ lobby: lobby }}\nendpoints:\n  unset:\n    path: /\n    subscribe: [lobby]\n    on_message: echo\n    {set}\n"
    ))
}

#[test]
fn a_key_that_is_not_set_has_the_runtimes_default() {
    let unset = with_key("description", "''").unwrap();
    for row in defaults() {
        let set = with_key(row.key, &row.default).unwrap();
        assert_eq!(set, unset, "{}: {}", row.key, row.default);
        let other = with_key(row.key, row.other).unwrap();
        assert_ne!(other, unset, "{}: {}", row.key, row.other);
    }
}

#[test]
fn a_channel_has_the_runtimes_capacity() {
    let lobby = |channel: &str| {
        generate(&format!(
            "version: 1\nchannels:\n  lobby: {channel}\nendpoints:\n  hall: {{ path: /, subscribe: [lobby], on_message: ignore }}\n"
        ))
    };
    let unset = lobby("lobby").unwrap();
    let default = Channels::DEFAULT_CAPACITY;
    let with =
        |capacity: usize| lobby(&format!("{{ name: lobby, capacity: {capacity} }}")).unwrap();
    assert_eq!(with(default), unset);
    assert_ne!(with(default + 1), unset);
}

/// Closes with the code that it is asked for.
async fn close(upgrade: Upgrade<Unset>, Path(code): Path<CloseCode>) -> Response {
    let close = async move |mut session: Session| session.close(code, "").await;
    upgrade.on_upgrade(close).await
}

/// The ends of every range of RFC 6455, 7.4, and the codes around them.
fn codes() -> impl Iterator<Item = CloseCode> {
    let around = |code: CloseCode| code - 8..=code + 8;
    let ends = [1000, 1016, 2000, 3000, 4000, 5000].into_iter();
    ends.flat_map(around).chain([0, 3500, 4500, CloseCode::MAX])
}

/// The code on the wire. A client library would reject one that it does not know.
async fn sent(server: &TestServer, code: CloseCode) -> CloseCode {
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    let request = format!(
        "GET /{code} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    // Two bytes say that it is a close frame, and how long it is (RFC 6455, 5.2).
    assert_eq!(stream.read_u16().await.unwrap(), 0x8802);
    stream.read_u16().await.unwrap()
}

#[tokio::test]
async fn a_spec_may_name_the_close_codes_that_a_server_may_send() {
    let state = AppState::new();
    let app = Router::new()
        .route("/{code}", get(close))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    for code in codes() {
        let is_sent = sent(&server, code).await == code;
        let is_taken = with_key("shutdown.code", &code.to_string()).is_ok();
        assert_eq!(is_taken, is_sent, "{code}");
    }
}

/// The module of an endpoint that listens to a channel of this name.
fn with_channel(name: &str) -> Result<String, String> {
    let name = name.replace('\'', "''");
    generate(&format!(
        "version: 1\nchannels:\n  room: '{name}'\nendpoints:\n  room: {{ path: '/{{a}}/{{b}}', subscribe: [room], on_message: ignore }}\n"
    ))
}

/// Placeholders may be separated by a character that no escaped value contains.
#[test]
fn separators_of_placeholders_are_escaped() {
    let may_be_in_names = |c: &char| with_channel(&format!("a{c}b")).is_ok();
    let characters: Vec<char> = (' '..='\u{17f}').filter(may_be_in_names).collect();
    assert!(characters.contains(&':') && characters.contains(&'-'));
    let escaped: BTreeSet<char> = characters
        .iter()
        .flat_map(|c| escape(c).to_string().chars().collect::<Vec<_>>())
        .collect();
    for c in characters {
        let sets_off = with_channel(&format!("{{a}}{c}{{b}}")).is_ok();
        assert_eq!(sets_off, !escaped.contains(&c), "{c:?}");
    }
}

/// A close code's constant would hide the runtime's of the same name.
#[test]
fn no_close_code_is_called_like_a_constant_of_an_endpoint() {
    let source = fs::read_to_string(repository().join("runtime/core/src/endpoint.rs")).unwrap();
    let items = syn::parse_file(&source).unwrap().items;
    let endpoint = items.into_iter().find_map(|item| match item {
        Item::Trait(item) if item.ident == "Endpoint" => Some(item),
        _ => None,
    });
    let constants = endpoint.unwrap().items.into_iter();
    let constants = constants.filter_map(|item| match item {
        TraitItem::Const(item) => Some(item.ident.to_string().to_lowercase()),
        _ => None,
    });
    let constants: Vec<String> = constants.collect();
    assert!(constants.len() > 10, "{constants:?}");
    for name in constants {
        let mistake = with_key("closes", &format!("{{ 4001: {name} }}"));
        assert!(
            mistake
                .unwrap_err()
                .contains("a close code cannot be called"),
            "{name}"
        );
    }
}
