//! The task that drives a session, from the open socket to its end.

use super::{feeds::Feeds, live::Live, socket::Socket, wire::Wire};
use crate::{
    CloseCode, Closed, ClosedBy, Utf8Bytes,
    close::INTERNAL_ERROR,
    close_code,
    endpoint::{Counters, Meter, OpenSession, Policy, Seat},
    panics::panic_message,
    shutdown::{Shutdown, Watch},
    time::after,
};
use futures_util::future::BoxFuture;
use hyper::upgrade::Upgraded;
use std::{
    error::Error,
    future::{Future, poll_fn},
    iter,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::{Instant, Sleep, sleep, sleep_until, timeout},
};
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::{
    Instrument, Span,
    field::{Empty, display},
};

/// How long the closing handshake may take after the drain time.
const GRACE: Duration = Duration::from_millis(250);

/// What a session was admitted with. It is held until the socket is gone.
pub(crate) struct Admission {
    pub(crate) policy: &'static Policy,
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) shutdown: Shutdown,
    pub(crate) feeds: Feeds,
    pub(crate) open: OpenSession,
    pub(crate) seats: Vec<Seat>,
    pub(crate) tracked: TaskTrackerToken,
    /// The span of the request.
    pub(crate) request: Span,
    pub(crate) run: SessionFn,
}

/// A session's code, to be started. The lock is released when the session is dropped.
pub(crate) type SessionFn = Box<dyn FnOnce(OwnedMutexGuard<Live>) -> Running + Send>;

/// A session's code, started.
type Running = BoxFuture<'static, Result<(), Closed>>;

/// Waits for the connection, and runs the session on it.
pub(crate) fn run(
    connection: impl Future<Output = hyper::Result<Upgraded>> + Send,
    admission: Admission,
) -> impl Future<Output = ()> + Send {
    // Boxed, so that an open session reserves no room for it.
    let opening = Box::pin(open(connection, admission));
    async {
        if let Some(session) = opening.await {
            session.await;
        }
    }
}

async fn open(
    connection: impl Future<Output = hyper::Result<Upgraded>>,
    admission: Admission,
) -> Option<BoxFuture<'static, ()>> {
    let policy = admission.policy;
    let socket = Socket::open(connection, policy.message_size);
    let error = match timeout(policy.send_timeout, socket).await {
        Ok(Ok(socket)) => return Some(drive(socket, admission)),
        Ok(Err(error)) => error.to_string(),
        Err(elapsed) => elapsed.to_string(),
    };
    admission.open.counters().failed.count();
    tracing::debug!(endpoint = policy.name, error, "the socket did not open");
    None
}

/// Runs a session's code on its socket, whatever the code does, then closes the socket.
///
/// There are as many of these as open sockets, and most of them wait. To keep them small, each part
/// is boxed by itself, instead of having its room reserved in every part around it.
fn drive(socket: Socket, admission: Admission) -> BoxFuture<'static, ()> {
    let Admission {
        policy,
        peer,
        shutdown,
        feeds,
        open,
        seats,
        tracked,
        request,
        run,
    } = admission;
    // At the highest level, so that it exists whenever something is logged in it.
    let span = tracing::error_span!(
        parent: &request,
        "session",
        endpoint = policy.name,
        peer = peer.map(display),
        by = Empty,
        code = Empty,
        seconds = Empty,
        received = Empty,
        received_bytes = Empty,
        sent = Empty,
        sent_bytes = Empty,
    );
    let watch = shutdown.watch();
    let counters = Arc::clone(open.counters());
    counters.opened.count();
    let mut wire = Wire::new(socket, policy, Meter::new(counters));
    seats.iter().for_each(Seat::begin);
    wire.clock().take_seats(seats);
    let live = Live::new(wire, feeds, watch.companion(), peer);
    let driver = Box::new(Driver {
        policy,
        watch,
        drained: None,
        opened: Instant::now(),
        live: Arc::new(Mutex::new(live)),
        open,
        _tracked: tracked,
    });
    Box::pin(driver.run(run).instrument(span))
}

struct Driver {
    policy: &'static Policy,
    watch: Watch,
    /// When the drain time is over, once the shutdown has begun.
    drained: Option<Pin<Box<Sleep>>>,
    opened: Instant,
    live: Arc<Mutex<Live>>,
    open: OpenSession,
    _tracked: TaskTrackerToken,
}

/// How a session's code ended.
enum Outcome {
    Returned(Result<(), Closed>),
    Panicked,
    /// It was still running when the drain time was over.
    Cut,
}

impl Driver {
    async fn run(mut self: Box<Self>, session: SessionFn) {
        let live = self.live().await;
        let outcome = self.run_code(session, live).await;
        self.end(outcome).await;
    }

    /// Makes the session, which is woken with this task when the shutdown begins.
    async fn live(&mut self) -> OwnedMutexGuard<Live> {
        let mut live = Arc::clone(&self.live).lock_owned().await;
        let watch = poll_fn(|cx| {
            // From here on this task is woken. If the shutdown has begun, the session sees it too.
            let _ = self.watch.poll_begun(cx);
            Poll::Ready(self.watch.companion())
        });
        live.follow(watch.await);
        live
    }

