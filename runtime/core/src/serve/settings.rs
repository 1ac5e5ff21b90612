//! What an operator may choose.

use super::limits::Limits;
use crate::Network;
use std::net::SocketAddr;

/// What an operator may choose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) limits: Limits,
    /// Which clients are proxies that send a header of the PROXY protocol. `None`: none is.
    pub(crate) proxies: Option<Vec<Network>>,
}

impl Settings {
    /// Whether a connection begins with a header of the PROXY protocol. A client without an address
    /// has come over a Unix socket, which only its own machine can reach.
    pub(super) fn expects_header_from(&self, peer: Option<SocketAddr>) -> bool {
        let Some(proxies) = &self.proxies else {
            return false;
        };
        peer.is_none_or(|peer| proxies.iter().any(|proxy| proxy.contains(peer.ip())))
    }
}

impl From<Limits> for Settings {
    fn from(limits: Limits) -> Self {
        Self {
            limits,
            proxies: None,
        }
    }
}
