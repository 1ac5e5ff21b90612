//! The smallest application: it sends back what a client sends.

mod ws;

use autumn_ws::AppState;
use std::{env, io};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let state = AppState::new();
    let app = ws::router().with_state(state.clone());
    let listener = TcpListener::bind(address).await?;
    println!("listening on ws://{}/echo", listener.local_addr()?);
    autumn_ws::serve(listener, app, state.shutdown()).await
}