    /// Runs the code until it ends, or the drain time is over, and drops it.
    async fn run_code(&mut self, session: SessionFn, live: OwnedMutexGuard<Live>) -> Outcome {
        let mut running = match self.unwind(|| session(live)) {
            Ok(running) => running,
            Err(outcome) => return outcome,
        };
        let outcome = poll_fn(|cx| {
            match self.unwind(|| running.as_mut().poll(cx)) {
                Ok(Poll::Ready(returned)) => return Poll::Ready(Outcome::Returned(returned)),
                Ok(Poll::Pending) => {}
                Err(outcome) => return Poll::Ready(outcome),
            }
            ready!(self.poll_drained(cx));
            self.note_cut();
            Poll::Ready(Outcome::Cut)
        });
        let outcome = outcome.await;
        // A panic while it is dropped does not change how it ended.
        self.unwind(|| drop(running)).ok();
        outcome
    }

    /// Ends the session properly.
    fn end(&mut self, outcome: Outcome) -> impl Future<Output = ()> {
        self.note_error(&outcome);
        let (code, reason) = self.farewell(&outcome);
        // Boxed, so that an open session reserves no room for it.
        Box::pin(async move {
            let live = Arc::clone(&self.live);
            // The session is dropped by now, unless its code has moved it elsewhere.
            let mut live = tokio::select! {
                live = live.lock() => live,
                () = self.too_late() => return self.abandon(&outcome),
            };
            let wire = &mut live.wire;
            let closed = wire.close(code, reason);
            self.counters().close(&closed);
            // A shutdown does not wait for a client that does not cooperate.
            tokio::select! {
                () = wire.finish() => {}
                () = self.too_late() => self.note_late(&outcome),
            }
            log(&closed, self.opened, wire.meter());
        })
    }

    /// Runs code of the application, and notes a panic.
    fn unwind<T>(&self, code: impl FnOnce() -> T) -> Result<T, Outcome> {
        catch_unwind(AssertUnwindSafe(code)).map_err(|panic| {
            self.counters().panics.count();
            tracing::error!(
                panic = panic_message(&*panic),
                "the session's code panicked"
            );
            Outcome::Panicked
        })
    }

    /// Notes an error that the session's code returned.
    fn note_error(&self, outcome: &Outcome) {
        if let Outcome::Returned(Err(closed)) = outcome
            && let Some(error) = closed.failure()
        {
            self.counters().errors.count();
            let error = with_causes(error);
            tracing::error!(error, "the session's code failed");
        }
    }

    fn note_cut(&self) {
        self.counters().drain_cuts.count();
        tracing::warn!("the session did not end in its drain time");
    }

    /// Notes that the session is late, once.
    fn note_late(&self, outcome: &Outcome) {
        if !matches!(outcome, Outcome::Cut) {
            self.note_cut();
        }
    }

    /// The code has moved the session to another task, where it outlives the drain time.
    fn abandon(&self, outcome: &Outcome) {
        self.counters().close(&Closed::cut());
        self.note_late(outcome);
        tracing::warn!("the session is held by another task, its socket is left to that");
    }

    fn counters(&self) -> &Counters {
        self.open.counters()
    }

    /// What to close with if the session has not ended. If it has, it knows how itself.
    fn farewell(&self, outcome: &Outcome) -> (CloseCode, Utf8Bytes) {
        let (code, reason) = match outcome {
            Outcome::Returned(Err(closed)) if closed.by() == ClosedBy::Server => {
                return (closed.code(), closed.reason().into());
            }
            Outcome::Returned(_) => (close_code::NORMAL, ""),
            Outcome::Panicked => (close_code::ERROR, INTERNAL_ERROR),
            Outcome::Cut => (self.policy.shutdown_code, self.policy.shutdown_reason),
        };
        (code, Utf8Bytes::from_static(reason))
    }

    /// Waits until a shutdown has begun and its drain time is over.
    fn poll_drained(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let begun = ready!(self.watch.poll_begun(cx));
        let deadline = after(begun, self.policy.drain);
        self.drained
            .get_or_insert_with(|| Box::pin(sleep_until(deadline)))
            .as_mut()
            .poll(cx)
    }

    /// Waits until the time for the closing handshake is over, too.
    async fn too_late(&mut self) {
        poll_fn(|cx| self.poll_drained(cx)).await;
        sleep(GRACE).await;
    }
}

/// The text of an error and of its causes.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let causes = iter::successors(Some(error), |&error| error.source());
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}

fn log(closed: &Closed, opened: Instant, meter: &Meter) {
    let flow = meter.flow();
    Span::current()
        .record("by", display(closed.by()))
        .record("code", closed.code())
        .record("seconds", opened.elapsed().as_secs_f64())
        .record("received", flow.received)
        .record("received_bytes", flow.received_bytes)
        .record("sent", flow.sent)
        .record("sent_bytes", flow.sent_bytes);
    let reason = closed.reason();
    if *closed == Closed::cut() {
        tracing::warn!(reason, "session ended: the client was cut off");
    } else {
        tracing::debug!(reason, "session ended");
    }
}
