//! Panics with the response in hand that grants a socket.

use super::deferred::DeferredSession;
use crate::Bytes;
use axum::{
    body::{Body, HttpBody},
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    thread,
};

/// Cancels a session if its handler, or a layer, panics with the response in its hands, so that the
/// panic is noted.
pub(super) fn attach(session: &DeferredSession, response: &mut Response) {
    *response.body_mut() = Body::new(EmptyBody(session.clone()));
}

/// The body of a response without content.
struct EmptyBody(DeferredSession);

impl HttpBody for EmptyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(0)
    }
}

impl Drop for EmptyBody {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.cancel();
        }
    }
}
