//! The router, mounted as users mount it.

use crate::app::App;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use wire_default_state::ws as plain;

/// A user's layer: refuses requests without a ticket, and marks every response.
async fn tickets(request: Request, next: Next) -> Result<Response, StatusCode> {
    let Some(ticket) = request.headers().get("ticket").cloned() else {
        return Err(StatusCode::PAYMENT_REQUIRED);
    };
    let mut response = next.run(request).await;
    response.headers_mut().insert("ticket-seen", ticket);
    Ok(response)
}

fn behind_a_prefix_and_a_layer(
    routes: Router<wire_tests::AppState>,
) -> Router<wire_tests::AppState> {
    Router::new()
        .nest("/tenants/{tenant}", routes)
        .layer(from_fn(tickets))
}

#[tokio::test]
async fn nested_modules_are_mounted() {
    let app = App::start().await;
    let mut folder = app.connect("/admin/overriding").await;
    assert_eq!(folder.ask("hello").await, "hello");
    let mut beside_a_spec = app.connect("/lag/default").await;
    app.shut_down();
    assert_eq!(beside_a_spec.closed().await.0, 1012);
}

#[tokio::test]
async fn two_specs_share_a_channel_of_the_same_name() {
    let app = App::start().await;
    let mut hall = app.connect("/hall").await;
    let mut patient = app.connect("/admin/patient").await;
    assert_eq!(patient.ask("hello").await, "hello");
    assert_eq!(hall.text().await, "hello");
}

#[tokio::test]
async fn under_a_prefix_with_a_param_of_its_own() {
    let app = App::mount(behind_a_prefix_and_a_layer).await;
    let request = |path| {
        app.request(path)
            .header("ticket", "7")
            .header("authorization", "ada")
    };
    let mut shelf = request("/tenants/acme/shelves/7/x").open().await;
    assert_eq!(shelf.ask("?").await, "shelf 7, book x");
    let mut files = request("/tenants/acme/files/a/b").open().await;
    assert_eq!(files.ask("?").await, "a/b");
    let mut inspect = request("/tenants/acme/inspect/7?tag=new").open().await;
    assert!(inspect.ask("?").await.starts_with("7 new ada en GET"));
    let wrong = request("/tenants/acme/shelves/x/x").refused().await;
    assert_eq!(wrong.status(), 400);
    // The prefix is not part of a channel's name.
    let mut acme = request("/tenants/acme/rooms/tea").open().await;
    let mut other = request("/tenants/other/rooms/tea").open().await;
    assert_eq!(acme.ask("milk").await, "milk");
    assert_eq!(other.text().await, "milk");
}

#[tokio::test]
async fn behind_a_layer() {
    let app = App::mount(behind_a_prefix_and_a_layer).await;
    let refused = app.refused("/tenants/acme/fixed").await;
    assert_eq!(refused.status(), 402);
    let request = app.request("/tenants/acme/fixed").header("ticket", "7");
    let (mut client, answer) = request.answered().await;
    assert_eq!(answer.headers()["ticket-seen"], "7");
    assert_eq!(client.ask("hello").await, "hello");
}

#[tokio::test]
async fn beside_routes_of_the_application() {
    let page = axum::routing::get(async || "a page");
    let app = App::mount(|routes| routes.merge(Router::new().route("/page.html", page))).await;
    assert_eq!(app.http("GET", "/page.html").await, 200);
    assert_eq!(app.connect("/fixed").await.ask("hello").await, "hello");
}

#[tokio::test]
async fn the_default_state_is_the_runtime_s() {
    let app = App::mount(|routes| {
        // A router over the runtime's state, next to one over the application's own state.
        let state = autumn_ws::AppState::new();
        routes.merge(plain::router().with_state(state))
    })
    .await;
    let mut board = app.connect("/default-state/board").await;
    let mut announcer = app.connect("/default-state/announcer").await;
    assert_eq!(announcer.ask("news").await, "1 heard it");
    assert_eq!(board.text().await, "news");
    assert_eq!(board.ask("seen").await, "seen");
    // Another state is another set of channels.
    assert_eq!(app.publish(plain::plain::BOARD_CHANNEL, "lost"), 0);
}
