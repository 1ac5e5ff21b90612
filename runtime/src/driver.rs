//! From the open socket to its end.

use crate::{
    AppState, CloseCode, Closed, Session, Utf8Bytes, WebSocket, close_code,
    metrics::{Counters, Meter},
    policy::Policy,
    session::Wire,
    shutdown::Shutdown,
    slots::Slot,
    time::after,
};
use futures_util::FutureExt;
use std::{
    any::Any,
    future::poll_fn,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep, sleep_until},
};
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::{
    Instrument, Span,
    field::{Empty, display},
};

/// How long the closing handshake may take where the drain time is over.
const GRACE: Duration = Duration::from_millis(250);

/// What a session was admitted with. It is held until the socket is gone.
pub(crate) struct Admission {
    pub(crate) policy: &'static Policy,
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) state: AppState,
    pub(crate) slot: Slot,
    pub(crate) tracked: TaskTrackerToken,
}

/// Runs a session's code on its socket, whatever the code does, then closes the socket.
pub(crate) async fn drive<F, Fut>(socket: WebSocket, admission: Admission, code: F)
where
    F: FnOnce(Session) -> Fut,
    Fut: Future<Output = Result<(), Closed>>,
{
    let Admission {
        policy,
        peer,
        state,
        slot,
        tracked,
    } = admission;
    // Of this level, so that it is there whenever something is logged in it. The rest of it is
    // known at the end.
    let span = tracing::error_span!(
        "session",
        endpoint = policy.name,
        peer = peer.map(tracing::field::display),
        by = Empty,
        code = Empty,
        seconds = Empty,
        received = Empty,
        received_bytes = Empty,
        sent = Empty,
        sent_bytes = Empty,
    );
    let driver = Driver {
        policy,
        peer,
        shutdown: state.shutdown(),
        counters: Arc::clone(slot.counters()),
    };
    driver.run(socket, code).instrument(span).await;
    drop((slot, tracked));
}

struct Driver {
    policy: &'static Policy,
    peer: Option<SocketAddr>,
    shutdown: Shutdown,
    counters: Arc<Counters>,
}

/// How a session's code ended.
enum Outcome {
    Returned,
    Panicked,
    /// It was still running when the drain time was over.
    Cut,
}

impl Driver {
    async fn run<F, Fut>(self, socket: WebSocket, code: F)
    where
        F: FnOnce(Session) -> Fut,
        Fut: Future<Output = Result<(), Closed>>,
    {
        let opened = Instant::now();
        self.counters.opened.count();
        let meter = Meter::new(Arc::clone(&self.counters));
        let wire = Arc::new(Mutex::new(Wire::new(socket, self.policy, meter)));
        let session = Session::new(
            Arc::clone(&wire).lock_owned().await,
            self.shutdown.watch(),
            self.peer,
        );
        let outcome = self.run_code(async { code(session).await }).await;
        // The session is dropped by now, unless its code has moved it elsewhere.
        let mut wire = tokio::select! {
            wire = wire.lock() => wire,
            () = self.too_late() => return self.abandon(),
        };
        let (code, reason) = self.farewell(&outcome);
        let closed = wire.close(code, Utf8Bytes::from_static(reason));
        self.counters.close(&closed);
        self.finish(&mut wire, &outcome).await;
        log(&closed, opened, wire.meter());
    }

    /// Runs the code until it ends, or the drain time is over. It is gone afterwards.
    async fn run_code(&self, code: impl Future<Output = Result<(), Closed>>) -> Outcome {
        let mut code = pin!(Some(code));
        let running = poll_fn(|cx| match code.as_mut().as_pin_mut() {
            Some(code) => code.poll(cx).map(drop),
            None => Poll::Ready(()),
        });
        let outcome = tokio::select! {
            biased;
            // How the session ended is known from the session itself.
            ended = AssertUnwindSafe(running).catch_unwind() => match ended {
                Ok(()) => Outcome::Returned,
                Err(panic) => {
                    self.note_panic(&*panic);
                    Outcome::Panicked
                }
            },
            () = self.drained() => {
                self.note_cut();
                Outcome::Cut
            }
        };
        // What it holds can panic too when it is dropped.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| code.set(None))) {
            self.note_panic(&*panic);
        }
        outcome
    }

    fn note_panic(&self, panic: &(dyn Any + Send)) {
        self.counters.panics.count();
        tracing::error!(panic = panic_message(panic), "the session's code panicked");
    }

    fn note_cut(&self) {
        self.counters.drain_cuts.count();
        tracing::warn!("the session did not end in its drain time");
    }

    /// The code has moved the session to where it outlives its time.
    fn abandon(&self) {
        self.counters.close(&Closed::cut());
        tracing::warn!("the session is held by another task, its socket is left to that");
    }

    /// What to close with if the session's code has not.
    fn farewell(&self, outcome: &Outcome) -> (CloseCode, &'static str) {
        match outcome {
            Outcome::Returned => (close_code::NORMAL, ""),
            Outcome::Panicked => (close_code::ERROR, "internal error"),
            Outcome::Cut => (self.policy.shutdown_code, self.policy.shutdown_reason),
        }
    }

    /// Finishes the closing handshake. A shutdown does not wait for a client that does not play
    /// along.
    async fn finish(&self, wire: &mut Wire, outcome: &Outcome) {
        tokio::select! {
            () = wire.finish() => {}
            () = self.too_late() => if !matches!(outcome, Outcome::Cut) {
                self.note_cut();
            }
        }
    }

    /// Waits until a shutdown has begun and its drain time is over.
    async fn drained(&self) {
        let mut shutdown = self.shutdown.watch();
        let begun = poll_fn(|cx| shutdown.poll_begun(cx)).await;
        sleep_until(after(begun, self.policy.drain)).await;
    }

    /// Waits until there is no time left for the closing handshake either.
    async fn too_late(&self) {
        self.drained().await;
        sleep(GRACE).await;
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
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
