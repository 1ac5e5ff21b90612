//! One connection to Redis.

use super::{
    error::fault,
    role,
    watch::{Watch, config, mark},
};
use crate::{Command, Connection, EngineError, Frame, Inbox, Subject};
use autumn_ws_core::Bytes;
use redis::{
    Client, Cmd, Pipeline, PushInfo, PushKind, RedisError, RedisResult, RedisWrite, ToRedisArgs,
    Value, aio::MultiplexedConnection,
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
use tokio::{
    sync::Notify,
    task::{JoinHandle, coop::unconstrained},
};

/// A connection to [`Redis`](super::Redis), for publishing and subscribing, so that Redis takes all
/// commands in order.
pub struct RedisConnection {
    connection: MultiplexedConnection,
    prefix: Arc<str>,
    /// Batches that Redis has not answered yet, oldest first.
    batches: Batches,
    disconnected: Arc<Notify>,
    /// Ends when this is no longer the right Redis.
    watch: JoinHandle<EngineError>,
}

type Batches = VecDeque<Batch>;
type Batch = Pin<Box<dyn Future<Output = RedisResult<Vec<Value>>> + Send>>;

/// The number of batches in flight. More would not be faster.
const BATCHES: usize = 8;

impl RedisConnection {
    pub(super) async fn open(
        client: &Client,
        prefix: &Arc<str>,
        inbox: Inbox,
    ) -> Result<Self, EngineError> {
        let disconnected = Arc::new(Notify::new());
        let mark = mark(prefix);
        let taker = Taker {
            inbox: inbox.clone(),
            prefix: Arc::clone(prefix),
            mark: Arc::clone(&mark),
            disconnected: Arc::clone(&disconnected),
        };
        let config = config()
            .set_pipeline_buffer_size(2 * BATCHES)
            .set_push_sender(move |push| {
                taker.take(push);
                Ok::<_, ()>(())
            });
        let connection = client.get_multiplexed_async_connection_with_config(&config);
        let mut connection = connection.await.map_err(fault)?;
        role::check(&mut connection).await?;
        if let Some(run) = role::run(&mut connection).await {
            inbox.identify(&run);
        }
        let watch = Watch::begin(client.clone(), connection.clone(), inbox, mark).await?;
        Ok(Self {
            connection,
            prefix: Arc::clone(prefix),
            batches: VecDeque::new(),
            disconnected,
            watch: tokio::spawn(watch.run()),
        })
    }

    /// The commands as Redis commands.
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
}

/// Waits until the oldest batch is answered. Without one: forever.
async fn answered(batches: &mut Batches) -> Result<(), EngineError> {
    let Some(batch) = batches.front_mut() else {
        return std::future::pending().await;
    };
    let answers = batch.await;
    batches.pop_front();
    check(answers.map_err(fault)?)
}

/// What the watch has found.
async fn found(watch: &mut JoinHandle<EngineError>) -> EngineError {
    watch.await.unwrap_or_else(EngineError::away)
}

impl Connection for RedisConnection {
    async fn send(&mut self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
        if self.watch.is_finished() {
            return Err(found(&mut self.watch).await);
        }
        while self.batches.len() >= BATCHES {
            answered(&mut self.batches).await?;
        }
        let pipeline = self.translate(batch);
        let mut connection = self.connection.clone();
        let mut batch: Batch = Box::pin(async move {
            let count = pipeline.len();
            connection.send_packed_commands(&pipeline, 0, count).await
        });
        // The first poll sends it, so that batches keep their order. It must not depend on the
        // task's budget, which could leave it behind.
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
        loop {
            tokio::select! {
                () = self.disconnected.notified() => {
                    return EngineError::away("Redis has closed the connection");
                }
                error = found(&mut self.watch) => return error,
                answered = answered(&mut self.batches) => if let Err(error) = answered {
                    return error;
                },
            }
        }
    }
}

impl Drop for RedisConnection {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

/// An error among the answers ends the connection.
fn check(answers: Vec<Value>) -> Result<(), EngineError> {
    let error = answers.into_iter().find_map(|answer| match answer {
        Value::ServerError(error) => Some(fault(RedisError::from(error))),
        _ => None,
    });
    error.map_or(Ok(()), Err)
}

/// Takes what arrives.
struct Taker {
    inbox: Inbox,
    prefix: Arc<str>,
    mark: Arc<str>,
    disconnected: Arc<Notify>,
}

impl Taker {
    fn take(&self, push: PushInfo) {
        match push.kind {
            PushKind::Message => match message(&self.prefix, push.data) {
                // A publisher there only counts its subscribers.
                Some((channel, _)) if channel == *self.mark => {}
                Some((channel, frame)) => {
                    let subject = channel.get(self.prefix.len()..);
                    self.inbox.deliver(subject.unwrap_or_default(), frame);
                }
                None => self.inbox.ignore(),
            },
            PushKind::Disconnection => self.disconnected.notify_one(),
            _ => {}
        }
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
            // Writing to memory cannot fail.
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
