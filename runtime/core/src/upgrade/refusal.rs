//! Refusals that a web page can see.

use super::{
    deferred::{DeferredSession, Granted, Purpose},
    handshake::Handshake,
    sending,
};
use crate::{
    CloseCode, Utf8Bytes, close,
    session::RefusedPlace,
    sync::{Mutex, lock},
};
use axum::{
    body::{HttpBody, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt;
use std::{mem, sync::Arc};

/// What is added to a status to make a close code.
const BASE: CloseCode = 4000;

/// The most bytes of a response that are read for the reason.
const TEXT: u16 = 4096;

/// Where the handshake of a request is kept, once only its application or a limit can refuse it.
#[derive(Clone, Default)]
pub(crate) struct RefusalSlot(Arc<Mutex<Option<Offer>>>);

/// A socket that can still open.
struct Offer {
    handshake: Handshake,
    /// The place for what is granted, if the server reports how it answers.
    reported: Option<DeferredSession>,
}

impl RefusalSlot {
    /// From here on, the client may get its refusal on a socket.
    pub(crate) fn offer(&self, handshake: &Handshake, reported: Option<&DeferredSession>) {
        let offer = Offer {
            handshake: handshake.clone(),
            reported: reported.cloned(),
        };
        let before = lock(&self.0).replace(offer);
        drop(before);
    }

    /// The refusal keeps its status after all.
    pub(crate) fn withdraw(&self) {
        drop(self.take());
    }

    fn take(&self) -> Option<Offer> {
        mem::take(&mut *lock(&self.0))
    }
}

/// Opens a socket for a refused request of a web page, only to close it with 4000 plus the status: a
/// page cannot see the status of a refusal. A layer for the route of one endpoint:
///
/// ```
/// use autumn_ws::{AppState, Endpoint, Rejection, Upgrade, close_refused};
/// use axum::{
///     Router,
///     middleware::from_fn,
///     response::{Response, Result},
///     routing::any,
/// };
///
/// struct Chat;
///
/// impl Endpoint for Chat {
///     const NAME: &'static str = "chat";
/// }
///
/// /// A page sees the close code 4401.
/// async fn chat(upgrade: Upgrade<Chat>) -> Result<Response> {
///     Err(Rejection::unauthorized("sign in first"))?;
///     Ok(upgrade.on_upgrade(async |_session| Ok(())).await)
/// }
///
/// let app: Router = Router::new()
///     .route("/chat", any(chat).layer(from_fn(close_refused)))
///     .with_state(AppState::new());
/// ```
///
/// That goes for requests with an `Origin` that another extractor, the handler or a limit refuses with
/// a status from 400 to 599. The close reason is the response's text, if it is plain text and already
/// there, or else the name of the status; of its headers, only `Set-Cookie` is sent. Everything else
/// keeps its status: a foreign origin, a bad handshake, a server that is shutting down, and what a
/// layer outside of this one answers.
///
/// Such a socket is not a session. It sends the close frame, takes no place under any limit, and is
/// dropped after a second; the request counts once, as refused. At most 256 exist in a process; beyond
/// that, requests get the status.
pub async fn close_refused(mut request: Request, next: Next) -> Response {
    if !request.headers().contains_key(header::ORIGIN) {
        return next.run(request).await;
    }
    let slot = RefusalSlot::default();
    request.extensions_mut().insert(slot.clone());
    let response = next.run(request).await;
    let status = response.status();
    let is_refusal = status.is_client_error() || status.is_server_error();
    if is_refusal
        && let Some(offer) = slot.take()
        && let Some(place) = RefusedPlace::take()
    {
        return offer.close(response, place);
    }
    response
}

impl Offer {
    /// Grants the socket on which the refusal is said, once the response to that is sent.
    fn close(self, refusal: Response, place: RefusedPlace) -> Response {
        let cookies = cookies(&refusal);
        let frame = close::frame(BASE + refusal.status().as_u16(), reason(refusal));
        let carrier = self.handshake.carrier();
        let (mut response, connection) = self.handshake.accept();
        response.headers_mut().extend(cookies);
        let granted = Granted {
            connection,
            carrier,
            purpose: Purpose::Refusal { frame, place },
            is_confirmed: false,
        };
        sending::defer(self.reported, granted, &mut response);
        response
    }
}

fn cookies(response: &Response) -> HeaderMap {
    let cookies = response.headers().get_all(header::SET_COOKIE);
    let named = |cookie: &HeaderValue| (header::SET_COOKIE, cookie.clone());
    let mut headers = HeaderMap::new();
    for (name, cookie) in cookies.iter().map(named) {
        headers.append(name, cookie);
    }
    headers
}

/// The text of a refusal, or the name of its status.
fn reason(refusal: Response) -> Utf8Bytes {
    let status = refusal.status();
    text(refusal).unwrap_or_else(|| status.canonical_reason().unwrap_or_default().into())
}

/// A plain text that is there without waiting: a body may be endless.
fn text(refusal: Response) -> Option<Utf8Bytes> {
    let kind = refusal.headers().get(header::CONTENT_TYPE)?;
    if !kind.as_bytes().starts_with(b"text/plain") {
        return None;
    }
    let body = refusal.into_body();
    let is_short = body.size_hint().upper()? <= TEXT.into();
    let text = is_short.then(|| to_bytes(body, TEXT.into()).now_or_never())??;
    let text = Utf8Bytes::try_from(text.ok()?).ok()?;
    (!text.is_empty()).then_some(text)
}
