//! `subprotocols`: which one client and server agree on.

use crate::app::App;
use test_kit::Client;

/// Opens a socket that offers some subprotocols: the client, and the one that the server chose.
async fn offer(app: &App, path: &str, names: &str) -> (Client, String) {
    let (client, response) = app.request(path).subprotocols(names).answered().await;
    let chosen = response.headers().get("sec-websocket-protocol").unwrap();
    (client, chosen.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_server_chooses_and_open_sees_the_choice() {
    let app = App::start().await;
    let cases = [
        ("support.v1, support.v2", "support.v2"),
        ("support.v2, support.v1", "support.v2"),
        ("support.v0, support.v1", "support.v1"),
        ("support.v1", "support.v1"),
    ];
    for (offered, expected) in cases {
        let (mut client, chosen) = offer(&app, "/spoken", offered).await;
        assert_eq!(chosen, expected, "{offered}");
        assert_eq!(client.ask("?").await, format!("Some({expected:?})"));
    }
}

#[tokio::test]
async fn an_endpoint_without_code_negotiates_too() {
    let app = App::start().await;
    let (mut client, chosen) = offer(&app, "/echoed-in", "support.v1,support.v2").await;
    assert_eq!(chosen, "support.v2");
    assert_eq!(client.ask("hello").await, "hello");
}

#[tokio::test]
async fn without_a_common_subprotocol_the_socket_opens_without_one() {
    let app = App::start().await;
    let request = app
        .request("/spoken")
        .subprotocols("support.v0, SUPPORT.V1");
    let (mut client, head) = request.open_by_hand().await;
    let head = head.to_ascii_lowercase();
    assert!(!head.contains("sec-websocket-protocol"), "{head}");
    assert_eq!(client.ask("?").await, "None");
}

#[tokio::test]
async fn a_required_subprotocol_is_chosen_or_the_request_refused() {
    let app = App::start().await;
    let (mut client, chosen) = offer(&app, "/required", "support.v0, support.v1").await;
    assert_eq!(chosen, "support.v1");
    assert_eq!(client.ask("hello").await, "hello");
    let others = app.request("/required").subprotocols("support.v3");
    for request in [others, app.request("/required")] {
        let refused = request.refused().await;
        assert_eq!(refused.status(), 400);
        let text = refused.into_body();
        assert!(
            text.ends_with("subprotocols: support.v2, support.v1"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn open_sets_headers_of_the_response() {
    let app = App::start().await;
    let request = app.request("/required").subprotocols("support.v1");
    let (_client, response) = request.answered().await;
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["seen=yes; HttpOnly", "theme=dark"]);
    assert_eq!(response.headers().get_all("upgrade").iter().count(), 1);
}

#[tokio::test]
async fn a_client_need_not_offer_any() {
    let app = App::start().await;
    assert_eq!(app.connect("/spoken").await.ask("?").await, "None");
}

#[tokio::test]
async fn an_endpoint_without_subprotocols_chooses_none() {
    let app = App::start().await;
    let request = app.request("/unspoken").subprotocols("support.v1");
    let (mut client, head) = request.open_by_hand().await;
    let head = head.to_ascii_lowercase();
    assert!(!head.contains("sec-websocket-protocol"), "{head}");
    assert_eq!(client.ask("hello").await, "hello");
}
