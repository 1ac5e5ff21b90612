//! Refusals that a web page can see.

use super::handshake::Handshake;
use crate::{
    CloseCode, close,
    session::{RefusedPlace, close_refused as close_socket},
    sync::{Mutex, lock},
};
use axum::{body::to_bytes, extract::Request, http::header, middleware::Next, response::Response};
use std::{mem, sync::Arc};

/// What is added to a status to make a close code.
const BASE: CloseCode = 4000;

/// The most bytes of a response that are read for the reason.
const TEXT: usize = 4096;

/// Where the handshake of a request is kept, once only its application or a limit can refuse it.
#[derive(Clone, Debug, Default)]
pub(crate) struct RefusalSlot(Arc<Mutex<Option<Handshake>>>);

impl RefusalSlot {
    /// From here on, the client may get its refusal on a socket.
    pub(crate) fn offer(&self, handshake: &Handshake) {
        let before = lock(&self.0).replace(handshake.clone());
        drop(before);
    }

    /// The refusal keeps its status after all.
    pub(crate) fn withdraw(&self) {
        drop(self.take());
    }

    fn take(&self) -> Option<Handshake> {
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
/// a status from 400 to 599; the text of the response is the close reason. Everything else keeps its
/// status: a foreign origin, a bad handshake, and a server that is shutting down.
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
        && let Some(handshake) = slot.take()
        && let Some(place) = RefusedPlace::take()
    {
        return socket(handshake, response, place).await;
    }
    response
}

/// Grants the socket on which the refusal is said.
async fn socket(handshake: Handshake, refusal: Response, place: RefusedPlace) -> Response {
    let code = BASE + refusal.status().as_u16();
    let text = to_bytes(refusal.into_body(), TEXT)
        .await
        .unwrap_or_default();
    let reason = String::from_utf8(text.into()).unwrap_or_default();
    let frame = close::frame(code, reason.into());
    let (response, connection) = handshake.accept();
    tokio::spawn(close_socket(connection, frame, place));
    response
}
