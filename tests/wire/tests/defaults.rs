//! `defaults`: what endpoints inherit, and what they override.

use crate::app::App;
use autumn_ws::Bytes;
use wire_tests::ws::admin::defaults::ORDERS_CHANNEL;

/// A few of them exceed the operating system's buffers for a connection.
const CHUNK: Bytes = Bytes::from_static(&[0; 512 * 1024]);

#[tokio::test]
async fn origins() {
    let app = App::start().await;
    let stranger = |path| app.request(path).origin("https://example.com");
    let mut client = stranger("/admin/inheriting").open().await;
    assert_eq!(client.ask("hello").await, "hello");
    assert_eq!(stranger("/admin/overriding").refused().await.status(), 403);
}

#[tokio::test]
async fn message_size() {
    let app = App::start().await;
    for (path, limit) in [("/admin/inheriting", 16), ("/admin/overriding", 32)] {
        let mut client = app.connect(path).await;
        let largest = "x".repeat(limit);
        assert_eq!(client.ask(&largest).await, largest);
        client.send("x".repeat(limit + 1)).await;
        assert_eq!(client.closed_after_pings().await.0, 1009, "{path}");
    }
}

#[tokio::test]
async fn heartbeat_and_idle() {
    let app = App::start().await;
    let mut client = app.connect("/admin/inheriting").await.muted().await;
    client.pinged().await;
    assert_eq!(client.closed_after_pings().await.0, 1001);
}

#[tokio::test]
async fn heartbeat_off() {
    let app = App::start().await;
    let mut client = app.connect("/admin/quiet").await;
    // The inherited `idle` still holds, and no ping comes before it.
    assert_eq!(client.closed().await.0, 1001);
}

#[tokio::test]
async fn idle_off() {
    let app = App::start().await;
    let mut client = app.connect("/admin/patient").await.muted().await;
    // 20 heartbeats are longer than the inherited `idle`.
    for _ in 0..20 {
        client.pinged().await;
    }
}

#[tokio::test]
async fn send_timeout() {
    let mut app = App::start().await;
    let mut overriding = app.connect("/admin/overriding").await;
    // Long enough to cut the one twice, so long enough to cut the other.
    for _ in 0..2 {
        let _inheriting = app.connect("/admin/inheriting").await;
        for _ in 0..16 {
            assert_eq!(app.publish(ORDERS_CHANNEL, CHUNK), 2);
        }
        let end = app.note().await;
        assert!(end.starts_with("server 1006 "), "{end}");
    }
    for _ in 0..32 {
        assert_eq!(overriding.binary().await.len(), CHUNK.len());
    }
}

#[tokio::test]
async fn connections() {
    let app = App::start().await;
    let mut first = app.connect("/admin/inheriting").await;
    assert_eq!(app.refused("/admin/inheriting").await.status(), 503);
    assert_eq!(first.ask("hello").await, "hello");
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(app.connect("/admin/overriding").await);
    }
    for client in &mut clients {
        assert_eq!(client.ask("hello").await, "hello");
    }
}

#[tokio::test]
async fn lag() {
    let app = App::start().await;
    let mut inheriting = app.connect("/admin/inheriting").await;
    let mut overriding = app.connect("/admin/overriding").await;
    for n in 0..65 {
        assert_eq!(app.publish(ORDERS_CHANNEL, n.to_string()), 2);
    }
    for n in 1..65 {
        assert_eq!(inheriting.text().await, n.to_string());
    }
    assert_eq!(overriding.closed().await.0, 1013);
}

#[tokio::test]
async fn gap() {
    let app = App::start().await;
    let mut inheriting = app.connect("/admin/inheriting").await;
    let mut overriding = app.connect("/admin/overriding").await;
    assert_eq!(app.gap(ORDERS_CHANNEL), 2);
    assert_eq!(app.publish(ORDERS_CHANNEL, "after"), 2);
    assert_eq!(inheriting.text().await, "after");
    assert_eq!(overriding.closed().await.0, 1012);
}

#[tokio::test]
async fn code_reason_and_notify() {
    let app = App::start().await;
    let cases = [
        (
            "/admin/inheriting",
            Some("goodbye"),
            4010,
            "from the defaults",
        ),
        ("/admin/overriding", Some("goodbye"), 4011, "its own"),
        ("/admin/quiet", None, 4010, "from the defaults"),
        ("/admin/patient", None, 4010, "patience"),
    ];
    let mut clients = Vec::new();
    for (path, ..) in cases {
        clients.push(app.connect(path).await);
    }
    app.state.open_gate(2);
    app.shut_down();
    for (client, (path, goodbye, code, reason)) in clients.iter_mut().zip(cases) {
        if let Some(goodbye) = goodbye {
            assert_eq!(client.text().await, goodbye, "{path}");
        }
        let closed = client.closed_after_pings().await;
        assert_eq!(closed, (code, reason.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn drain() {
    let app = App::start().await;
    let mut inheriting = app.connect("/admin/inheriting").await;
    let mut overriding = app.connect("/admin/overriding").await;
    app.shut_down();
    // Both wait for the gate, but one runs out of time.
    assert_eq!(inheriting.closed_after_pings().await.0, 4010);
    app.state.open_gate(1);
    assert_eq!(overriding.text().await, "goodbye");
    assert_eq!(overriding.closed().await.0, 4011);
}
