//! Whether a response that grants a socket over HTTP/1.1 is sent, where the server does not say so.
//!
//! hyper has no such call, and layers may put any body around the response's, or make a new response
//! out of its parts. What they cannot do without is its headers. To send them, hyper takes their
//! values one by one, in order. A response that is dropped drops its headers as a map does: the
//! first value of each, and then the further values. So it shows in the order in which some values
//! are dropped what has happened to a response. Any other order counts as not sent.
//!
//! Two values are marked that no layer touches, because a 101 has no such header, and hyper leaves
//! it out: `Transfer-Encoding`. With any other status hyper does send it, finds a `Content-Length`
//! behind it, and ends the connection instead of sending both. So a layer that changes only the
//! status grants nothing, unless to 204 or 304, which have neither header.

use super::{
    deferred::{DeferredSession, Granted},
    handshake::Carrier,
    unwinding,
};
use crate::Bytes;
use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use std::{
    mem,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

/// Opens a socket when the response that grants it is sent.
pub(super) fn defer(reported: Option<DeferredSession>, granted: Granted, response: &mut Response) {
    let carrier = granted.carrier;
    let is_reported = reported.is_some();
    let session = reported.unwrap_or_default();
    session.grant(granted);
    unwinding::attach(&session, response);
    if is_reported {
        return;
    }
    if let Carrier::Http1 = carrier {
        attach(&session, response);
    }
    session.start_when_open();
}

/// Marks the response that grants a session, which is confirmed or cancelled when the response is
/// sent or dropped.
fn attach(session: &DeferredSession, response: &mut Response) {
    let order = Arc::new(Order {
        dropped: AtomicU8::new(0),
        session: session.clone(),
    });
    let marked = |value, place| marked(value, Arc::clone(&order), place);
    let chunked = HeaderValue::from_static("chunked");
    let headers = response.headers_mut();
    let mut before = mem::take(headers);
    // Whatever a layer removes later, these two stay in front.
    headers.append(header::TRANSFER_ENCODING, marked(chunked.clone(), 0));
    headers.append(header::TRANSFER_ENCODING, marked(chunked, 1));
    headers.append(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    let accept = before.remove(header::SEC_WEBSOCKET_ACCEPT);
    headers.extend(before);
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
        let next = |dropped| Some(if dropped == place { place + 1 } else { OTHER });
        let before = self
            .dropped
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, next);
        if before != Ok(place) {
            self.session.cancel();
        } else if place == LAST {
            self.session.confirm();
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
