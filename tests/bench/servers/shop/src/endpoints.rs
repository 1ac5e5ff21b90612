//! What is watched, and by whom.

use crate::{
    App,
    hub::{Hub, Seat, Topic},
    messages::{FromClient, ToClient},
    rate::Rate,
    session::{Fault, Handler, Session, Silent},
};
use axum::{
    Router,
    extract::{Path, State, WebSocketUpgrade},
    response::{Response, Result},
    routing::any,
};
use shop_rest::{CurrentUser, Store};
use std::time::SystemTime;
use tokio::time::Instant;

/// The longest message of a client, in bytes.
const MESSAGE_SIZE: usize = 4096;

pub fn router() -> Router<App> {
    Router::new()
        .route("/live/orders/{id}", any(order))
        .route("/live/support/{room}", any(support))
        .route("/live/feed", any(feed))
        .route("/live/notices", any(notices))
}

/// A user who may have a socket, if nothing else is in the way.
struct Visit {
    endpoint: &'static str,
    user: CurrentUser,
    seat: Seat,
}

impl App {
    /// Takes a place, and only then looks whether the login still holds: until then, a sign-out is not heard.
    async fn enter(
        &self,
        endpoint: &'static str,
        user: CurrentUser,
        topic: Option<Topic>,
    ) -> Result<Visit> {
        let seat = self.hub.enter(&user, topic)?;
        self.store.require_login(&user).await?;
        Ok(Visit {
            endpoint,
            user,
            seat,
        })
    }
}

impl Visit {
    fn upgrade(
        self,
        upgrade: WebSocketUpgrade,
        greeting: Option<ToClient>,
        handler: impl Handler,
    ) -> Response {
        let left = self.user.expires.duration_since(SystemTime::now());
        let expires = Instant::now() + left.unwrap_or_default();
        let upgrade = upgrade.max_message_size(MESSAGE_SIZE);
        upgrade.on_upgrade(move |socket| {
            let session = Session {
                socket,
                seat: self.seat,
                endpoint: self.endpoint,
                expires,
                rate: Rate::new(),
            };
            session.run(greeting, handler)
        })
    }
}

/// An order, for the customer who placed it.
async fn order(
    State(app): State<App>,
    user: CurrentUser,
    Path(id): Path<i64>,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    let visit = app.enter("order", user, Some(Topic::Order(id))).await?;
    let order = app.store.order_of(&visit.user, id).await?;
    let greeting = ToClient::Changed { order };
    Ok(visit.upgrade(upgrade, Some(greeting), Silent))
}

/// All open orders, for the staff.
async fn feed(
    State(app): State<App>,
    user: CurrentUser,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    user.require_staff()?;
    let visit = app.enter("feed", user, Some(Topic::Feed)).await?;
    let orders = app.store.open_orders().await?;
    let greeting = ToClient::Snapshot { orders };
    Ok(visit.upgrade(upgrade, Some(greeting), Silent))
}

/// Only what concerns the user.
async fn notices(
    State(app): State<App>,
    user: CurrentUser,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    let visit = app.enter("notices", user, None).await?;
    Ok(visit.upgrade(upgrade, None, Silent))
}

/// A room to get help in.
async fn support(
    State(app): State<App>,
    user: CurrentUser,
    Path(room): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    app.store.require_room(&room).await?;
    let topic = Topic::Room(room.clone());
    let visit = app.enter("support", user, Some(topic.clone())).await?;
    let support = Support {
        user: visit.user.name.clone(),
        room,
        topic,
        store: app.store,
        hub: app.hub,
    };
    Ok(visit.upgrade(upgrade, None, support))
}

/// A client in a room.
struct Support {
    user: String,
    room: String,
    topic: Topic,
    store: Store,
    hub: Hub,
}

impl Handler for Support {
    async fn on_message(&mut self, message: FromClient, seat: &Seat) -> Result<(), Fault> {
        match message {
            FromClient::Say { text } => {
                let line = self.store.say(&self.room, &self.user, text).await;
                let line = line.map_err(Fault::Failed)?;
                let said = ToClient::Said(line);
                self.hub.publish(&self.topic, &said, None);
            }
            FromClient::Typing {} => {
                let typing = ToClient::Typing {};
                self.hub.publish(&self.topic, &typing, Some(seat.id));
            }
        }
        Ok(())
    }
}
