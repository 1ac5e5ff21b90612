//! The task that keeps the connection to an engine.

mod backoff;

use self::backoff::Backoff;
use crate::{
    Connection, Engine, EngineError, Inbox, Options,
    outbox::{Bounds, Item, Outbox, Stuck},
};
use autumn_ws_core::{
    support::panic_message,
    upstream::{Downstream, Recent},
};
use futures_util::FutureExt;
use std::{mem, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{
    sync::oneshot,
    time::{Interval, MissedTickBehavior, interval, sleep, timeout},
};

/// Keeps the connection to an engine as long as there are channels.
pub(super) struct Link<E> {
    engine: E,
    options: Options,
    outbox: Arc<Outbox>,
    downstream: Downstream,
    backoff: Backoff,
    /// Whether the connection has been open.
    is_open: bool,
    /// The caller that waits for the first connection.
    start: Option<oneshot::Sender<Result<(), EngineError>>>,
    /// Whether it ended properly.
    is_done: bool,
}

/// The shortest time between probes.
const SHORTEST_TICK: Duration = Duration::from_millis(1);

/// Why a connection has ended.
enum End {
    /// Try again.
    Lost(EngineError),
    /// Nobody is left to use it.
    Closed,
}

impl<E: Engine> Link<E> {
    pub(super) fn new(
        engine: E,
        options: Options,
        outbox: Arc<Outbox>,
        downstream: Downstream,
        start: oneshot::Sender<Result<(), EngineError>>,
    ) -> Self {
        Self {
            backoff: Backoff::new(options.backoff),
            engine,
            options,
            outbox,
            downstream,
            is_open: false,
            start: Some(start),
            is_done: false,
        }
    }

    /// Connects again and again until nobody is left to use it.
    pub(super) async fn run(mut self) {
        loop {
            let end = self.connection_or_panic().await;
            self.give_up().await;
            let End::Lost(error) = end else {
                break;
            };
            if error.is_refused()
                && let Some(start) = self.start.take()
            {
                let address = self.engine.address();
                start.send(Err(error.at(&address))).ok();
                break;
            }
            let wait = self.backoff.next();
            self.tell(&error, wait);
            tokio::select! {
                () = sleep(wait) => {}
                () = closed(&self.outbox) => break,
            }
        }
        self.is_done = true;
    }

    /// Whatever an engine does wrong, channels continue.
    async fn connection_or_panic(&mut self) -> End {
        let connection = AssertUnwindSafe(self.connection()).catch_unwind();
        connection.await.unwrap_or_else(|panic| {
            let message = panic_message(&*panic);
            End::Lost(EngineError::away(format_args!("it panicked: {message}")))
        })
    }

    /// One connection, from its opening to its end. Nothing arrives on it afterwards.
    async fn connection(&mut self) -> End {
        let inbox = Inbox::new(&self.outbox, &self.downstream);
        let _closer = inbox.closer();
        let opened = tokio::select! {
            opened = timeout(self.options.timeout, self.engine.connect(inbox.clone())) => opened,
            () = closed(&self.outbox) => return End::Closed,
        };
        let connection = match opened {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return End::Lost(error),
            Err(_) => return End::Lost(EngineError::away("it does not answer in time")),
        };
        self.hold(connection, &inbox).await
    }

    /// The connection is gone. Everything in flight is delivered here.
    async fn give_up(&mut self) {
        self.cut();
        while self.deliver_some() {
            tokio::task::yield_now().await;
        }
    }

    fn cut(&self) {
        if self.is_open {
            self.outbox.counters().outages.add(1);
        }
        self.outbox.cut();
    }

    /// Sends what there is to send as long as the connection lasts.
    async fn hold(&mut self, mut connection: E::Connection, inbox: &Inbox) -> End {
        self.outbox.connected(bounds(&connection));
        let mut ticks = interval((self.options.timeout / 5).max(SHORTEST_TICK));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.reset();
        let mut batch = Vec::new();
        loop {
            let outbox = Arc::clone(&self.outbox);
            tokio::select! {
                end = self.watch(&mut ticks, inbox) => return end,
                error = connection.lost() => return End::Lost(error),
                () = outbox.work() => {}
            }
            while self.outbox.take(&mut batch) {
                tokio::select! {
                    end = self.watch(&mut ticks, inbox) => return end,
                    sent = connection.send(&mut batch) => match sent {
                        Ok(()) => batch.clear(),
                        Err(error) => return End::Lost(error),
                    },
                }
            }
        }
    }

    /// Does everything but the sending, until the connection has to end.
    async fn watch(&mut self, ticks: &mut Interval, inbox: &Inbox) -> End {
        loop {
            match self.outbox.stuck() {
                Some(Stuck::Closed) => return End::Closed,
                Some(stuck) => return End::Lost(EngineError::away(stuck)),
                None if self.outbox.has_answered() => self.open(inbox),
                None => {}
            }
            tokio::select! {
                () = self.outbox.news() => {}
                _ = ticks.tick() => self.outbox.tick(),
            }
        }
    }

    /// From now on all subscriptions are active, so subscribers get a gap for what may be missing
    /// before, and then what is published goes to the engine.
    fn open(&mut self, inbox: &Inbox) {
        self.backoff.connected();
        self.is_open = true;
        let address = self.engine.address();
        let gaps = inbox.open();
        if let Some(start) = self.start.take() {
            tracing::info!(engine = address, "channels are connected");
            start.send(Ok(())).ok();
        } else {
            self.outbox.counters().reconnects.add(1);
            tracing::info!(engine = address, gaps, "channels are connected again");
        }
    }

    fn tell(&mut self, error: &EngineError, wait: Duration) {
        let engine = self.engine.address();
        let wait = Duration::from_millis(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        if self.start.is_some() {
            tracing::warn!(engine, %error, ?wait, "channels are waiting for their engine");
            return;
        }
        let was_open = mem::take(&mut self.is_open);
        if error.is_refused() {
            tracing::error!(engine, %error, ?wait, "channels cannot use their engine, and are cut off from other replicas");
        } else if was_open {
            tracing::warn!(engine, %error, ?wait, "channels are cut off from other replicas");
        } else {
            tracing::warn!(engine, %error, ?wait, "channels are still cut off from other replicas");
        }
    }
}

impl<E> Link<E> {
    /// Delivers some of what is not known to have reached the engine to local subscribers. Returns
    /// whether there was any.
    fn deliver_some(&self) -> bool {
        let mut items = Vec::new();
        if !self.outbox.drain(&mut items) {
            return false;
        }
        let mut recent = Recent::default();
        for item in items {
            let delivered = match item {
                Item::Echoed(name, message, _) | Item::Held(name, message) => {
                    self.downstream.deliver(&mut recent, &name, message)
                }
                Item::Gap => self.downstream.mark_gaps(),
                Item::Sent(..)
                | Item::Notice(_)
                | Item::Confirmed
                | Item::Everything
                | Item::Probe => Some(0),
            };
            if delivered.is_none() {
                return false;
            }
        }
        true
    }
}

impl<E> Drop for Link<E> {
    /// When the runtime ends, channels may continue, but without their engine.
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        self.outbox.cut();
        while self.deliver_some() {}
        self.outbox.end();
    }
}

/// Several times what goes to the engine before a probe, whose answer the rest may have to await.
const SMALLEST_WINDOW: usize = 1024;

fn bounds(connection: &impl Connection) -> Bounds {
    Bounds {
        frame: connection.max_frame(),
        subject: connection.max_subject(),
        window: connection.window().max(SMALLEST_WINDOW),
        receipts: connection.has_receipts(),
    }
}

/// Waits until nobody is left to publish or subscribe.
async fn closed(outbox: &Outbox) {
    while outbox.stuck() != Some(Stuck::Closed) {
        outbox.news().await;
    }
}
