//! Pages and sockets at the same paths.

use super::handshake::is_handshake;
use axum::{Router, extract::Request};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

/// Serves sockets and pages that may share paths: a WebSocket handshake gets the socket at its path,
/// every other request the page.
///
/// A handshake for a path without a socket goes to the pages as well, so those may have sockets of
/// their own. Every request without a handshake goes to the pages, and gets their 404 where only a
/// socket is.
///
/// ```
/// use autumn_ws::share_paths;
/// use axum::{Router, routing::get};
///
/// # mod ws { pub fn router() -> axum::Router<autumn_ws::AppState> { axum::Router::new() } }
/// let state = autumn_ws::AppState::new();
/// // Both may have `/chat`.
/// let pages = Router::new().route("/chat", get(async || "the page of the chat"));
/// let app: Router = share_paths(ws::router().with_state(state), pages);
/// ```
///
/// In a handler of your own, the extractor `Option<Upgrade<E>>` makes the same difference.
pub fn share_paths(sockets: Router, pages: Router) -> Router {
    let handshakes = TowerToHyperService::new(sockets.fallback_service(pages.clone()));
    let pages = TowerToHyperService::new(pages);
    Router::new().fallback(async move |request: Request| {
        let asks = is_handshake(request.version(), request.method(), request.headers());
        let router = if asks { &handshakes } else { &pages };
        router.call(request).await
    })
}
