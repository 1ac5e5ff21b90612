//! Metrics, under the names of the spec.

use crate::app::App;
use autumn_ws::ClosedBy;
use autumn_ws::metrics::{ChannelSnapshot, EndpointSnapshot};
use wire_tests::ws::channels::room_channel;

fn channel(app: &App, pattern: &str) -> ChannelSnapshot {
    let channels = app.state.ws().metrics().snapshot().channels;
    let found = channels.into_iter().find(|it| it.pattern == pattern);
    found.unwrap_or_default()
}

fn endpoint(app: &App, name: &str) -> EndpointSnapshot {
    let endpoints = app.state.ws().metrics().snapshot().endpoints;
    let found = endpoints.into_iter().find(|it| it.endpoint == name);
    found.unwrap_or_default()
}

#[tokio::test]
async fn ten_thousand_rooms_are_one_series() {
    let app = App::start().await;
    for n in 0..10 {
        let mut client = app.connect(&format!("/rooms/{n}")).await;
        assert_eq!(client.ask("hello").await, "hello");
        // From elsewhere, with and without the generated function.
        assert_eq!(app.publish(room_channel(&n), "one"), 1);
        assert_eq!(app.publish(format!("room:{n}"), "two"), 1);
        assert_eq!(
            (client.text().await, client.text().await),
            ("one".into(), "two".into())
        );
    }
    for n in 0..10_000 {
        app.publish(room_channel(&n), "anybody there?");
    }
    let snapshot = app.state.ws().metrics().snapshot();
    let patterns: Vec<_> = snapshot.channels.iter().map(|it| it.pattern).collect();
    assert_eq!(patterns, ["room:{room}"]);
    let room = channel(&app, "room:{room}");
    assert_eq!(room.published, 10_030);
    // A client counts as open until its connection has ended.
    assert!(room.unheard >= 9990, "{room:?}");

    // A client's messages are counted under the pattern, too.
    let endpoint = endpoint(&app, "channels.room");
    assert_eq!((endpoint.opened, endpoint.received.messages), (10, 10));
    assert_eq!(endpoint.sent.messages, 30);
    assert_eq!(endpoint.sent.bytes, 10 * (5 + 3 + 3));
}

#[tokio::test]
async fn a_fixed_channel_is_known_from_its_first_use() {
    let app = App::start().await;
    let mut client = app.connect("/hall").await;
    app.publish("lobby", "hello");
    assert_eq!(client.text().await, "hello");
    client.close(1000, "").await;
    app.publish("lobby", "anybody there?");
    app.publish("hobby", "what?");
    assert_eq!(channel(&app, "lobby").published, 2);
    assert_eq!(channel(&app, "other").published, 1);
}

#[tokio::test]
async fn declared_close_codes_are_counted_from_the_beginning() {
    let app = App::start().await;
    for (message, code) in [("enough", 4005), ("move", 3007), ("leave", 4006)] {
        let mut client = app.connect("/exit").await;
        client.send(message).await;
        assert_eq!(client.closed().await, (code, "goodbye".to_owned()));
    }
    // What a client says is counted with others.
    app.connect("/exit").await.close(4005, "").await;
    let exit = endpoint(&app, "handlers.exit");
    let count = |by: ClosedBy, code: &str| {
        let mut closed = exit.closed.iter();
        closed
            .find(|it| it.by == by && it.code == code)
            .map(|it| it.count)
    };
    assert_eq!(count(ClosedBy::Server, "4005"), Some(1));
    assert_eq!(count(ClosedBy::Server, "3007"), Some(1));
    assert_eq!(count(ClosedBy::Server, "4009"), Some(0));
    assert_eq!(count(ClosedBy::Server, "4006"), Some(1));
    assert_eq!(count(ClosedBy::Client, "4005"), None);
    assert_eq!(count(ClosedBy::Client, "4xxx"), Some(1));
}

#[tokio::test]
async fn clients_refused_by_the_code_are_counted() {
    let app = App::start().await;
    for kind in ["unauthorized", "forbidden", "locked"] {
        app.refused(&format!("/doors/{kind}")).await;
    }
    // A request that is refused before `open`.
    let foreign = app.request("/doors/open").origin("https://evil.example");
    assert_eq!(foreign.refused().await.status(), 403);
    assert_eq!(app.http("GET", "/doors/open").await, 400);
    let mut client = app.connect("/doors/revolving").await;
    assert_eq!(client.text().await, "in");
    assert_eq!(client.closed().await.0, 4003);

    let door = endpoint(&app, "handlers.door");
    let rejected: Vec<_> = door
        .rejected
        .iter()
        .map(|it| (it.reason, it.count))
        .collect();
    let expected = [
        ("shutting_down", 0),
        ("handshake", 1),
        ("host", 0),
        ("origin", 1),
        ("connections", 0),
        ("connections_per", 0),
        ("application", 3),
    ];
    assert_eq!(rejected, expected);
    let closed = door.closed.iter().find(|it| it.code == "4003").unwrap();
    assert_eq!((closed.by, closed.count), (ClosedBy::Server, 1));
}
