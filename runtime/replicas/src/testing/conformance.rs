//! Tests of what an engine must do.
//!
//! Each takes a function that makes engines for one server, and uses it like an application with
//! several replicas. [`all`] runs all tests, one after the other:
//!
//! ```
//! use autumn_ws::engine::testing::{Hub, conformance};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! // In a test of its own: `#[tokio::test(flavor = "multi_thread")]`.
//! let hub = Hub::new();
//! conformance::all(|| hub.clone()).await;
//! # }
//! ```
//!
//! They panic if the engine does not do what it should. They do not test outages, which only the
//! server can cause: test those with a short [`Options::timeout`](crate::Options::timeout).
#![expect(clippy::missing_panics_doc, reason = "the first lines say it")]

use crate::{Command, Connection, Engine, Inbox, Options, Subject, connect};
use autumn_ws_core::{AppState, Channels, Message, Subscription, support::expect};
use std::{collections::BTreeSet, future::poll_fn, pin::pin, task::Poll, time::Duration};

/// Runs all tests.
pub async fn all<E: Engine>(mut engine: impl FnMut() -> E) {
    payloads(&mut engine).await;
    names(&mut engine).await;
    order(&mut engine).await;
    own_messages(&mut engine).await;
    many_channels(&mut engine).await;
    bursts(&mut engine).await;
    departures(&mut engine).await;
    abandoned_attempts(&mut engine).await;
    dropped_connections(&mut engine).await;
}

/// Payloads arrive as they are: text as text, bytes as bytes, small and large ones.
pub async fn payloads<E: Engine>(mut engine: impl FnMut() -> E) {
    let [here, there] = replicas(&mut engine).await;
    let mut subscription = there.subscribe("conformance");
    flush(&there).await;
    let every_byte: Vec<u8> = (0..=255).collect();
    let messages = [
        Message::text("text"),
        Message::text(""),
        Message::text("é\0\r\n$-1\r\n+OK\r\n"),
        Message::binary(every_byte.clone()),
        Message::binary(Vec::new()),
        Message::binary(every_byte.repeat(1024)),
        Message::text("the end"),
    ];
    for message in &messages {
        here.publish("conformance", message.clone());
    }
    for message in messages {
        assert!(
            receive(&mut subscription).await == message,
            "another payload"
        );
    }
}

/// Any text is a name, and no two names are the same channel.
pub async fn names<E: Engine>(mut engine: impl FnMut() -> E) {
    let [here, there] = replicas(&mut engine).await;
    let long = "long ".repeat(40);
    let names = [
        "a",
        "A",
        "a ",
        " a",
        "a.b",
        "a.*",
        "a.>",
        "*",
        ">",
        ".",
        "..",
        "a..b",
        "a:b",
        "a/b",
        "a%20",
        "a=20",
        "=",
        "_",
        "-",
        "{a}",
        "[a]",
        "\"",
        "\\",
        "\0",
        "\r\n",
        "é",
        "e\u{301}",
        "",
        "channel:a",
        &long,
    ];
    let subscribe = |name: &&str| there.subscribe(*name);
    let mut subscriptions: Vec<_> = names.iter().map(subscribe).collect();
    flush(&there).await;
    for name in names {
        here.publish(name, name);
    }
    for (name, subscription) in names.iter().zip(&mut subscriptions) {
        assert_eq!(receive(subscription).await, Message::text(*name));
    }
    flush(&here).await;
    for name in names {
        here.publish(name, "the end");
    }
    for subscription in &mut subscriptions {
        assert_eq!(receive(subscription).await, Message::text("the end"));
    }
}

