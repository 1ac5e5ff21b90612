//! The help desk over real sockets, with the server and the client of `autumn_ws::testing`.
#![allow(clippy::expect_used, reason = "a test fails by a panic")]

use autumn_ws::testing::{self, TestClient, TestRequest, TestServer};
use support::{Case, Desk, auth::CurrentUser};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

fn start() -> (Desk, TestServer) {
    let desk = Desk::new([
        ("ann-secret", CurrentUser::new("ann")),
        ("bob-secret", CurrentUser::new("bob")),
        ("eve-secret", CurrentUser::suspended("eve")),
    ]);
    let server = TestServer::start(support::app(desk.clone()), desk.sockets().shutdown());
    (desk, server)
}

/// A request with this token, without a subprotocol.
fn request(server: &TestServer, token: &str) -> TestRequest {
    let authorization = format!("Bearer {token}");
    server
        .request("/support")
        .header("authorization", &authorization)
}

/// A client of the test.
async fn enter(server: &TestServer, token: &str) -> TestClient {
    let request = request(server, token).subprotocol("support.v2");
    request.connect().await.expect("a socket")
}

fn case(customer: &str, lines: &[&str]) -> Case {
    Case {
        customer: customer.to_owned(),
        lines: lines.iter().copied().map(str::to_owned).collect(),
    }
}

#[tokio::test]
async fn a_request_without_a_token_is_refused() {
    let (_, server) = start();
    for request in [server.request("/support"), request(&server, "a guess")] {
        let refused = request
            .subprotocol("support.v2")
            .connect()
            .await
            .unwrap_err();
        assert_eq!(refused.status, 401);
        assert_eq!(refused.headers["www-authenticate"], "Bearer");
    }
}

#[tokio::test]
async fn a_suspended_user_is_refused() {
    let (_, server) = start();
    let request = request(&server, "eve-secret").subprotocol("support.v2");
    let refused = request.connect().await.unwrap_err();
    assert_eq!(refused.status, 403);
    assert_eq!(refused.body, "you are suspended, write us a letter");
}

#[tokio::test]
async fn a_client_must_speak_a_known_subprotocol() {
    let (_, server) = start();
    let refused = request(&server, "ann-secret").connect().await.unwrap_err();
    assert_eq!(refused.status, 400);

    // The server prefers the newer one.
    let both = request(&server, "ann-secret")
        .subprotocol("support.v1")
        .subprotocol("support.v2");
    let ann = both.connect().await.unwrap();
    assert_eq!(ann.subprotocol(), Some("support.v2"));
}

#[tokio::test]
async fn everyone_hears_the_others() {
    let (_, server) = start();
    let mut ann = enter(&server, "ann-secret").await;
    let mut bob = enter(&server, "bob-secret").await;
    ann.send("my tea is cold").await;
    assert_eq!(ann.text().await, "* heard by 1");
    assert_eq!(bob.text().await, "ann: my tea is cold");
    bob.send("have another").await;
    assert_eq!(bob.text().await, "* heard by 1");
    // The next message that ann hears is not her own.
    assert_eq!(ann.text().await, "bob: have another");
}

#[tokio::test]
async fn attachments_are_acknowledged() {
    let (_, server) = start();
    let old = request(&server, "ann-secret").subprotocol("support.v1");
    let mut ann = old.connect().await.unwrap();
    let mut bob = enter(&server, "bob-secret").await;
    let picture = vec![0xff; 300];
    ann.send(picture.clone()).await;
    assert_eq!(ann.text().await, "* received 300 bytes");
    bob.send(picture).await;
    assert_eq!(bob.binary().await, [0, 0, 1, 44].as_slice());
}

#[tokio::test]
async fn a_slow_client_learns_what_it_missed() {
    let (desk, server) = start();
    let mut ann = enter(&server, "ann-secret").await;
    // The test has one thread, so the session cannot run in between.
    for number in 1..=40 {
        desk.sockets()
            .channels()
            .publish("desk", format!("bob: {number}"));
    }
    assert_eq!(ann.text().await, "* you missed 8 messages");
    assert_eq!(ann.text().await, "bob: 9");
}

#[tokio::test]
async fn a_client_learns_that_it_may_have_missed_messages() {
    let (desk, server) = start();
    let mut ann = enter(&server, "ann-secret").await;
    testing::gap(desk.sockets().channels(), "desk");
    assert_eq!(
        ann.text().await,
        "* you may have missed something, ask again"
    );
}

#[tokio::test]
async fn a_case_is_stored_when_the_customer_leaves() {
    let (desk, server) = start();
    let mut ann = enter(&server, "ann-secret").await;
    let mut bob = enter(&server, "bob-secret").await;
    ann.send("never mind").await;
    ann.close(1000, "").await;
    assert_eq!(bob.text().await, "ann: never mind");
    assert_eq!(bob.text().await, "* ann has left");
    assert_eq!(desk.cases().await, [case("ann", &["never mind"])]);
}

#[tokio::test]
async fn a_lost_connection_is_announced() {
    let (_, server) = start();
    let ann = enter(&server, "ann-secret").await;
    let mut bob = enter(&server, "bob-secret").await;
    drop(ann);
    assert_eq!(bob.text().await, "* ann was lost");
}

#[tokio::test]
async fn a_shutdown_stores_the_case_and_says_goodbye() {
    let (desk, server) = start();
    let mut ann = enter(&server, "ann-secret").await;
    ann.send("my tea is cold").await;
    assert_eq!(ann.text().await, "* heard by 0");
    ann.send(vec![1, 2, 3]).await;
    ann.binary().await;

    desk.sockets().shutdown().begin();
    assert_eq!(ann.text().await, "* goodbye, your case has number 1");
    let closed = ann.closed().await;
    assert_eq!(closed.code(), 1012);
    assert_eq!(closed.reason(), "the desk is back in a minute");
    assert_eq!(
        desk.cases().await,
        [case("ann", &["my tea is cold", "[3 bytes]"])]
    );
    server.shutdown().await;
}

#[tokio::test]
async fn metrics_have_an_address_of_their_own() {
    let (desk, server) = start();
    let internal = TestServer::start(support::internal(desk.clone()), desk.sockets().shutdown());
    let mut ann = enter(&server, "ann-secret").await;
    ann.send("hello").await;
    assert_eq!(ann.text().await, "* heard by 0");
    assert!(get(&server, "/metrics").await.starts_with("HTTP/1.1 404"));
    let numbers = get(&internal, "/metrics").await;
    assert!(numbers.contains("autumn_ws_sessions_open{endpoint=\"desk.support\"} 1\n"));
    let numbers = get(&internal, "/sockets").await;
    assert!(
        numbers.contains(r#""open":1,"subscriber_count":1,"#),
        "{numbers}"
    );
}

/// The response to a plain HTTP request.
async fn get(server: &TestServer, path: &str) -> String {
    let mut stream = TcpStream::connect(server.addr()).await.expect("a server");
    let request = format!("GET {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n");
    let written = stream.write_all(request.as_bytes()).await;
    written.expect("a server that reads");
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer).await;
    read.expect("an answer");
    answer
}
