//! The end of the application.

use crate::{
    CancellationToken, Channels,
    sync::{Mutex, lock},
    time::after,
};
use std::{
    fmt,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::time::{Instant, timeout_at};
use tokio_util::{
    sync::WaitForCancellationFutureOwned,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

/// Begins the shutdown of an application, notifies its parts, and waits for its sessions.
///
/// A cheap handle, made by [`AppState::shutdown`](crate::AppState::shutdown): clones are the same
/// shutdown. [`serve`](crate::serve) does everything with it.
///
/// # With `axum::serve`
///
/// Linger in the future that [`axum::serve()`] waits for. Then it closes its port and answers the
/// requests that are under way, while the sessions drain:
///
#[doc = concat!("```no_run\n", include_str!("../docs/axum_serve.rs"), "```")]
///
/// It must not return as soon as the signal comes, as a `select!` around the server would: requests
/// under way would be cut.
#[derive(Clone)]
pub struct Shutdown {
    inner: Arc<Inner>,
}

struct Inner {
    /// Since when the application has been leaving.
    leaving: OnceLock<Instant>,
    /// The longest time that one of its servers lingers.
    linger: Mutex<Duration>,
    begun: OnceLock<Instant>,
    token: CancellationToken,
    sessions: TaskTracker,
    /// The channels of the application, whose last messages are flushed.
    channels: Channels,
}

impl Shutdown {
    pub(crate) fn new(channels: &Channels) -> Self {
        Self {
            inner: Arc::new(Inner {
                leaving: OnceLock::new(),
                linger: Mutex::default(),
                begun: OnceLock::new(),
                token: CancellationToken::new(),
                sessions: TaskTracker::new(),
                channels: channels.clone(),
            }),
        }
    }

    /// Announces the shutdown and waits this long before it may begin, so that load balancers notice:
    /// from now on [readiness](crate::Readiness) is 503, and everything else works as before.
    /// [`Serve::linger`](crate::Serve::linger) does this.
    ///
    /// The time counts from the first call. Where several servers of an application linger, all of them
    /// wait for the longest time. It ends early if the shutdown begins.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops the waiting only: the shutdown stays announced.
    pub async fn linger(&self, time: Duration) {
        self.will_linger(time);
        let since = *self.inner.leaving.get_or_init(Instant::now);
        let end = after(since, *lock(&self.inner.linger));
        timeout_at(end, self.cancelled()).await.ok();
    }

    /// Announces that a server of the application will linger this long.
    pub(crate) fn will_linger(&self, time: Duration) {
        let mut longest = lock(&self.inner.linger);
        *longest = time.max(*longest);
    }

    /// Whether the shutdown is announced, or has begun.
    pub(crate) fn is_announced(&self) -> bool {
        self.inner.leaving.get().is_some() || self.has_begun()
    }

    /// Begins the shutdown: new upgrades get 503, open sessions get
    /// [`Event::Shutdown`](crate::Event::Shutdown). Does nothing when it has begun already.
    pub fn begin(&self) {
        self.inner.begun.get_or_init(Instant::now);
        self.inner.token.cancel();
    }

    /// Whether the shutdown has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.inner.begun.get().is_some()
    }

    /// Waits for the beginning of the shutdown. Cancel safe.
    pub async fn cancelled(&self) {
        self.inner.token.cancelled().await;
    }

    /// A token that is cancelled when the shutdown begins, for code that takes one. Cancelling it does
    /// not begin the shutdown.
    #[must_use]
    pub fn token(&self) -> CancellationToken {
        self.inner.token.child_token()
    }

    /// Begins the shutdown and waits until every session has ended, and everything that was published
    /// has reached the [engine](crate::Channels#other-processes), but at most for `limit`. Returns how
    /// many sessions are left.
    ///
    /// Each session ends by itself shortly after its endpoint's
    /// [`DRAIN`](crate::Endpoint::DRAIN), so a generous limit costs nothing. After `DRAIN`, code that
    /// has not ended is dropped where it waits: code after a session's loop does not run, `Drop`
    /// does. Sessions that are left after `limit` are not touched: they continue until their own time
    /// is over, or the process ends.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops the waiting only: the shutdown has begun.
    pub async fn drain(&self, limit: Duration) -> usize {
        let deadline = after(Instant::now(), limit);
        // Whether the time was enough or not, the number of sessions is returned.
        let drained = async {
            self.drained().await;
            self.flushed().await;
        };
        timeout_at(deadline, drained).await.ok();
        self.inner.sessions.len()
    }

    /// Begins the shutdown and waits until every session has ended.
    pub(crate) async fn drained(&self) {
        self.begin();
        self.inner.sessions.close();
        self.inner.sessions.wait().await;
    }

    /// Waits until everything that was published has reached the engine, if there is one, but no
    /// longer than the engine has for any answer.
    pub(crate) async fn flushed(&self) {
        let channels = &self.inner.channels;
        if let Some(upstream) = channels.upstream()
            && !channels.flush(upstream.patience()).await
        {
            tracing::warn!("what was published last may not have reached other replicas");
        }
    }

    /// When the shutdown began.
    pub(crate) fn begun(&self) -> Option<Instant> {
        self.inner.begun.get().copied()
    }

    /// Counts a session for as long as the token exists.
    pub(crate) fn track(&self) -> TaskTrackerToken {
        self.inner.sessions.token()
    }

    /// Watches for the beginning of the shutdown from a task that is polled often.
    pub(crate) fn watch(&self) -> Watch {
        Watch {
            shutdown: self.clone(),
            cancelled: None,
            waker: None,
        }
    }
}

impl fmt::Debug for Shutdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shutdown")
            .field("begun", &self.has_begun())
            .field("sessions", &self.inner.sessions.len())
            .finish()
    }
}

/// Watches for the beginning of the shutdown.
///
/// All sessions watch the same token, whose state is behind one lock. Polling this costs an atomic
/// load, except for the first time in each task.
pub(crate) struct Watch {
    shutdown: Shutdown,
    cancelled: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    /// The waker that the token will wake.
    waker: Option<Waker>,
}

impl Watch {
    /// Another watch, which costs nothing if it is polled in the same task.
    pub(crate) fn companion(&self) -> Self {
        Self {
            shutdown: self.shutdown.clone(),
            cancelled: None,
            waker: self.waker.clone(),
        }
    }

    /// The channels of the application.
    pub(crate) fn channels(&self) -> &Channels {
        &self.shutdown.inner.channels
    }

    /// Ready with the moment when the shutdown began.
    pub(crate) fn poll_begun(&mut self, cx: &mut Context<'_>) -> Poll<Instant> {
        if let Some(begun) = self.shutdown.begun() {
            return Poll::Ready(begun);
        }
        let known = |waker: &Waker| waker.will_wake(cx.waker());
        if !self.waker.as_ref().is_some_and(known) {
            let token = &self.shutdown.inner.token;
            let cancelled = self
                .cancelled
                .get_or_insert_with(|| Box::pin(token.clone().cancelled_owned()));
            if cancelled.as_mut().poll(cx).is_ready() {
                return Poll::Ready(self.shutdown.begun().unwrap_or_else(Instant::now));
            }
            self.waker = Some(cx.waker().clone());
        }
        Poll::Pending
    }
}
