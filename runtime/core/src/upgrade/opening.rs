//! Sockets that are granted, and have yet to open.

use super::refusal::Undecided;
use crate::{
    Bytes,
    session::{self, Admission},
    sync::{Mutex, lock},
};
use axum::{
    body::{Body, HttpBody},
    http::StatusCode,
    response::Response,
};
use hyper::{
    body::{Frame, SizeHint},
    upgrade::OnUpgrade,
};
use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::runtime::Handle;

/// A session that starts when the answer leaves which grants it.
///
/// It travels with that answer. If the handler answers otherwise after all, or the client has gone,
/// it is dropped with the answer, and with it all that the session was admitted with. It must not
/// start then: hyper hands out the connection after another answer too, when that was the last.
#[derive(Clone)]
pub(crate) struct Opening {
    granted: Arc<Mutex<Option<Granted>>>,
    /// Of the answer.
    status: StatusCode,
}

pub(crate) struct Granted {
    pub(crate) undecided: Undecided,
    pub(crate) connection: OnUpgrade,
    pub(crate) admission: Admission,
    pub(crate) runtime: Handle,
}

impl Opening {
    /// Puts a session into the answer that grants it.
    pub(crate) fn travel(granted: Granted, answer: &mut Response) {
        let opening = Self {
            granted: Arc::new(Mutex::new(Some(granted))),
            status: answer.status(),
        };
        answer.extensions_mut().insert(opening.clone());
        *answer.body_mut() = Body::new(Nothing(opening));
    }

    /// An answer is about to leave. There are layers whose bodies tell ours nothing, so where the
    /// answer itself is seen, its body is not needed.
    pub(crate) fn leave(answer: &mut Response) {
        let opening: Option<Self> = answer.extensions_mut().remove();
        let Some(opening) = opening else { return };
        if opening.status == answer.status() {
            opening.start();
        } else {
            // Somebody has made a refusal out of it.
            drop(opening.take());
        }
    }

    fn start(&self) {
        if let Some(granted) = self.take() {
            granted.undecided.grant();
            let session = session::run(granted.connection, granted.admission);
            granted.runtime.spawn(session);
        }
    }

    fn take(&self) -> Option<Granted> {
        lock(&self.granted).take()
    }
}

/// The body of the answer, which has none: who asks for it is about to send it.
struct Nothing(Opening);

impl HttpBody for Nothing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.start();
        Poll::Ready(None)
    }

    /// What hyper asks first of all over HTTP/1.1.
    fn is_end_stream(&self) -> bool {
        self.0.start();
        true
    }

    /// What axum asks of every success over HTTP/2, of which hyper sends no body. Over HTTP/1.1 it
    /// asks too early: layers may still answer otherwise.
    fn size_hint(&self) -> SizeHint {
        if self.0.status != StatusCode::SWITCHING_PROTOCOLS {
            self.0.start();
        }
        SizeHint::with_exact(0)
    }
}
