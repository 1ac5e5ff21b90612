//! One replica of an application in a test.

use autumn_ws_core::{Channels, Message, RecvError, Subscription};
use autumn_ws_replicas::{Engine, EngineError, Options, connect, testing::Hub};
use std::{fmt::Debug, time::Duration};
use tokio::time::timeout;

/// How long a test waits for one event before it fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The engine's timeout in tests that wait for it to expire.
pub const SHORT: Duration = Duration::from_millis(200);

pub async fn expect<T>(wait: impl Future<Output = T>) -> T {
    timeout(PATIENCE, wait).await.expect("it takes too long")
}

pub fn options() -> Options {
    Options::new().backoff(Duration::from_millis(20))
}

pub async fn start(hub: &Hub) -> Channels {
    start_with(hub, options()).await.unwrap()
}

pub async fn start_with(hub: &Hub, options: Options) -> Result<Channels, EngineError> {
    over(hub.clone(), options).await
}

/// Channels over an engine, soon.
pub async fn over(engine: impl Engine, options: Options) -> Result<Channels, EngineError> {
    expect(connect(engine, options)).await
}

/// The reason for which an engine is refused, without a second attempt.
#[cfg(any(feature = "nats", feature = "redis"))]
pub async fn refusal(engine: impl Engine) -> String {
    let error = over(engine, options()).await.unwrap_err();
    assert!(error.is_refused(), "{error}");
    error.to_string()
}

/// Waits until everything so far has reached the engine.
pub async fn flush(channels: &Channels) {
    assert!(channels.flush(PATIENCE).await, "it takes too long");
}

/// Waits until a replica has noticed that the engine is away.
pub async fn down(channels: &Channels) {
    expect(async {
        while channels.is_connected() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Everything that a subscriber has received so far, as words; gaps are `GAP`.
pub fn heard(subscription: &mut Subscription) -> Vec<String> {
    let mut heard = Vec::new();
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        let received = std::pin::pin!(subscription.recv()).poll(&mut cx);
        match received {
            std::task::Poll::Ready(received) => heard.push(word(received)),
            std::task::Poll::Pending => return heard,
        }
    }
}

/// The next items that a subscriber receives.
pub async fn next(subscription: &mut Subscription, count: usize) -> Vec<String> {
    let mut heard = Vec::new();
    for _ in 0..count {
        heard.push(word(expect(subscription.recv()).await));
    }
    heard
}

/// Everything that a subscriber receives until a word.
#[cfg(any(feature = "nats", feature = "redis"))]
pub async fn until(subscription: &mut Subscription, last: &str) -> Vec<String> {
    let mut heard = Vec::new();
    loop {
        let word = word(expect(subscription.recv()).await);
        if word == last {
            return heard;
        }
        heard.push(word);
    }
}

/// The same, with consecutive gaps as one.
#[cfg(any(feature = "nats", feature = "redis"))]
pub fn told(mut heard: Vec<String>) -> Vec<String> {
    heard.dedup_by(|one, other| one == "GAP" && other == "GAP");
    heard
}

pub fn word(received: Result<Message, RecvError>) -> String {
    match received {
        Ok(Message::Text(text)) => text.to_string(),
        Ok(Message::Binary(bytes)) => format!("{bytes:?}"),
        Err(RecvError::Gap) => "GAP".into(),
        other => unexpected(&other),
    }
}

fn unexpected(what: &dyn Debug) -> ! {
    panic!("unexpected: {what:?}")
}
