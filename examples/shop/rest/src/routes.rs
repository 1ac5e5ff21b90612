//! The REST service.

use crate::{CurrentUser, Error, Line, Live, Order, Status, Store, user::SESSION};
use axum::{
    Json, Router,
    extract::{FromRef, Path, State},
    http::{HeaderName, StatusCode, header::SET_COOKIE},
    response::Html,
    routing::{get, post, put},
};
use serde::Deserialize;
use std::sync::Arc;

/// What the handlers share.
#[derive(Clone)]
struct Shop {
    store: Store,
    live: Arc<dyn Live>,
}

impl FromRef<Shop> for Store {
    fn from_ref(shop: &Shop) -> Self {
        shop.store.clone()
    }
}

/// The page at `/` and the REST service behind it.
pub fn router(store: Store, live: impl Live) -> Router {
    let live = Arc::new(live);
    Router::new()
        .route("/", get(page))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/me", get(me))
        .route("/orders", get(orders).post(place))
        .route("/orders/{id}", get(order))
        .route("/orders/{id}/status", put(set_status))
        .route("/users/{id}/notices", post(notice))
        .route("/support/{room}/lines", get(lines))
        .with_state(Shop { store, live })
}

async fn page() -> Html<&'static str> {
    Html(include_str!("page.html"))
}

/// Who wants to sign in.
#[derive(Deserialize)]
struct SignIn {
    name: String,
    key: String,
}

/// No content, and a cookie.
type Signed = (StatusCode, [(HeaderName, String); 1]);

async fn sign_in(
    State(store): State<Store>,
    Json(SignIn { name, key }): Json<SignIn>,
) -> Result<Signed, Error> {
    let token = store.sign_in(name, key).await?;
    Ok(set_cookie(&token, store.login.as_secs()))
}

async fn sign_out(State(shop): State<Shop>, user: CurrentUser) -> Result<Signed, Error> {
    shop.store.sign_out(user.login).await?;
    shop.live.signed_out(user.login);
    Ok(set_cookie("", 0))
}

/// `SameSite` keeps other sites from using the cookie, for sockets as well. Behind TLS, add `Secure`.
fn set_cookie(token: &str, seconds: u64) -> Signed {
    let cookie = format!("{SESSION}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict");
    (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)])
}

async fn me(user: CurrentUser) -> Json<CurrentUser> {
    Json(user)
}

async fn orders(State(store): State<Store>, user: CurrentUser) -> Result<Json<Vec<Order>>, Error> {
    store.orders_of(user.id).await.map(Json)
}

async fn order(
    State(store): State<Store>,
    user: CurrentUser,
    Path(id): Path<i64>,
) -> Result<Json<Order>, Error> {
    store.order_of(&user, id).await.map(Json)
}

/// What somebody orders.
#[derive(Deserialize)]
struct Place {
    item: String,
}

async fn place(
    State(shop): State<Shop>,
    user: CurrentUser,
    Json(Place { item }): Json<Place>,
) -> Result<(StatusCode, Json<Order>), Error> {
    let order = shop.store.place(user.id, item).await?;
    shop.live.order_changed(order.clone());
    Ok((StatusCode::CREATED, Json(order)))
}

async fn set_status(
    State(shop): State<Shop>,
    user: CurrentUser,
    Path(id): Path<i64>,
    Json(status): Json<Status>,
) -> Result<Json<Order>, Error> {
    user.require_staff()?;
    let order = shop.store.set_status(id, status).await?;
    shop.live.order_changed(order.clone());
    Ok(Json(order))
}

/// What somebody of the staff has to say.
#[derive(Deserialize)]
struct Notice {
    text: String,
}

async fn notice(
    State(shop): State<Shop>,
    user: CurrentUser,
    Path(id): Path<i64>,
    Json(Notice { text }): Json<Notice>,
) -> Result<StatusCode, Error> {
    user.require_staff()?;
    if !(1..=500).contains(&text.chars().count()) {
        return Err(Error::Invalid("a notice has 1 to 500 characters"));
    }
    shop.live.notice(id, text);
    Ok(StatusCode::ACCEPTED)
}

async fn lines(
    State(store): State<Store>,
    _: CurrentUser,
    Path(room): Path<String>,
) -> Result<Json<Vec<Line>>, Error> {
    store.lines(room).await.map(Json)
}
