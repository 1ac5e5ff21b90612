//! A help desk behind a sign-in, with hand-written code for everything on its socket.

use std::{env, io};
use support::{Desk, auth::CurrentUser};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let desk = Desk::new([
        ("ann-secret", CurrentUser::new("ann")),
        ("bob-secret", CurrentUser::new("bob")),
        ("eve-secret", CurrentUser::suspended("eve")),
    ]);
    let app = support::app(desk.clone());
    let listener = TcpListener::bind(address).await?;
    println!("listening on ws://{}/support", listener.local_addr()?);
    // The metrics have an address of their own, which customers cannot reach.
    let address = env::var("INTERNAL_ADDRESS").unwrap_or_else(|_| "127.0.0.1:3001".to_owned());
    let internal = TcpListener::bind(address).await?;
    println!("metrics on http://{}/metrics", internal.local_addr()?);
    let shutdown = desk.sockets().shutdown();
    tokio::select! {
        served = autumn_ws::serve(listener, app, shutdown) => served,
        // They can be read until the last customer has left.
        served = axum::serve(internal, support::internal(desk)).into_future() => served,
    }
}
