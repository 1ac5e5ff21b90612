//! A replica on the channels of autumn-ws.

use anyhow::Result;
use autumn_ws::{Channels, Message, RecvError, Sender, engine};
use replica::{Ear, Publisher, Transport, WINDOW};
use std::{sync::Arc, time::Duration};

fn main() -> Result<()> {
    replica::run::<Ws>()
}

struct Ws {
    channels: Channels,
    ear: Arc<Ear>,
}

struct Feed(Sender);

impl Transport for Ws {
    type Publisher = Feed;

    async fn connect(url: &str, ear: Arc<Ear>) -> Result<Self> {
        let channels = if url.starts_with("redis:") {
            engine::redis(url).await?
        } else {
            engine::nats(url).await?
        };
        Ok(Self { channels, ear })
    }

    async fn subscribe(&self, name: &str) -> Result<()> {
        let mut messages = self.channels.subscribe_with_capacity(name, WINDOW);
        self.channels.flush(Duration::from_secs(10)).await;
        let ear = Arc::clone(&self.ear);
        tokio::spawn(async move {
            loop {
                match messages.recv().await {
                    Ok(Message::Text(text)) => ear.hear(text.as_bytes()),
                    Ok(_) => {}
                    Err(RecvError::Lagged(count)) => ear.miss(count),
                    Err(RecvError::Gap) => ear.miss(1),
                    Err(_) => return,
                }
            }
        });
        Ok(())
    }

    fn publisher(&self, name: &str) -> Feed {
        Feed(self.channels.sender(name))
    }
}

impl Publisher for Feed {
    async fn publish(&mut self, messages: Vec<String>) -> Result<()> {
        for message in messages {
            self.0.send(message);
        }
        Ok(())
    }
}
