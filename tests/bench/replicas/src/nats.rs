//! async-nats by itself.

use anyhow::{Result, ensure};
use async_nats::{Client, ConnectOptions, Subject};
use futures_util::StreamExt;
use replica::{Ear, Publisher, Transport};
use std::sync::Arc;

/// The bare client. There is no common order: two listeners may hear two publishers in different
/// orders.
#[derive(Debug)]
pub struct BareNats(Bare);

/// The client, and a JetStream stream that republishes everything in one order, as autumn-ws uses
/// it.
#[derive(Debug)]
pub struct StreamNats(Bare);

#[derive(Debug)]
struct Bare {
    client: Client,
    ear: Arc<Ear>,
}

/// A subject.
#[derive(Debug)]
pub struct Feed(Client, Subject);

impl Bare {
    async fn connect(url: &str, ear: Arc<Ear>) -> Result<Self> {
        let options = ConnectOptions::new();
        // As in autumn-ws: by default the client validates subjects each time.
        let client = options.skip_subject_validation(true).connect(url).await?;
        Ok(Self { client, ear })
    }

    async fn subscribe(&self, subject: String) -> Result<()> {
        let mut messages = self.client.subscribe(subject).await?;
        let ear = Arc::clone(&self.ear);
        tokio::spawn(async move {
            while let Some(message) = messages.next().await {
                ear.hear(&message.payload);
            }
        });
        Ok(self.client.flush().await?)
    }

    fn publisher(&self, subject: String) -> Feed {
        Feed(self.client.clone(), subject.into())
    }
}

impl Transport for BareNats {
    type Publisher = Feed;

    async fn connect(url: &str, ear: Arc<Ear>) -> Result<Self> {
        Ok(Self(Bare::connect(url, ear).await?))
    }

    async fn subscribe(&self, name: &str) -> Result<()> {
        self.0.subscribe(name.to_owned()).await
    }

    fn publisher(&self, name: &str) -> Feed {
        self.0.publisher(name.to_owned())
    }
}

/// The stream that autumn-ws makes.
const STREAM: &str = r#"{"name":"bare","subjects":["bare.in.>"],"retention":"limits",
"storage":"memory","discard":"old","max_msgs":1,"num_replicas":1,"no_ack":true,
"republish":{"src":"bare.in.>","dest":"bare.out.>"}}"#;

impl Transport for StreamNats {
    type Publisher = Feed;

    async fn connect(url: &str, ear: Arc<Ear>) -> Result<Self> {
        let bare = Bare::connect(url, ear).await?;
        let answer = bare
            .client
            .request("$JS.API.STREAM.CREATE.bare", STREAM.into());
        let answer = answer.await?.payload;
        let is_there = str::from_utf8(&answer)?.contains("\"created\"");
        ensure!(is_there, "NATS makes no stream: {answer:?}");
        Ok(Self(bare))
    }

    async fn subscribe(&self, name: &str) -> Result<()> {
        self.0.subscribe(format!("bare.out.{name}")).await
    }

    fn publisher(&self, name: &str) -> Feed {
        self.0.publisher(format!("bare.in.{name}"))
    }
}

impl Publisher for Feed {
    async fn publish(&mut self, messages: Vec<String>) -> Result<()> {
        for message in messages {
            self.0.publish(self.1.clone(), message.into()).await?;
        }
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        Ok(self.0.flush().await?)
    }
}
