//! A chat, and a client that is not built on the runtime.

use super::kinds::{Chat, ChatIncoming, Joined, said};
use crate::{
    app,
    raw::{RawClient, TEXT, frame},
};
use autumn_ws_core::{
    AppState, Closed, Event,
    messages::{Session, Typed},
    testing::TestServer,
};
use serde_json::Value;
use tokio::net::TcpStream;

/// Serves the endpoint `E` at `/`: each session runs `code`.
pub fn start<E, F, Fut>(state: &AppState, code: F) -> TestServer
where
    E: Typed + 'static,
    F: Fn(Session<E>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Closed>> + Send + 'static,
{
    app::start::<E, _, _>(state, move |session| code(Session::new(session)))
}

/// What is said comes back, and everybody may join.
pub async fn chat(mut session: Session<Chat>) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        match event {
            Event::Message(ChatIncoming::Say(say)) => session.send(said(&say.text)).await?,
            Event::Message(ChatIncoming::Join(id, join)) => {
                let name = join.name;
                session.reply(id, Joined { name }).await?;
            }
            event => session.fallback(event).await?,
        }
    }
    Ok(())
}

/// A client that speaks JSON.
pub struct JsonClient(pub RawClient<TcpStream>);

impl JsonClient {
    pub async fn open(server: &TestServer) -> Self {
        Self(RawClient::open(server.addr()).await)
    }

    pub async fn send(&mut self, text: &str) {
        self.0.write(&frame(TEXT, text.as_bytes())).await;
    }

    /// The next message, as text.
    pub async fn text(&mut self) -> String {
        let (first, payload) = self.0.frame().await.expect("a message");
        assert_eq!(first, TEXT, "{payload:?}");
        String::from_utf8(payload).unwrap()
    }

    /// The answer to a message.
    pub async fn ask(&mut self, text: &str) -> String {
        self.send(text).await;
        self.text().await
    }

    /// The places and needs of the `$invalid` that answers a message.
    pub async fn errors(&mut self, text: &str) -> Vec<(String, String)> {
        let answer: Value = serde_json::from_str(&self.ask(text).await).unwrap();
        assert_eq!(answer["type"], "$invalid", "{answer}");
        let errors = answer["errors"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        errors
            .map(|one| (text(&one["at"]), text(&one["must"])))
            .collect()
    }

    /// The session still works.
    pub async fn works(&mut self) {
        let said = self.ask(r#"{"type":"say","text":"x"}"#).await;
        assert_eq!(said, r#"{"type":"said","text":"x"}"#);
    }

    pub async fn closed(&mut self) -> (u16, String) {
        self.0.closed().await
    }
}
