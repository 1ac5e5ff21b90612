//! What an application says at run time about pages and hosts.

use super::{
    host,
    origin::{Origin, is_host, is_host_entry},
    proxy::Proxy,
};
use axum::http::{HeaderMap, Uri};
use std::sync::Arc;

/// What an application says at run time about the pages that may open its sockets, and about the
/// hosts that it answers for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowed {
    origins: Arc<[String]>,
    /// `None`: every host.
    hosts: Option<Arc<[String]>>,
}

impl Allowed {
    pub(crate) fn allow_origins(&mut self, more: Vec<String>) {
        let more = valid(
            more,
            Origin::is_entry,
            "this is not an origin, and allows no page",
        );
        self.origins = self.origins.iter().cloned().chain(more).collect();
    }

    pub(crate) fn allow_hosts(&mut self, more: Vec<String>) {
        let more = valid(more, is_host_entry, "this is not a host, and allows none");
        let before = self.hosts.iter().flat_map(|hosts| hosts.iter().cloned());
        self.hosts = Some(before.chain(more).collect());
    }

    /// Whether the application allows pages of this origin.
    pub(super) fn allows_origin(&self, origin: &Origin) -> bool {
        self.origins.iter().any(|allowed| origin.matches(allowed))
    }

    /// Whether the application answers for the host that a client asked for.
    pub(crate) fn allows_host(&self, uri: &Uri, headers: &HeaderMap, proxy: Option<Proxy>) -> bool {
        let Some(hosts) = &self.hosts else {
            return true;
        };
        let reported = match proxy.map(|proxy| proxy.original_target(headers)) {
            None => None,
            Some(Some(target)) => target.host,
            // The header is malformed.
            Some(None) => return false,
        };
        let asked = reported.as_deref().or_else(|| host(uri, headers));
        asked.is_some_and(|asked| hosts.iter().any(|allowed| is_host(asked, allowed)))
    }
}

fn valid(
    entries: Vec<String>,
    is_valid: fn(&str) -> bool,
    problem: &'static str,
) -> impl Iterator<Item = String> {
    entries.into_iter().filter(move |entry| {
        let is_valid = is_valid(entry);
        if !is_valid {
            tracing::error!(entry, "{problem}");
        }
        is_valid
    })
}
