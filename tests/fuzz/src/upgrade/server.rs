//! One connection to the generated router.

use super::{handshake::Exchange, shape::Shape};
use crate::ws;
use autumn_ws::AppState;
use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
    serve::Listener,
};
use std::{
    future::{pending, ready},
    io,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{DuplexStream, duplex},
    runtime::Handle,
    task::JoinHandle,
    time::sleep,
};

/// A server with the client's end of its only connection.
pub(super) struct Server {
    state: AppState,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
    serving: JoinHandle<io::Result<()>>,
}

impl Server {
    pub(super) fn start(shape: &Shape) -> (Self, DuplexStream) {
        let (client, server) = duplex(shape.pipe);
        let state = AppState::new();
        let state = match shape.proxy {
            Some(proxy) => state.trusting(proxy),
            None => state,
        };
        let exchanges = Arc::default();
        let router = router(&state, &exchanges);
        let serving = axum::serve(Once(Some(server)), router).into_future();
        let serving = tokio::spawn(serving);
        let server = Self {
            state,
            exchanges,
            serving,
        };
        (server, client)
    }

    /// Waits until nothing remains of the connection, which the client has left. Returns the
    /// requests made on it.
    pub(super) async fn stop(self) -> Vec<Exchange> {
        self.wait_for_tasks().await;
        let channels = format!("{:?}", self.state.channels());
        assert_eq!(channels, "Channels { open: 0 }");
        assert_eq!(self.state.shutdown().drain(Duration::ZERO).await, 0);
        self.serving.abort();
        let mut exchanges = self.exchanges.lock().expect("nothing panics");
        std::mem::take(&mut *exchanges)
    }

    async fn wait_for_tasks(&self) {
        // No session takes longer: it closes after the idle timeout, and has some seconds for that.
        for _ in 0..600 {
            if Handle::current().metrics().num_alive_tasks() == 1 {
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
        panic!("the connection left something behind");
    }
}

fn router(state: &AppState, exchanges: &Arc<Mutex<Vec<Exchange>>>) -> Router {
    let exchanges = Arc::clone(exchanges);
    let record = move |request: Request, next: Next| record(Arc::clone(&exchanges), request, next);
    ws::router()
        .with_state(state.clone())
        .layer(from_fn(record))
}

async fn record(exchanges: Arc<Mutex<Vec<Exchange>>>, request: Request, next: Next) -> Response {
    let mut exchange = Exchange::asked(&request);
    let response = next.run(request).await;
    exchange.answered(&response);
    exchanges.lock().expect("nothing panics").push(exchange);
    response
}

/// Accepts one connection, and no other.
struct Once(Option<DuplexStream>);

impl Listener for Once {
    type Io = DuplexStream;
    type Addr = ();

    async fn accept(&mut self) -> (DuplexStream, ()) {
        match self.0.take() {
            Some(io) => ready((io, ())).await,
            None => pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }
}
