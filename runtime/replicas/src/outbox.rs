//! What goes to an engine: the part that publishers touch.

mod bounds;
mod counters;
mod doubt;
mod missed;
mod outcome;
mod probes;
mod queue;
mod state;
mod transit;

pub(crate) use self::{
    bounds::Bounds,
    outcome::{Echo, Stuck},
    transit::Item,
};

use self::{
    counters::Counters,
    outcome::{Place, Wake},
    state::{Flush, State},
};
use crate::{Command, Options, budget, options::Limits};
use autumn_ws_core::{
    metrics::EngineSnapshot,
    support::lock,
    upstream::{Publication, Upstream},
};
use futures_util::{FutureExt, future::BoxFuture};
use std::{
    ops::RangeInclusive,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// What goes to an engine, behind one short lock.
///
/// Publishers, subscribers and the inbox change the [`State`]; the task that owns the connection is
/// woken when it has to act.
#[derive(Debug)]
pub(crate) struct Outbox {
    replica: u64,
    limits: Limits,
    patience: Duration,
    state: Mutex<State>,
    counters: Counters,
    has_warned: AtomicBool,
    has_warned_of_sizes: AtomicBool,
    has_ended: AtomicBool,
    /// There are commands to send.
    work: Notify,
    /// There is something else to do.
    news: Notify,
    /// Something has arrived there or changed: wakes those that wait for it.
    progress: Notify,
}

impl Outbox {
    pub(crate) fn new(replica: u64, options: &Options) -> Self {
        let limits = options.limits;
        Self {
            replica,
            limits,
            patience: options.timeout,
            state: Mutex::new(State::new(replica, limits)),
            counters: Counters::default(),
            has_warned: AtomicBool::new(false),
            has_warned_of_sizes: AtomicBool::new(false),
            has_ended: AtomicBool::new(false),
            work: Notify::new(),
            news: Notify::new(),
            progress: Notify::new(),
        }
    }

    pub(crate) const fn replica(&self) -> u64 {
        self.replica
    }

    pub(crate) const fn limits(&self) -> Limits {
        self.limits
    }

    pub(crate) const fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Waits for commands to send.
    pub(crate) async fn work(&self) {
        self.work.notified().await;
    }

    /// Waits for something else to do: an [answer](Outbox::has_answered), or the end.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }

    /// Takes commands to send, as many as make a good write. Returns whether there were any.
    pub(crate) fn take(&self, batch: &mut Vec<Command>) -> bool {
        lock(&self.state).take(batch)
    }

    /// There is a connection: sends all subscriptions, and a probe after them. Until it comes back,
    /// what is published stays here.
    pub(crate) fn connected(&self, bounds: Bounds) {
        let wake = self.change(|state| state.connected(bounds));
        self.wake(wake);
    }

    /// Whether the engine has answered on a connection that is not open yet.
    pub(crate) fn has_answered(&self) -> bool {
        lock(&self.state).has_answered()
    }

    /// From now on, what is published goes to the engine. The other replicas get gaps for what they
    /// may have missed.
    pub(crate) fn open(&self) {
        let (notices, wake) = self.change(State::open);
        self.counters.gaps_sent.add(notices);
        self.wake(wake);
        self.progress.notify_waiters();
    }

    /// Why the connection has to end, if so.
    pub(crate) fn stuck(&self) -> Option<Stuck> {
        lock(&self.state).stuck()
    }

    /// A fifth of the engine's timeout is over.
    pub(crate) fn tick(&self) {
        let wake = self.change(State::tick);
        self.wake(wake);
    }

    /// The connection is gone.
    pub(crate) fn cut(&self) {
        let lost = self.change(State::cut);
        self.counters.dropped.add(lost);
        self.progress.notify_waiters();
    }

    /// Takes some of the messages to deliver here, because they are not known to have reached the
    /// engine. After the last ones, what is published is no longer held back.
    pub(crate) fn drain(&self, items: &mut Vec<Item>) -> bool {
        lock(&self.state).drain(items)
    }

    /// One of our messages has come back. `None` if it is not awaited.
    pub(crate) fn echo(&self, name: &str, sequence: u64) -> Option<Echo> {
        let (echo, wake) = self.change(|state| state.echo(name, sequence))?;
        self.wake(wake);
        Some(echo)
    }

    /// A probe or a notice has come back. `None` if it is not awaited.
    pub(crate) fn settle(&self, sequence: u64) -> Option<()> {
        let (round_trip, wake) = self.change(|state| state.settle(sequence))?;
        if let Some(time) = round_trip {
            let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
            self.counters.round_trip.set(micros);
        }
        self.wake(wake);
        Some(())
    }

    /// A receipt has come.
    pub(crate) fn confirm(&self, sequences: RangeInclusive<u64>) {
        let wake = self.change(|state| state.confirm(sequences));
        self.wake(wake);
    }

    /// The engine begins to check that the server is still the right one.
    pub(crate) fn begin_check(&self) {
        lock(&self.state).begin_check();
    }

    /// It is, or was when the check began.
    pub(crate) fn end_check(&self) {
        lock(&self.state).end_check();
    }

    /// A new connection leads to this server.
    pub(crate) fn identify(&self, server: &str) {
        lock(&self.state).identify(server);
    }

    /// Waits until a condition holds, checked whenever it may have changed. Returns whether it had
    /// to wait.
    async fn wait(&self, mut poll: impl FnMut(&mut State) -> Option<Wake>) -> bool {
        let mut has_waited = false;
        loop {
            let mut progress = pin!(self.progress.notified());
            progress.as_mut().enable();
            match self.change(&mut poll) {
                None => return has_waited,
                Some(wake) => self.wake(wake),
            }
            has_waited = true;
            progress.await;
        }
    }

    /// Changes the state, and drops what it no longer needs after the lock is released.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = lock(&self.state);
        let changed = change(&mut state);
        let gone = state.take_gone();
        drop(state);
        drop(gone);
        changed
    }

    /// There will be no further connection.
    pub(crate) fn end(&self) {
        self.has_ended.store(true, Ordering::Relaxed);
    }

    /// Once, and only if somebody still publishes: mostly it is the end of the process.
    fn warn_about_end(&self) {
        if self.has_ended.swap(false, Ordering::Relaxed) {
            tracing::error!(
                "the tokio runtime on which channels were connected has ended: they are cut off \
                 from other replicas for good"
            );
        }
    }

    /// Once: it is a mistake of the application, not of one message.
    fn warn_about_names(&self) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!("a channel has too long a name for the engine: it stays in its process");
        }
    }

    /// Once, too.
    fn warn_about_sizes(&self) {
        if !self.has_warned_of_sizes.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a message is too large for the engine: other replicas get a gap instead"
            );
        }
    }

    fn wake(&self, wake: Wake) {
        if wake.work {
            self.work.notify_one();
        }
        if wake.news {
            self.news.notify_one();
        }
        if wake.progress {
            self.progress.notify_waiters();
        }
    }
}

