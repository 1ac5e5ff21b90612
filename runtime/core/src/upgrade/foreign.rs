//! Warnings about pages and hosts that are refused.

use super::error::UpgradeError;
use crate::{Proxy, origins, warnings::Cut};
use axum::http::{header, request::Parts};
use std::net::SocketAddr;
use tracing::field::display;

/// Logs what a refused request says about where it comes from.
pub(super) fn warn_about(
    endpoint: &str,
    peer: Option<SocketAddr>,
    error: &UpgradeError,
    parts: &Parts,
    proxy: Option<Proxy>,
    left_out: u64,
) {
    let peer = peer.map(display);
    tracing::warn!(
        endpoint,
        peer,
        origin = ?parts.headers.get(header::ORIGIN).map(Cut),
        host = ?origins::host(&parts.uri, &parts.headers).map(Cut),
        forwarded = ?proxy.map(|proxy| Cut(parts.headers.get_all(proxy.header()))),
        left_out,
        "refused to open a socket: {}",
        error.text(),
    );
}
