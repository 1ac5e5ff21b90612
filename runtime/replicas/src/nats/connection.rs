//! One connection to NATS.

use super::{
    bundle::{Bundle, Frames},
    name::token,
    receipts::Receipts,
    settings::Settings,
    stream::Stream,
    subscriptions::{Arrived, Subscriptions},
    watch::Watch,
};
use crate::{Command, Connection, EngineError, Inbox, Subject};
use async_nats::Client;
use autumn_ws_core::{Bytes, support::lock};
use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    sync::Mutex,
    task::{Context, Poll},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::{
        JoinHandle,
        coop::{consume_budget, unconstrained},
    },
};

/// A connection to [`Nats`](crate::Nats), for publishing and subscribing, so that NATS takes all
/// commands in order.
pub struct NatsConnection {
    wire: Wire,
    /// What went wrong.
    faults: UnboundedReceiver<EngineError>,
    /// Ends when this is no longer the right NATS.
    watch: JoinHandle<()>,
}

/// The parts that are written and read at the same time.
struct Wire {
    client: Client,
    inbox: Inbox,
    subscriptions: Mutex<Subscriptions>,
    /// What is to be handed over.
    arrived: Mutex<VecDeque<Arrived>>,
    receipts: Mutex<Receipts>,
    /// The start of subjects.
    publish: String,
    subscribe: String,
}

/// With less room, hardly any message would reach other replicas.
const SMALLEST: usize = 8 << 10;

/// About as much as the client library reads at once.
const LARGE: usize = 64 << 10;

/// What the stream adds to republished messages.
const SEQUENCE: &str = "Nats-Sequence";

/// What JetStream adds to a message, generously.
const HEADERS: usize = 1024;

impl NatsConnection {
    pub(super) async fn open(settings: &Settings, inbox: Inbox) -> Result<Self, EngineError> {
        let (sender, mut faults) = unbounded_channel();
        let opened = async {
            let client = settings.connect(settings.server(), sender.clone()).await?;
            let stream = Stream::open(&client, &settings.prefix).await?;
            check_size(&client)?;
            inbox.identify(stream.id());
            let receipts = Receipts::open(&client).await.map_err(EngineError::away)?;
            let watch =
                Watch::begin(settings.clone(), client.clone(), stream, inbox.clone()).await?;
            Ok((client, receipts, watch))
        };
        let (client, receipts, watch) = tokio::select! {
            opened = opened => opened?,
            // Such as a missing right, which is not answered.
            Some(fault) = faults.recv() => return Err(fault),
        };
        let watch = tokio::spawn(async move {
            sender.send(watch.run().await).ok();
        });
        let wire = Wire {
            client,
            inbox,
            subscriptions: Mutex::default(),
            arrived: Mutex::default(),
            receipts: Mutex::new(receipts),
            publish: format!("{}.in.", settings.prefix),
            subscribe: format!("{}.out.", settings.prefix),
        };
        Ok(Self {
            wire,
            faults,
            watch,
        })
    }
}

fn check_size(client: &Client) -> Result<(), EngineError> {
    let most = client.max_payload();
    if most >= SMALLEST {
        return Ok(());
    }
    Err(EngineError::refused(format_args!(
        "it takes no messages of more than {most} bytes: its max_payload must be at least {SMALLEST}"
    )))
}

impl Wire {
    /// Sends commands.
    async fn write(&self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
        // Consecutive commands often go to the same channel.
        let mut waiting: Option<(Subject, Bundle)> = None;
        for command in batch.drain(..) {
            if let (Some((last, bundle)), Command::Publish(subject, frame)) =
                (&mut waiting, &command)
                && last == subject
                && bundle.push(frame, self.max_frame())
            {
                continue;
            }
            if let Some((subject, bundle)) = waiting.take() {
                self.publish(&subject, bundle).await?;
            }
            match command {
                Command::Subscribe(subject) => {
                    let name = token(&self.subscribe, &subject);
                    let subscriber = self.client.subscribe(name).await;
                    let subscriber = subscriber.map_err(EngineError::away)?;
                    // Atomically, so that nothing is read in between.
                    lock(&self.subscriptions).open(subject.to_string(), subscriber);
                }
                Command::Unsubscribe(subject) => {
                    lock(&self.subscriptions).close(&subject.to_string());
                }
                Command::Publish(subject, frame) => {
                    waiting = Some((subject, Bundle::new(&frame)));
                }
            }
        }
        match waiting {
            Some((subject, bundle)) => self.publish(&subject, bundle).await,
            None => Ok(()),
        }
    }

