//! What a request needs, and what it gets.

use crate::app::{Plain, echo, next, start};
use autumn_ws_core::{AppState, Endpoint, Origins, Proxy, Rejection, Upgrade, testing::TestServer};
use axum::{
    Router,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{Response, Result},
    routing::{any, get},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};

/// The status of the response to a request without a body.
async fn status(server: &TestServer, method: &str, headers: &[&str]) -> u16 {
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    let mut request = format!("{method} / HTTP/1.1\r\nHost: localhost\r\n");
    for header in headers {
        request.push_str(header);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.unwrap();
    std::str::from_utf8(&head[9..]).unwrap().parse().unwrap()
}

#[tokio::test]
async fn invalid_handshakes_are_refused() {
    const CONNECTION: &str = "Connection: keep-alive, Upgrade";
    const UPGRADE: &str = "Upgrade: websocket";
    const VERSION: &str = "Sec-WebSocket-Version: 13";
    const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    assert_eq!(
        status(&server, "GET", &[CONNECTION, UPGRADE, VERSION, KEY]).await,
        101
    );
    assert_eq!(
        status(&server, "POST", &[CONNECTION, UPGRADE, VERSION, KEY]).await,
        405
    );
    assert_eq!(status(&server, "GET", &[]).await, 400);
    assert_eq!(status(&server, "GET", &[UPGRADE, VERSION, KEY]).await, 400);
    assert_eq!(
        status(&server, "GET", &[CONNECTION, VERSION, KEY]).await,
        400
    );
    assert_eq!(
        status(&server, "GET", &[CONNECTION, UPGRADE, KEY]).await,
        400
    );
    assert_eq!(
        status(&server, "GET", &[CONNECTION, UPGRADE, VERSION]).await,
        400
    );
    let old = "Sec-WebSocket-Version: 8";
    assert_eq!(
        status(&server, "GET", &[CONNECTION, UPGRADE, old, KEY]).await,
        426
    );
    let keys = [
        "Sec-WebSocket-Key: ",
        "Sec-WebSocket-Key: abc",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE=",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ?==",
    ];
    for key in keys {
        let headers = [CONNECTION, UPGRADE, VERSION, key];
        assert_eq!(status(&server, "GET", &headers).await, 400, "{key}");
    }
    for twice in [KEY, VERSION] {
        let headers = [CONNECTION, UPGRADE, VERSION, KEY, twice];
        assert_eq!(status(&server, "GET", &headers).await, 400, "{twice}");
    }
}

#[tokio::test]
async fn a_foreign_page_is_refused() {
    let server = start::<Plain, _, _>(&AppState::new(), echo);
    let own = format!("http://{}", server.addr());
    assert!(server.request("/").connect().await.is_ok());
    assert!(server.request("/").origin(&own).connect().await.is_ok());
    for foreign in ["http://evil.example", "null", "http://127.0.0.1"] {
        let refused = server
            .request("/")
            .origin(foreign)
            .connect()
            .await
            .unwrap_err();
        assert_eq!(refused.status, 403);
        assert!(refused.body.contains("origin"), "{}", refused.body);
    }
    let twice = server.request("/").origin(&own).origin(&own);
    assert_eq!(twice.connect().await.unwrap_err().status, 403);
}

#[tokio::test]
async fn a_sandboxed_frame_cannot_be_allowed_at_run_time() {
    let state = AppState::new().allow_origins(["null"]);
    let server = start::<Plain, _, _>(&state, echo);
    let refused = server.request("/").origin("null").connect().await;
    assert_eq!(refused.unwrap_err().status, 403);
}

struct Partner;

impl Endpoint for Partner {
    const NAME: &'static str = "partner";
    const ORIGINS: Origins = Origins::Only(&["https://partner.example"]);
    const SUBPROTOCOLS: &'static [&'static str] = &["v2", "v1"];
}

#[tokio::test]
async fn a_listed_page_is_admitted() {
    let server = start::<Partner, _, _>(&AppState::new(), echo);
    let listed = server.request("/").origin("https://partner.example");
    assert!(listed.connect().await.is_ok());
    let own = format!("http://{}", server.addr());
    assert!(server.request("/").origin(&own).connect().await.is_err());
}

