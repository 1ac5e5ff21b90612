//! Layers around a granted socket: what they do to the response costs no socket, on any server.

use crate::{
    app::{Plain, bind, echo, in_time, until},
    http2,
    raw::{RawClient, TEXT, frame},
};
use autumn_ws_core::{AppState, testing::TestServer};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Response, StatusCode, header},
    middleware::map_response,
    response::Response as Answer,
    routing::any,
};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use std::{net::SocketAddr, time::Duration};
use tokio::net::TcpStream;
use tower_http::{
    compression::CompressionLayer,
    on_early_drop::{EarlyDropsAsFailures, OnEarlyDropLayer},
    set_header::SetResponseHeaderLayer,
    timeout::{ResponseBodyTimeoutLayer, TimeoutLayer},
    trace::{DefaultOnFailure, TraceLayer},
};

const LONG: Duration = Duration::from_mins(1);

/// Each layer around an endpoint, and all of them around each other.
fn app(state: &AppState) -> Router {
    let echo =
        || any(async |upgrade: autumn_ws_core::Upgrade<Plain>| upgrade.on_upgrade(echo).await);
    let router = Router::new()
        .route("/bare", echo())
        .route("/traced", echo().layer(TraceLayer::new_for_http()))
        .route("/compressed", echo().layer(CompressionLayer::new()))
        .route("/limited", echo().layer(limit()))
        .route("/timed", echo().layer(ResponseBodyTimeoutLayer::new(LONG)))
        .route("/streamed", echo().layer(map_response(stream)))
        .route("/rebuilt", echo().layer(map_response(rebuild)))
        .route("/copied", echo().layer(map_response(copy)))
        .route("/buffered", echo().layer(map_response(buffer)))
        .route("/replaced", echo().layer(map_response(replace)))
        .route("/labelled", echo().layer(label()))
        .route("/watched", echo().layer(watch()))
        .route(
            "/varied",
            echo().layer((vary(), ResponseBodyTimeoutLayer::new(LONG))),
        );
    let all = Router::new()
        .route("/all", echo())
        .layer(map_response(replace))
        .layer(CompressionLayer::new())
        .layer(map_response(buffer))
        .layer(map_response(copy))
        .layer(label())
        .layer(watch())
        .layer(vary())
        .layer(TraceLayer::new_for_http())
        .layer(limit())
        .layer(map_response(rebuild))
        .layer(ResponseBodyTimeoutLayer::new(LONG));
    router.merge(all).with_state(state.clone())
}

const PATHS: [&str; 14] = [
    "/bare",
    "/traced",
    "/compressed",
    "/limited",
    "/timed",
    "/streamed",
    "/rebuilt",
    "/copied",
    "/buffered",
    "/replaced",
    "/labelled",
    "/watched",
    "/varied",
    "/all",
];

fn limit() -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONG)
}

fn label() -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::appending(header::VARY, HeaderValue::from_static("accept-language"))
}

fn vary() -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(header::VARY, HeaderValue::from_static("accept"))
}

type Watch = EarlyDropsAsFailures<DefaultOnFailure>;

fn watch() -> OnEarlyDropLayer<Watch, Watch> {
    OnEarlyDropLayer::new(EarlyDropsAsFailures::new(DefaultOnFailure::default()))
}

/// Puts a body around the body that does not say when it ends, and that nobody polls.
async fn stream(answer: Answer) -> Answer {
    answer.map(|body| Body::from_stream(body.into_data_stream()))
}

/// Keeps no extensions.
async fn rebuild(answer: Answer) -> Answer {
    let (parts, body) = answer.into_parts();
    let mut answer = Answer::new(Body::from_stream(body.into_data_stream()));
    *answer.status_mut() = parts.status;
    *answer.headers_mut() = parts.headers;
    answer
}

/// Keeps only copies of the headers.
async fn copy(answer: Answer) -> Answer {
    let mut copied = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        copied = copied.header(name, value);
    }
    stream(copied.body(Body::empty()).unwrap()).await
}

