//! A help desk behind a sign-in, with hand-written code for all that happens on its socket.

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
    autumn_ws::serve(listener, app, desk.sockets().shutdown()).await
}