#[tokio::test]
async fn subprotocols_are_chosen_in_the_server_s_order() {
    let (chosen, mut choices) = mpsc::unbounded_channel();
    let upgrade = async move |upgrade: Upgrade<Partner>| {
        let name = upgrade.subprotocol().map(str::to_owned);
        chosen.send(name).unwrap();
        upgrade.on_upgrade(echo).await
    };
    let state = AppState::new();
    let app = Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let cases: [(&[&str], Option<&str>); 6] = [
        (&["v1, v2"], Some("v2")),
        (&["v2", "v1"], Some("v2")),
        (&["v0", "v1"], Some("v1")),
        (&["V1"], None),
        (&["v0"], None),
        (&[], None),
    ];
    for (offered, expected) in cases {
        let mut request = server.request("/");
        for name in offered {
            request = request.subprotocol(name);
        }
        // The client panics if it gets none of the subprotocols that it offered.
        match tokio::spawn(request.connect()).await {
            Ok(client) => assert_eq!(client.unwrap().subprotocol(), expected),
            Err(panic) => assert!(panic.is_panic() && expected.is_none()),
        }
        assert_eq!(next(&mut choices).await.as_deref(), expected);
    }
}

#[tokio::test]
async fn a_refusal_comes_before_other_extractors() {
    struct Never;

    impl<S: Sync> FromRequestParts<S> for Never {
        type Rejection = StatusCode;

        async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, StatusCode> {
            panic!("this request should have been refused");
        }
    }

    let upgrade = async |upgrade: Upgrade<Plain>, _: Never| upgrade.on_upgrade(echo).await;
    let state = AppState::new();
    let app = Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let refused = server
        .request("/")
        .origin("https://evil.example")
        .connect()
        .await;
    assert_eq!(refused.unwrap_err().status, 403);
}

#[tokio::test]
async fn a_handler_may_refuse() {
    async fn upgrade(upgrade: Upgrade<Plain>, State(_): State<AppState>) -> Result<Response> {
        admit()?;
        Ok(upgrade.on_upgrade(echo).await)
    }

    fn admit() -> core::result::Result<(), Rejection> {
        Err(Rejection::too_many_requests("one cup at a time"))
    }

    let state = AppState::new();
    let app = Router::new()
        .route("/", get(upgrade).connect(upgrade))
        .with_state(state.clone());
    let server = TestServer::start(app, state.shutdown());
    let refused = server.request("/").connect().await.unwrap_err();
    assert_eq!(
        (refused.status.as_u16(), refused.body.as_str()),
        (429, "one cup at a time")
    );
}

#[tokio::test]
async fn the_session_knows_its_peer() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        let peer = session.peer().unwrap();
        session.send(peer.ip().to_string()).await
    });
    assert_eq!(server.connect("/").await.text().await, "127.0.0.1");
}

#[tokio::test]
async fn the_session_knows_its_peer_behind_a_proxy() {
    let proxies = |networks: &[&str]| {
        let networks = networks.iter().map(|network| network.parse().unwrap());
        Proxy::Forwarded.within(networks.collect::<Vec<_>>())
    };
    for (networks, expected) in [
        (&["127.0.0.0/8"][..], "[2001:db8::7]:4711"),
        (&["10.0.0.0/8"], "127.0.0.1"),
    ] {
        let state = AppState::new().trusting(proxies(networks));
        let server = start::<Plain, _, _>(&state, async |mut session| {
            let peer = session.peer().unwrap();
            session.send(peer.to_string()).await
        });
        let forwarded = "for=6.6.6.6, for=\"[2001:db8::7]:4711\";proto=http";
        let request = server.request("/").header("forwarded", forwarded);
        let peer = request.connect().await.unwrap().text().await;
        assert!(peer.starts_with(expected), "{peer}");
    }
}

struct Spoken;

impl Endpoint for Spoken {
    const NAME: &'static str = "spoken";
    const SUBPROTOCOLS: &'static [&'static str] = &["v1.chat"];
    const SUBPROTOCOL_REQUIRED: bool = true;
}

#[tokio::test]
async fn a_foreign_page_does_not_learn_the_subprotocols() {
    let server = start::<Spoken, _, _>(&AppState::new(), echo);
    let foreign = server.request("/").origin("http://evil.example").connect();
    assert_eq!(foreign.await.unwrap_err().status, 403);
    let own = server.request("/").connect().await.unwrap_err();
    assert_eq!(own.status, 400);
    assert!(own.body.contains("v1.chat"), "{}", own.body);
}