impl Upstream for Outbox {
    // Joining and leaving hold the channel's lock: dropping what the state no longer needs has to
    // wait.

    fn join(&self, name: &Arc<str>) {
        let wake = lock(&self.state).join(name);
        self.wake(wake);
    }

    fn leave(&self, name: &Arc<str>) {
        let wake = lock(&self.state).leave(name);
        self.wake(wake);
    }

    fn joined<'a>(&'a self, name: &'a Arc<str>) -> BoxFuture<'a, bool> {
        self.wait(|state| state.poll_joined(name)).boxed()
    }

    fn publish(&self, name: Arc<str>, publication: Publication) -> Option<Publication> {
        let (wake, place, is_crowded) = self.change(|state| {
            let (wake, place) = state.publish(name, publication);
            (wake, place, state.is_crowded())
        });
        if is_crowded {
            budget::use_up();
        }
        match place {
            Place::Engine => self.counters.published.add(1),
            Place::Held => self.counters.dropped.add(1),
            Place::TooLarge => {
                self.warn_about_sizes();
                self.counters.dropped.add(1);
                self.counters.gaps_sent.add(1);
            }
            Place::Here(publication) => {
                self.counters.dropped.add(1);
                self.warn_about_end();
                return Some(publication);
            }
            Place::Nameless(publication) => {
                self.counters.dropped.add(1);
                self.warn_about_names();
                return Some(publication);
            }
        }
        self.wake(wake);
        None
    }

    fn flush(&self) -> BoxFuture<'_, ()> {
        let mut flush = Flush::default();
        let flushed = self.wait(move |state| state.poll_flush(&mut flush));
        flushed.map(drop).boxed()
    }

    fn patience(&self) -> Duration {
        self.patience
    }

    fn is_up(&self) -> bool {
        lock(&self.state).is_up()
    }

    fn snapshot(&self) -> EngineSnapshot {
        let state = lock(&self.state);
        let mut snapshot = self.counters.snapshot();
        snapshot.connected = state.is_up();
        snapshot.queue = state.transit().len();
        snapshot.queue_bytes = state.transit().bytes();
        snapshot
    }

    fn close(&self) {
        lock(&self.state).close();
        self.news.notify_one();
    }
}