/// All replicas see the messages of several publishers in one order, each once.
pub async fn order<E: Engine>(mut engine: impl FnMut() -> E) {
    const MESSAGES: usize = 500;
    let replicas: [_; 3] = replicas(&mut engine).await;
    let subscribe = |channels: &Channels| channels.subscribe_with_capacity("order", 1 << 20);
    let mut subscriptions = replicas.each_ref().map(subscribe);
    for channels in &replicas {
        flush(channels).await;
    }
    for (replica, channels) in replicas.iter().enumerate() {
        let sender = channels.sender("order");
        tokio::spawn(async move {
            for n in 0..MESSAGES {
                sender.send(format!("{replica} {n}"));
                // So that they are mixed.
                tokio::task::yield_now().await;
            }
        });
    }
    let count = replicas.len() * MESSAGES;
    let mut orders = Vec::new();
    for subscription in &mut subscriptions {
        let mut order = Vec::new();
        for _ in 0..count {
            order.push(text(subscription).await);
        }
        orders.push(order);
    }
    let unlike = orders.windows(2).any(|pair| pair.first() != pair.last());
    assert!(!unlike, "replicas see different orders");
    let seen: BTreeSet<_> = orders.iter().flatten().collect();
    assert_eq!(seen.len(), count, "messages were duplicated");
}

/// A replica that subscribes and then publishes gets its message, and its messages on several
/// channels keep their order.
pub async fn own_messages<E: Engine>(mut engine: impl FnMut() -> E) {
    let [channels] = replicas(&mut engine).await;
    for round in 0..50 {
        let mut one = channels.subscribe("one");
        let mut two = channels.subscribe("two");
        for n in 0..10 {
            channels.publish(
                if n % 2 == 0 { "one" } else { "two" },
                format!("{round} {n}"),
            );
        }
        for n in 0..10 {
            let subscription = if n % 2 == 0 { &mut one } else { &mut two };
            assert_eq!(text(subscription).await, format!("{round} {n}"));
        }
    }
    assert!(
        channels.is_connected(),
        "the link was cut, because it saw a wrong order"
    );
}

/// A replica can be subscribed to a thousand channels.
pub async fn many_channels<E: Engine>(mut engine: impl FnMut() -> E) {
    let [here, there] = replicas(&mut engine).await;
    let names = (0..1000).map(|n| format!("many {n}"));
    let subscribe = |name: String| (there.subscribe(&name), name);
    let mut subscriptions: Vec<_> = names.map(subscribe).collect();
    flush(&there).await;
    for (_, name) in &subscriptions {
        here.publish(name, name.as_str());
    }
    for (subscription, name) in &mut subscriptions {
        assert_eq!(text(subscription).await, *name);
    }
}

/// Twenty thousand messages at once, and none is lost.
pub async fn bursts<E: Engine>(mut engine: impl FnMut() -> E) {
    const MESSAGES: usize = 20_000;
    let [here, there] = replicas(&mut engine).await;
    let mut subscription = there.subscribe_with_capacity("burst", MESSAGES);
    let mut own = here.subscribe_with_capacity("burst", MESSAGES);
    flush(&there).await;
    for n in 0..MESSAGES {
        here.publish("burst", format!("{n:0100}"));
    }
    for n in 0..MESSAGES {
        assert_eq!(text(&mut subscription).await, format!("{n:0100}"));
        assert_eq!(text(&mut own).await, format!("{n:0100}"));
    }
}

/// A channel that was left delivers nothing more, and can be joined again.
pub async fn departures<E: Engine>(mut engine: impl FnMut() -> E) {
    let [here, there] = replicas(&mut engine).await;
    for round in 0..20 {
        let mut subscription = there.subscribe("departures");
        flush(&there).await;
        here.publish("departures", format!("{round}"));
        assert_eq!(text(&mut subscription).await, format!("{round}"));
        drop(subscription);
        flush(&there).await;
        here.publish("departures", "nobody listens");
        flush(&here).await;
    }
    let came = received(&there);
    assert!(came == 20, "{came} of 20 wanted messages arrived");
}

