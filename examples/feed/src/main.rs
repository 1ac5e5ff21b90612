//! Made-up prices, pushed to every client.

use autumn_ws::AppState;
use std::{env, io, time::Duration};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let state = AppState::new();
    let app = feed::app(state.clone());
    let listener = TcpListener::bind(address).await?;
    println!("listening on ws://{}/feed", listener.local_addr()?);

    let publisher = tokio::spawn(feed::publish(state.clone(), Duration::from_secs(1)));
    autumn_ws::serve(listener, app, state.shutdown()).await?;
    // The task has ended with the application. If it panicked, report it.
    Ok(publisher.await?)
}
