//! Whether a response is sent, where the server does not say so.
//!
//! hyper has no such call, and layers may put any body around the response's, or make a new response
//! out of its parts. What they cannot do without is its headers. To send them, hyper takes their
//! values one by one, in order. A response that is dropped drops its headers as a map does: the
//! first value of each, and then the further values. So it shows in the order in which some values
//! are dropped what has happened to a response. Any other order counts as not sent.
//!
//! As a rule this is not needed, because hyper first asks the body whether it is empty.

use super::deferred::DeferredSession;
use crate::Bytes;
use axum::{
    body::{Body, HttpBody},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use std::{
    convert::Infallible,
    mem,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
    thread,
};

/// Attaches a session to the response that grants it over HTTP/1.1, and starts or cancels it when
/// that response is sent or dropped.
pub(super) fn attach(session: &DeferredSession, response: &mut Response) {
    mark(session, response.headers_mut());
    *response.body_mut() = Body::new(EmptyBody {
        session: session.clone(),
        starts: true,
    });
}

/// Cancels a session if its handler, or a layer, panics with the response in its hands, so that the
/// panic is noted.
pub(super) fn attach_to_panics(session: &DeferredSession, response: &mut Response) {
    *response.body_mut() = Body::new(EmptyBody {
        session: session.clone(),
        starts: false,
    });
}

/// Marks three values: the first of a header, the second of the next one, and one behind them.
fn mark(session: &DeferredSession, headers: &mut HeaderMap) {
    let order = Arc::new(Order {
        dropped: AtomicU8::new(0),
        session: session.clone(),
    });
    let mut before = mem::take(headers);
    let marked = |value, place| marked(value, Arc::clone(&order), place);
    if let Some(value) = before.remove(header::CONNECTION) {
        headers.append(header::CONNECTION, marked(value, 0));
    }
    let accept = before.remove(header::SEC_WEBSOCKET_ACCEPT);
    headers.extend(before);
    // What is answered does depend on these.
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    headers.append(header::VARY, marked(HeaderValue::from_static("upgrade"), 1));
    if let Some(value) = accept {
        headers.append(header::SEC_WEBSOCKET_ACCEPT, marked(value, LAST));
    }
}

fn marked(value: HeaderValue, order: Arc<Order>, place: u8) -> HeaderValue {
    let mark = Mark {
        value: value.clone(),
        order,
        place,
    };
    // It is as valid as before.
    HeaderValue::from_maybe_shared(Bytes::from_owner(mark)).unwrap_or(value)
}

/// The place of the last mark.
const LAST: u8 = 2;

/// Not the order in which a response is sent.
const OTHER: u8 = u8::MAX;

struct Order {
    /// How many marks were dropped in order so far, or [`OTHER`].
    dropped: AtomicU8,
    session: DeferredSession,
}

impl Order {
    fn note(&self, place: u8) {
        let next = self
            .dropped
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |dropped| {
                Some(if dropped == place { place + 1 } else { OTHER })
            });
        if place == LAST {
            if next == Ok(LAST) {
                self.session.start();
            } else {
                self.session.cancel();
            }
        }
    }
}

/// The value of a header. It is noted when its last copy is dropped.
struct Mark {
    value: HeaderValue,
    order: Arc<Order>,
    place: u8,
}

impl AsRef<[u8]> for Mark {
    fn as_ref(&self) -> &[u8] {
        self.value.as_bytes()
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.order.note(self.place);
    }
}

/// The body of a response without content.
struct EmptyBody {
    session: DeferredSession,
    /// Whether hyper asks for its end just before it sends the response.
    starts: bool,
}

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
        if self.starts {
            self.session.start();
        }
        true
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(0)
    }
}

impl Drop for EmptyBody {
    fn drop(&mut self) {
        if thread::panicking() {
            self.session.cancel();
        }
    }
}
