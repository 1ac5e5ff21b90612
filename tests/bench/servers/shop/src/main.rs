//! The sockets of `examples/shop`, written by hand with axum.

mod endpoints;
mod hub;
mod messages;
mod rate;
mod session;

use self::hub::Hub;
use axum::{Router, extract::FromRef, routing::get};
use metrics_exporter_prometheus::PrometheusBuilder;
use shop_rest::{Store, listen};
use std::error::Error;

#[derive(Clone, FromRef)]
struct App {
    store: Store,
    hub: Hub,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = App {
        store: Store::from_env()?,
        hub: Hub::default(),
    };
    let rest = shop_rest::router(app.store.clone(), app.hub.clone());
    let metrics = PrometheusBuilder::new().install_recorder()?;
    let internal = Router::new().route("/metrics", get(async move || metrics.render()));
    let public = rest.merge(endpoints::router().with_state(app));
    tokio::try_join!(
        axum::serve(listen("ADDRESS", 3000).await?, public).into_future(),
        axum::serve(listen("INTERNAL_ADDRESS", 3001).await?, internal).into_future(),
    )?;
    Ok(())
}
