//! The application.

use autumn_ws::{AppState, Closed, Endpoint, Event, Message, Proxy, Session, Upgrade};
use axum::{
    Router,
    response::Response,
    routing::{any, get, post},
};
use std::time::Duration;
use tokio::time::sleep;

struct Live;

impl Endpoint for Live {
    const NAME: &'static str = "live";
}

/// Trusts the proxy in front of it.
pub fn state() -> AppState {
    AppState::new().trusting(Proxy::XForwardedFor)
}

/// Every response of a page is the replica's port.
pub fn router(state: &AppState, port: u16) -> Router {
    Router::new()
        .route(
            "/live",
            any(async |upgrade| open(upgrade, Duration::ZERO).await),
        )
        // Its goodbye takes a while.
        .route(
            "/slow",
            any(async |upgrade| open(upgrade, Duration::from_secs(2)).await),
        )
        .route("/page", get(async move || port.to_string()))
        .route("/order", post(async move || port.to_string()))
        .route("/ready", get(autumn_ws::ready))
        .with_state(state.clone())
}

async fn open(upgrade: Upgrade<Live>, goodbye: Duration) -> Response {
    let live = async move |session: Session| talk(session, goodbye).await;
    upgrade.on_upgrade(live).await
}

/// Sends back what it gets, or the client's address where it is asked for.
async fn talk(mut session: Session, goodbye: Duration) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        match event {
            Event::Message(Message::Text(text)) if text.as_str() == "who am I?" => {
                let peer = session.peer().map(|peer| peer.to_string());
                session.send(peer.unwrap_or_default()).await?;
            }
            Event::Message(message) => session.send(message).await?,
            Event::Shutdown => {
                sleep(goodbye).await;
                session.goodbye().await?;
            }
            event => session.fallback(event).await?,
        }
    }
    Ok(())
}
