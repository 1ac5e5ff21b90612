//! One connection to Redis.

use super::error::fault;
use crate::{Command, Connection, EngineError, Frame, Inbox, Subject};
use autumn_ws_core::Bytes;
use redis::{
    AsyncConnectionConfig, Client, Cmd, Pipeline, PushInfo, PushKind, RedisError, RedisResult,
    RedisWrite, ToRedisArgs, Value, aio::MultiplexedConnection,
};
use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    io::Write,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};
use tokio::{sync::Notify, task::coop::unconstrained};

/// A connection to [`Redis`](super::Redis): one for publishing and subscribing, so that Redis
/// takes what is said in the order in which it was said.
pub struct RedisConnection {
    connection: MultiplexedConnection,
    prefix: Arc<str>,
    /// Batches that Redis has not answered yet, oldest first.
    batches: VecDeque<Batch>,
    disconnected: Arc<Notify>,
}

type Batch = Pin<Box<dyn Future<Output = RedisResult<Vec<Value>>> + Send>>;

/// So many batches are on their way at the same time. More would not be faster.
const BATCHES: usize = 8;

impl RedisConnection {
    pub(super) async fn open(
        client: &Client,
        prefix: &Arc<str>,
        inbox: Inbox,
    ) -> Result<Self, EngineError> {
        let disconnected = Arc::new(Notify::new());
        let take = deliver(inbox, Arc::clone(prefix), Arc::clone(&disconnected));
        let config = AsyncConnectionConfig::new()
            // The link has its own.
            .set_connection_timeout(None)
            .set_response_timeout(None)
            .set_pipeline_buffer_size(2 * BATCHES)
            .set_push_sender(take);
        let connection = client.get_multiplexed_async_connection_with_config(&config);
        Ok(Self {
            connection: connection.await.map_err(fault)?,
            prefix: Arc::clone(prefix),
            batches: VecDeque::new(),
            disconnected,
        })
    }

    /// The commands as Redis has them.
    fn translate(&self, batch: &mut Vec<Command>) -> Pipeline {
        let mut pipeline = Pipeline::with_capacity(batch.len());
        for command in batch.drain(..) {
            let (name, subject, frame) = match &command {
                Command::Subscribe(subject) => ("SUBSCRIBE", subject, None),
                Command::Unsubscribe(subject) => ("UNSUBSCRIBE", subject, None),
                Command::Publish(subject, frame) => ("PUBLISH", subject, Some(frame)),
            };
            let size = self.prefix.len() + subject.len() + frame.map_or(0, Frame::len);
            let mut command = Cmd::with_capacity(3, name.len() + size);
            command.arg(name).arg(Channel(&self.prefix, subject));
            if let Some(frame) = frame {
                command.arg(Parts(frame.parts()));
            }
            pipeline.add_command(command);
        }
        pipeline
    }

    /// Waits until the oldest batch is answered. Without one: for ever.
    async fn answered(&mut self) -> Result<(), EngineError> {
        let Some(batch) = self.batches.front_mut() else {
            return std::future::pending().await;
        };
        let answers = batch.await;
        self.batches.pop_front();
        check(answers.map_err(fault)?)
    }
}

impl Connection for RedisConnection {
    async fn send(&mut self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
        while self.batches.len() >= BATCHES {
            self.answered().await?;
        }
        let pipeline = self.translate(batch);
        let mut connection = self.connection.clone();
        let mut batch: Batch = Box::pin(async move {
            let count = pipeline.len();
            connection.send_packed_commands(&pipeline, 0, count).await
        });
        // It is on its way from the first poll on, so that one batch follows the other: whether
        // the task should make a pause or not, which would leave it behind.
        let mut first = |cx: &mut Context<'_>| pin!(unconstrained(batch.as_mut())).poll(cx);
        let early = poll_fn(|cx| Poll::Ready(first(cx))).await;
        match early {
            Poll::Ready(answers) => check(answers.map_err(fault)?),
            Poll::Pending => {
                self.batches.push_back(batch);
                Ok(())
            }
        }
    }

    async fn lost(&mut self) -> EngineError {
        let disconnected = Arc::clone(&self.disconnected);
        loop {
            tokio::select! {
                () = disconnected.notified() => {
                    return EngineError::away("Redis has closed the connection");
                }
                answered = self.answered() => if let Err(error) = answered {
                    return error;
                },
            }
        }
    }
}

/// An error among the answers is the end.
fn check(answers: Vec<Value>) -> Result<(), EngineError> {
    let error = answers.into_iter().find_map(|answer| match answer {
        Value::ServerError(error) => Some(fault(RedisError::from(error))),
        _ => None,
    });
    error.map_or(Ok(()), Err)
}

/// What is done with what comes.
fn deliver(
    inbox: Inbox,
    prefix: Arc<str>,
    disconnected: Arc<Notify>,
) -> impl Fn(PushInfo) -> Result<(), ()> {
    move |push| {
        match push.kind {
            PushKind::Message => match message(&prefix, push.data) {
                Some((channel, frame)) => {
                    let subject = channel.get(prefix.len()..);
                    inbox.deliver(subject.unwrap_or_default(), frame);
                }
                None => inbox.ignore(),
            },
            PushKind::Disconnection => disconnected.notify_one(),
            _ => {}
        }
        Ok(())
    }
}

/// A message, and the channel it came on, if that is text with our prefix.
fn message(prefix: &str, data: Vec<Value>) -> Option<(String, Bytes)> {
    let [Value::BulkString(channel), Value::BulkString(frame)] =
        <[Value; 2]>::try_from(data).ok()?
    else {
        return None;
    };
    let channel = String::from_utf8(channel).ok()?;
    channel
        .starts_with(prefix)
        .then(|| (channel, Bytes::from(frame)))
}

/// The name of a channel of Redis.
struct Channel<'a>(&'a str, &'a Subject);

impl ToRedisArgs for Channel<'_> {
    fn write_redis_args<W: ?Sized + RedisWrite>(&self, out: &mut W) {
        let [scope, name] = self.1.parts();
        Parts([self.0, scope, name].map(str::as_bytes)).write_redis_args(out);
    }
}

/// An argument of several parts.
struct Parts<'a, const N: usize>([&'a [u8]; N]);

impl<const N: usize> ToRedisArgs for Parts<'_, N> {
    fn write_redis_args<W: ?Sized + RedisWrite>(&self, out: &mut W) {
        let mut writer = out.writer_for_next_arg();
        for part in self.0 {
            // To memory, it cannot fail.
            let _ = writer.write_all(part);
        }
    }
}

impl fmt::Debug for RedisConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisConnection")
            .field("unanswered", &self.batches.len())
            .finish_non_exhaustive()
    }
}
