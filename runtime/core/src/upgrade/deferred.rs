//! Sessions that start when the response that grants them is sent.

use super::pending::PendingRequest;
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

/// A session that starts when the response that grants it is sent.
///
/// It is attached to that response. If the handler sends another one after all, or the client has
/// gone, it is dropped with the response, and with it everything that the session was admitted
/// with. It must not start then: hyper also hands out the connection after another response, if
/// that was the last one.
#[derive(Clone)]
pub(crate) struct DeferredSession {
    granted: Arc<Mutex<Option<Granted>>>,
    /// The status of the response.
    status: StatusCode,
}

pub(crate) struct Granted {
    pub(crate) request: PendingRequest,
    pub(crate) connection: OnUpgrade,
    pub(crate) admission: Admission,
    pub(crate) runtime: Handle,
}

impl DeferredSession {
    /// Attaches a session to the response that grants it.
    pub(crate) fn attach(granted: Granted, response: &mut Response) {
        let session = Self {
            granted: Arc::new(Mutex::new(Some(granted))),
            status: response.status(),
        };
        response.extensions_mut().insert(session.clone());
        *response.body_mut() = Body::new(EmptyBody(session));
    }

    /// A response is about to be sent: starts its session, if it has one. A server that calls this
    /// does not depend on the body, which a layer may have wrapped in one that never polls it.
    pub(crate) fn start_with(response: &mut Response) {
        let session: Option<Self> = response.extensions_mut().remove();
        let Some(session) = session else { return };
        if session.status == response.status() {
            session.start();
        } else {
            // A layer has turned it into a refusal.
            drop(session.take());
        }
    }

    fn start(&self) {
        if let Some(granted) = self.take() {
            granted.request.grant();
            let session = session::run(granted.connection, granted.admission);
            granted.runtime.spawn(session);
        }
    }

    fn take(&self) -> Option<Granted> {
        lock(&self.granted).take()
    }
}

/// The body of the response, which is empty: whoever polls it is about to send it.
struct EmptyBody(DeferredSession);

impl HttpBody for EmptyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.start();
        Poll::Ready(None)
    }

    /// hyper calls this first over HTTP/1.1.
    fn is_end_stream(&self) -> bool {
        self.0.start();
        true
    }

    /// axum calls this for every success over HTTP/2, of which hyper sends no body. Over HTTP/1.1
    /// it calls this too early: layers may still change the response.
    fn size_hint(&self) -> SizeHint {
        if self.0.status != StatusCode::SWITCHING_PROTOCOLS {
            self.0.start();
        }
        SizeHint::with_exact(0)
    }
}
