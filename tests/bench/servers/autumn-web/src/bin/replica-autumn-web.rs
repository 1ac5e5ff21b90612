//! A replica on autumn-web's Redis channels.

use anyhow::Result;
use autumn_web::{
    channels::{ChannelPublishError, Channels, Sender},
    config::{ChannelBackend, ChannelConfig},
};
use replica::{Ear, Publisher, Transport, WINDOW};
use std::{sync::Arc, time::Duration};
use tokio::{sync::broadcast::error::RecvError, time::sleep};
use tokio_util::sync::CancellationToken;

fn main() -> Result<()> {
    replica::run::<Web>()
}

struct Web {
    channels: Channels,
    ear: Arc<Ear>,
}

struct Feed(Sender);

impl Transport for Web {
    type Publisher = Feed;

    async fn connect(url: &str, ear: Arc<Ear>) -> Result<Self> {
        let mut config = ChannelConfig {
            backend: ChannelBackend::Redis,
            capacity: WINDOW,
            ..ChannelConfig::default()
        };
        config.redis.url = Some(url.to_owned());
        let channels = Channels::from_config(&config, CancellationToken::new())?;
        Ok(Self { channels, ear })
    }

    async fn subscribe(&self, name: &str) -> Result<()> {
        let mut messages = self.channels.subscribe(name);
        let ear = Arc::clone(&self.ear);
        tokio::spawn(async move {
            loop {
                match messages.recv().await {
                    Ok(message) => ear.hear(message.as_str().as_bytes()),
                    Err(RecvError::Lagged(count)) => ear.miss(count),
                    Err(RecvError::Closed) => return,
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
            while let Err(error) = self.0.send(message.clone()) {
                match error {
                    // Try again, or the message is lost.
                    ChannelPublishError::QueueFull => sleep(Duration::from_millis(1)).await,
                    error => return Err(error.into()),
                }
            }
        }
        Ok(())
    }
}
