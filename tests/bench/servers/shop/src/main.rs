//! The sockets of `examples/shop`, written by hand with axum.

mod endpoints;
mod hub;
mod messages;
mod metrics;
mod rate;
mod session;

use self::{hub::Hub, metrics::Metrics};
use axum::{Router, extract::FromRef, routing::get};
use shop_rest::Store;
use std::{env, error::Error, time::Duration};
use tokio::net::TcpListener;

#[derive(Clone, FromRef)]
struct App {
    store: Store,
    hub: Hub,
    metrics: Metrics,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let login = env::var("LOGIN_SECONDS").map_or(Ok(8 * 60 * 60), |seconds| seconds.parse())?;
    let app = App {
        store: Store::demo(Duration::from_secs(login))?,
        hub: Hub::default(),
        metrics: Metrics::new()?,
    };
    let rest = shop_rest::router(app.store.clone(), app.hub.clone());
    let metrics = app.metrics.clone();
    let internal = Router::new().route("/metrics", get(async move || metrics.text()));
    let public = rest.merge(endpoints::router().with_state(app));

    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let address = env::var("INTERNAL_ADDRESS").unwrap_or_else(|_| "127.0.0.1:3001".to_owned());
    let internal_listener = TcpListener::bind(address).await?;
    println!(
        "metrics on http://{}/metrics",
        internal_listener.local_addr()?
    );
    tokio::try_join!(
        axum::serve(listener, public).into_future(),
        axum::serve(internal_listener, internal).into_future(),
    )?;
    Ok(())
}
