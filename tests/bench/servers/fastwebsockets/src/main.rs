//! The benchmark's server, on fastwebsockets and hyper, as its examples show: one thread, and
//! tokio's broadcast channels beside it.

mod socket;

use fastwebsockets::{WebSocketError, upgrade};
use http_body_util::Empty;
use hyper::{
    Request, Response, StatusCode, body::Bytes, body::Incoming, server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use job::{CAPACITY, User, same_origin};
use std::{future::ready, io};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::broadcast::{Sender, channel},
    task::unconstrained,
};

/// The channels. A message is shared by its receivers, not copied.
#[derive(Clone)]
struct AppState {
    feed: Sender<Bytes>,
    room: Sender<Bytes>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let state = AppState {
        feed: channel(CAPACITY).0,
        room: channel(CAPACITY).0,
    };
    let listener = TcpListener::bind(job::address()).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(serve(stream, state.clone()));
    }
}

async fn serve(stream: TcpStream, state: AppState) {
    let service = service_fn(move |request| ready(answer(request, state.clone())));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A broken connection concerns only its client.
    connection.with_upgrades().await.ok();
}

fn answer(
    mut request: Request<Incoming>,
    state: AppState,
) -> Result<Response<Empty<Bytes>>, WebSocketError> {
    let path = request.uri().path().to_owned();
    if path == "/connect"
        && let Err(status) = admit(&request)
    {
        return Ok(refusal(status));
    }
    let (response, upgraded) = upgrade::upgrade(&mut request)?;
    let AppState { feed, room } = state;
    match path.as_str() {
        "/echo" | "/connect" => open(socket::echo(upgraded)),
        "/feed" => open(socket::relay(upgraded, feed.subscribe(), None)),
        "/room" => open(socket::relay(upgraded, room.subscribe(), Some(room))),
        "/control" => open(socket::obey(upgraded, feed)),
        _ => return Ok(refusal(StatusCode::NOT_FOUND)),
    }
    Ok(response)
}

/// The origin check, and the extractor.
fn admit(request: &Request<Incoming>) -> Result<User, StatusCode> {
    if !same_origin(request.headers()) {
        return Err(StatusCode::FORBIDDEN);
    }
    User::of(request.headers())
}

fn refusal(status: StatusCode) -> Response<Empty<Bytes>> {
    let mut response = Response::new(Empty::new());
    *response.status_mut() = status;
    response
}

fn open(socket: impl Future<Output = Result<(), WebSocketError>> + Send + 'static) {
    // A broken socket concerns only its client.
    tokio::spawn(async { unconstrained(socket).await.ok() });
}