/// Connecting can be abandoned at any point, and tried again.
pub async fn abandoned_attempts<E: Engine>(mut engine: impl FnMut() -> E) {
    let mut engine = engine();
    let elsewhere = Channels::new();
    let mut polls = 0;
    loop {
        polls += 1;
        let attempt = Box::pin(engine.connect(Inbox::alone(&elsewhere)));
        match expect("a connection", so_far(attempt, polls)).await {
            None => {}
            Some(Ok(_)) => break,
            Some(Err(error)) => panic!("after {polls} attempts: {error}"),
        }
    }
    own_messages(only(engine)).await;
}

/// A dropped connection delivers nothing more.
pub async fn dropped_connections<E: Engine>(mut engine: impl FnMut() -> E) {
    /// The number of messages in flight.
    const MOST: usize = 200;
    let [here] = replicas(&mut engine).await;
    let elsewhere = Channels::new();
    let mut subscription = elsewhere.subscribe("dropped");
    let mut engine = engine();
    let attempt = Box::pin(engine.connect(Inbox::alone(&elsewhere)));
    let mut connection = match expect("a connection", attempt).await {
        Ok(connection) => connection,
        Err(error) => panic!("the engine refuses: {error}"),
    };
    let mut commands = vec![Command::Subscribe(Subject::channel("dropped".into()))];
    if let Err(error) = expect("a subscription", connection.send(&mut commands)).await {
        panic!("the connection is lost: {error}");
    }
    let is_heard = async {
        while so_far(subscription.recv(), 1).await.is_none() {
            here.publish("dropped", "somebody listens");
            flush(&here).await;
        }
    };
    tokio::select! {
        () = expect("a message", is_heard) => {}
        error = connection.lost() => panic!("the connection is lost: {error}"),
    }
    drop(connection);
    let mut quiet = 0;
    for _ in 0..MOST {
        here.publish("dropped", "nobody listens");
        flush(&here).await;
        quiet += 1;
        while so_far(subscription.recv(), 1).await.is_some() {
            quiet = 0;
        }
    }
    assert!(quiet > MOST / 2, "it still delivers messages");
}

/// The result of a future that is dropped after this many polls.
async fn so_far<T>(wait: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut wait = pin!(wait);
    let mut left = polls;
    poll_fn(|cx| {
        if let Poll::Ready(answer) = wait.as_mut().poll(cx) {
            return Poll::Ready(Some(answer));
        }
        left -= 1;
        if left == 0 {
            Poll::Ready(None)
        } else {
            Poll::Pending
        }
    })
    .await
}

/// The number of messages that arrived from other replicas.
fn received(channels: &Channels) -> u64 {
    let metrics = AppState::with_channels(channels.clone()).metrics();
    metrics
        .snapshot()
        .engine
        .map_or(0, |engine| engine.received)
}

/// Makes an engine once.
fn only<E>(engine: E) -> impl FnMut() -> E {
    let mut engine = Some(engine);
    move || match engine.take() {
        Some(engine) => engine,
        None => unreachable!("one is enough"),
    }
}

async fn replicas<E: Engine, const N: usize>(engine: &mut impl FnMut() -> E) -> [Channels; N] {
    let mut replicas = Vec::new();
    for _ in 0..N {
        let started = connect(engine(), Options::new());
        match expect("a connection", started).await {
            Ok(channels) => replicas.push(channels),
            Err(error) => panic!("the engine refuses: {error}"),
        }
    }
    let Ok(replicas) = replicas.try_into() else {
        unreachable!("there are as many as were made");
    };
    replicas
}

async fn flush(channels: &Channels) {
    let flushed = channels.flush(Duration::from_secs(30)).await;
    assert!(flushed, "the engine does not answer a probe");
}

async fn receive(subscription: &mut Subscription) -> Message {
    match expect("a message", subscription.recv()).await {
        Ok(message) => message,
        Err(error) => panic!("expected a message, but: {error}"),
    }
}

async fn text(subscription: &mut Subscription) -> String {
    match receive(subscription).await {
        Message::Text(text) => text.to_string(),
        other => panic!("expected text, but got {other:?}"),
    }
}
