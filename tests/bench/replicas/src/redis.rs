//! The redis crate by itself, with pipelines, as autumn-ws uses it.

use anyhow::Result;
use futures_util::future::BoxFuture;
use redis::{
    AsyncConnectionConfig, Client, Pipeline, PushInfo, PushKind, RedisResult, Value,
    aio::MultiplexedConnection,
};
use replica::{Ear, Publisher, Transport};
use std::{collections::VecDeque, future::poll_fn, sync::Arc, task::Poll};

/// The bare client.
#[derive(Debug)]
pub struct BareRedis(MultiplexedConnection);

/// A channel of Redis.
pub struct Feed {
    connection: MultiplexedConnection,
    name: String,
    /// Pipelines that Redis has not answered yet, oldest first.
    pipelines: VecDeque<BoxFuture<'static, RedisResult<Vec<Value>>>>,
}

/// The number of pipelines in flight.
const PIPELINES: usize = 8;

impl Transport for BareRedis {
    type Publisher = Feed;

    async fn connect(url: &str, ear: Arc<Ear>) -> Result<Self> {
        // RESP3, so that messages arrive on the same connection.
        let client = Client::open(format!("{url}?protocol=resp3"))?;
        let config = AsyncConnectionConfig::new()
            .set_response_timeout(None)
            .set_push_sender(move |push| {
                hear(&ear, &push);
                Ok::<(), ()>(())
            });
        let connection = client.get_multiplexed_async_connection_with_config(&config);
        Ok(Self(connection.await?))
    }

    async fn subscribe(&self, name: &str) -> Result<()> {
        Ok(self.0.clone().subscribe(name).await?)
    }

    fn publisher(&self, name: &str) -> Feed {
        Feed {
            connection: self.0.clone(),
            name: name.to_owned(),
            pipelines: VecDeque::new(),
        }
    }
}

fn hear(ear: &Ear, push: &PushInfo) {
    if let (PushKind::Message, [_, Value::BulkString(payload)]) = (&push.kind, &*push.data) {
        ear.hear(payload);
    }
}

impl Publisher for Feed {
    async fn publish(&mut self, messages: Vec<String>) -> Result<()> {
        let mut pipeline = Pipeline::with_capacity(messages.len());
        for message in &messages {
            pipeline.publish(&self.name, message);
        }
        let mut connection = self.connection.clone();
        let mut pipeline: BoxFuture<'_, _> = Box::pin(async move {
            let count = pipeline.len();
            connection.send_packed_commands(&pipeline, 0, count).await
        });
        // The request leaves on the first poll.
        let early = poll_fn(|cx| Poll::Ready(pipeline.as_mut().poll(cx))).await;
        match early {
            Poll::Ready(answers) => drop(answers?),
            Poll::Pending => self.pipelines.push_back(pipeline),
        }
        while self.pipelines.len() >= PIPELINES
            && let Some(oldest) = self.pipelines.pop_front()
        {
            oldest.await?;
        }
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        for pipeline in self.pipelines.drain(..) {
            pipeline.await?;
        }
        Ok(())
    }
}