    async fn publish(&self, subject: &Subject, bundle: Bundle) -> Result<(), EngineError> {
        let name = token(&self.publish, subject);
        let receipts = bundle.receipts();
        let receipts = receipts.map(|numbers| lock(&self.receipts).subject(numbers));
        let content = bundle.into_bytes();
        let published = match receipts {
            Some(place) => self.client.publish_with_reply(name, place, content).await,
            None => self.client.publish(name, content).await,
        };
        published.map_err(EngineError::away)
    }

    fn max_frame(&self) -> usize {
        self.client.max_payload().saturating_sub(HEADERS)
    }

    /// Hands over what arrives, until a message is refused.
    async fn read(&self) -> EngineError {
        loop {
            // All of it: tokio's task budget must not stop this in the middle. This may be dropped
            // anywhere; what was taken waits for the next call.
            while let Some(arrived) = self.next_arrived() {
                self.deliver(arrived);
                consume_budget().await;
            }
            match unconstrained(poll_fn(|cx| self.poll_take(cx))).await {
                Ok(arrived) => lock(&self.arrived).extend(arrived),
                Err(error) => return error,
            }
        }
    }

    fn next_arrived(&self) -> Option<Arrived> {
        lock(&self.arrived).pop_front()
    }

    /// Takes what has arrived, once earlier receipts are handed over.
    fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<Vec<Arrived>, EngineError>> {
        let arrived = lock(&self.subscriptions).poll_take(cx);
        match lock(&self.receipts).poll_take(&self.inbox, cx) {
            Poll::Ready(error) => Poll::Ready(Err(error)),
            Poll::Pending => arrived.map(Ok),
        }
    }

    fn deliver(&self, arrived: Arrived) {
        let headers = arrived.message.headers.as_ref();
        if headers.is_some_and(|headers| headers.get(SEQUENCE).is_some()) {
            for frame in Frames::of(arrived.message.payload) {
                self.inbox.deliver(&arrived.subject, own(frame));
            }
        } else {
            // Somebody has bypassed the stream.
            self.inbox.ignore();
        }
    }
}

/// A frame to keep until it is read. The client library hands out parts of a large read buffer, so
/// a short frame would keep much more than itself.
fn own(frame: Bytes) -> Bytes {
    if frame.len() < LARGE {
        Bytes::copy_from_slice(&frame)
    } else {
        frame
    }
}

impl Connection for NatsConnection {
    fn max_frame(&self) -> usize {
        self.wire.max_frame()
    }

    fn max_subject(&self) -> usize {
        // A line of the protocol has 4 KiB, and a byte may become three.
        1024
    }

    fn window(&self) -> usize {
        // From 2.11 on, a stream drops what it has no room for: more than 10,000 messages of all
        // replicas together. Those get no receipt.
        1024
    }

    fn has_receipts(&self) -> bool {
        true
    }

    async fn send(&mut self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
        tokio::select! {
            written = self.wire.write(batch) => written,
            fault = self.wire.read() => Err(fault),
            Some(fault) = self.faults.recv() => Err(fault),
        }
    }

    async fn lost(&mut self) -> EngineError {
        tokio::select! {
            fault = self.wire.read() => fault,
            fault = self.faults.recv() => {
                fault.unwrap_or_else(|| EngineError::away("the client has ended"))
            }
        }
    }
}

impl Drop for NatsConnection {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

impl fmt::Debug for NatsConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsConnection").finish_non_exhaustive()
    }
}
