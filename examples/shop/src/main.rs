//! A shop whose customers and staff see what happens.

mod live;
mod ws;

use autumn_ws::{AppState, metrics};
use axum::{Router, extract::FromRef, routing::get};
use shop_rest::{Store, listen};
use std::error::Error;

/// What the sockets share.
#[derive(Clone, FromRef)]
struct Shop {
    store: Store,
    sockets: AppState,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let shop = Shop {
        store: Store::from_env()?,
        sockets: AppState::new(),
    };
    let rest = shop_rest::router(shop.store.clone(), shop.clone());
    let public = rest.merge(ws::router().with_state(shop.clone()));
    let internal = Router::new().route("/metrics", get(metrics::prometheus));
    let internal = internal.with_state(shop.sockets.clone());
    let shutdown = shop.sockets.shutdown();
    tokio::try_join!(
        autumn_ws::serve(listen("ADDRESS", 3000).await?, public, shutdown.clone()),
        autumn_ws::serve(listen("INTERNAL_ADDRESS", 3001).await?, internal, shutdown),
    )?;
    Ok(())
}
