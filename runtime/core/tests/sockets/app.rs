//! Small applications.

use autumn_ws_core::{
    AppState, Closed, Endpoint, Event, Missed, Session, Upgrade, testing::TestServer,
};
use axum::{Router, routing::any};
use std::{future::pending, net::SocketAddr, time::Duration};
use tokio::{
    net::TcpListener,
    sync::mpsc,
    time::{sleep, timeout},
};

/// An endpoint with default rules.
pub struct Plain;

impl Endpoint for Plain {
    const NAME: &'static str = "plain";
}

/// An endpoint whose code decides about missed messages.
pub struct Careful;

impl Endpoint for Careful {
    const NAME: &'static str = "careful";
    const LAG: Missed = Missed::Handle;
    const GAP: Missed = Missed::Handle;
}

/// Serves the endpoint `E` at `/`: each session runs `code`.
pub fn start<E, F, Fut>(state: &AppState, code: F) -> TestServer
where
    E: Endpoint + 'static,
    F: Fn(Session) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Closed>> + Send + 'static,
{
    TestServer::start(router::<E, F, Fut>(state, code), state.shutdown())
}

/// The router of [`start`].
pub fn router<E, F, Fut>(state: &AppState, code: F) -> Router
where
    E: Endpoint + 'static,
    F: Fn(Session) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Closed>> + Send + 'static,
{
    let upgrade = async move |upgrade: Upgrade<E>| upgrade.on_upgrade(code.clone()).await;
    Router::new()
        .route("/", any(upgrade))
        .with_state(state.clone())
}

/// A free port, for a server other than [`TestServer`].
pub async fn bind() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}

/// Sends back what it gets.
pub async fn echo(mut session: Session) -> Result<(), Closed> {
    run_echo(&mut session).await
}

pub async fn run_echo(session: &mut Session) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        match event {
            Event::Message(message) => session.send(message).await?,
            event => session.fallback(event).await?,
        }
    }
    Ok(())
}

/// Code that never ends.
pub async fn stay(session: Session) -> Result<(), Closed> {
    let _held = session;
    pending().await
}

/// An echo server that reports how its sessions end.
pub fn start_reporting<E: Endpoint + 'static>(
    state: &AppState,
) -> (TestServer, mpsc::UnboundedReceiver<Closed>) {
    let (report, ends) = mpsc::unbounded_channel();
    let server = start::<E, _, _>(state, move |mut session| {
        let report = report.clone();
        async move {
            let ended = run_echo(&mut session).await;
            report.send(session.closed().unwrap()).unwrap();
            ended
        }
    });
    (server, ends)
}

/// Waits for something, with a timeout.
pub async fn in_time<T>(wait: impl Future<Output = T>) -> T {
    let waited = timeout(Duration::from_secs(20), wait).await;
    waited.expect("something in time")
}

/// Waits for the next value, with a timeout.
pub async fn next<T>(values: &mut mpsc::UnboundedReceiver<T>) -> T {
    in_time(values.recv()).await.expect("a sender")
}

/// Waits until a condition holds, with a timeout.
pub async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..500 {
        if is_so() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

/// Waits until every session of an application has ended.
pub async fn until_all_are_gone(state: &AppState) {
    let shutdown = state.shutdown();
    let none_left = || format!("{shutdown:?}").contains("sessions: 0");
    until("all sessions are gone", none_left).await;
}

pub const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}