/// Reads the body, as layers do that log it.
async fn buffer(answer: Answer) -> Answer {
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, 1024).await.unwrap();
    Answer::from_parts(parts, Body::from(bytes))
}

/// Puts a body of its own into the response.
async fn replace(answer: Answer) -> Answer {
    stream(answer.map(|_| Body::empty())).await
}

/// Opens a socket below each layer, and hears its echo.
async fn opens_below_every_layer(addr: SocketAddr, state: &AppState) {
    for path in PATHS {
        let stream = TcpStream::connect(addr).await.unwrap();
        let mut client = in_time(RawClient::over_at(stream, path)).await;
        client.write(&frame(TEXT, path.as_bytes())).await;
        let echo = in_time(client.frame()).await;
        assert_eq!(echo, Some((TEXT, path.into())), "{path}");
    }
    let endpoint = &state.metrics().snapshot().endpoints[0];
    assert_eq!(endpoint.opened, PATHS.len() as u64);
    let rejected: u64 = endpoint.rejected.iter().map(|reason| reason.count).sum();
    assert_eq!((endpoint.failed, rejected), (0, 0));
    let gone = || state.metrics().snapshot().endpoints[0].open == 0;
    until("every session has ended", gone).await;
}

#[tokio::test]
async fn under_serve() {
    let state = AppState::new();
    let server = TestServer::start(app(&state), state.shutdown());
    opens_below_every_layer(server.addr(), &state).await;
}

#[tokio::test]
async fn under_axum_serve() {
    let state = AppState::new();
    let (listener, addr) = bind().await;
    tokio::spawn(axum::serve(listener, app(&state)).into_future());
    opens_below_every_layer(addr, &state).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_axum_serve_on_several_threads() {
    let state = AppState::new();
    let (listener, addr) = bind().await;
    tokio::spawn(axum::serve(listener, app(&state)).into_future());
    opens_below_every_layer(addr, &state).await;
}

#[tokio::test]
async fn under_axum_server() {
    let state = AppState::new();
    let (listener, addr) = bind().await;
    let server = axum_server::from_tcp(listener.into_std().unwrap()).unwrap();
    tokio::spawn(server.serve(app(&state).into_make_service()));
    opens_below_every_layer(addr, &state).await;
}

#[tokio::test]
async fn under_hyper() {
    let state = AppState::new();
    let (listener, addr) = bind().await;
    let router = TowerToHyperService::new(app(&state));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let router = router.clone();
            let service = service_fn(move |request: Request<Incoming>| router.call(request));
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection.with_upgrades());
        }
    });
    opens_below_every_layer(addr, &state).await;
}

async fn opens_over_http2(addr: SocketAddr, state: &AppState) {
    for path in PATHS {
        let mut requests = http2::connect(addr).await;
        let (response, mut sender) =
            http2::open_at(&mut requests, path, "here", "http://here").await;
        assert_eq!(response.status(), 200, "{path}");
        let data = frame(TEXT, path.as_bytes()).into();
        sender.send_data(data, false).unwrap();
        let (mut body, mut bytes) = (response.into_body(), Vec::new());
        let echo = in_time(http2::read(&mut body, &mut bytes)).await;
        assert_eq!(echo, Some((TEXT, path.into())), "{path}");
    }
    let endpoint = &state.metrics().snapshot().endpoints[0];
    assert_eq!((endpoint.opened, endpoint.failed), (PATHS.len() as u64, 0));
}

#[tokio::test]
async fn over_http2_under_serve() {
    let state = AppState::new();
    let server = TestServer::start(app(&state), state.shutdown());
    opens_over_http2(server.addr(), &state).await;
}

#[tokio::test]
async fn over_http2_under_axum_serve() {
    let state = AppState::new();
    let (listener, addr) = bind().await;
    tokio::spawn(axum::serve(listener, app(&state)).into_future());
    opens_over_http2(addr, &state).await;
}
