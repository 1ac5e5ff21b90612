//! Which web pages may open a socket.

mod allowed;
mod origin;
mod proxy;
mod trusted;

pub use self::{proxy::Proxy, trusted::TrustedProxy};

pub(crate) use self::{allowed::Allowed, trusted::TrustedProxies};

use self::{
    origin::{Origin, Page},
    proxy::OriginalTarget,
};
use axum::http::{HeaderMap, Uri, header};

/// The web pages that may open a socket.
///
/// A browser lets every page open a socket to every server, with the user's cookies, and sends the
/// page's origin in the `Origin` header ([RFC 6455, 10.2]). A page that is not allowed gets
/// `403 Forbidden`. A request without `Origin` does not come from a page and is allowed.
///
/// The default is [`OWN`](Origins::OWN).
///
/// [RFC 6455, 10.2]: https://www.rfc-editor.org/rfc/rfc6455#section-10.2
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Pages that were served from the same host and port as the socket.
    ///
    /// The origin is compared with the `Host` header (HTTP/1.1) or `:authority` (HTTP/2), without
    /// the scheme, because TLS may end at a proxy. A missing port is 443 for an `https` page and 80
    /// for an `http` page, on both sides.
    ///
    /// Behind a proxy that rewrites `Host`, the application has to name the header that has the
    /// client's: see [`Proxy`].
    Same,
    /// All pages.
    Any,
    /// Pages from these origins:
    ///
    /// | entry | pages |
    /// |---|---|
    /// | `scheme://host`, `scheme://host:port` | from there: `https://example.com`, `tauri://localhost`. The scheme is compared |
    /// | `scheme://*.host` | from each host with one label more: `https://*.example.com` |
    /// | `same` | as [`Same`](Origins::Same) |
    /// | `configured` | that [`AppState::allow_origins`](crate::AppState::allow_origins) allows |
    /// | `null` | whose browser hides where they are from, such as those in a sandboxed frame: every site has such pages |
    ///
    /// An entry of another form allows nothing.
    Only(&'static [&'static str]),
}

impl Origins {
    /// Pages of the same host, and those that the application allows at run time.
    pub const OWN: Self = Self::Only(&["same", "configured"]);

    /// Whether a request may open the socket.
    pub(crate) fn allow(
        self,
        uri: &Uri,
        headers: &HeaderMap,
        proxy: Option<Proxy>,
        configured: &Allowed,
    ) -> bool {
        if self == Self::Any || !headers.contains_key(header::ORIGIN) {
            return true;
        }
        let Some(origin) = only_value(headers, header::ORIGIN).and_then(Origin::parse) else {
            return false;
        };
        let is_same = || match &origin {
            Origin::Page(page) => is_same(page, uri, headers, proxy).unwrap_or(false),
            Origin::Null => false,
        };
        match self {
            Self::Any => true,
            Self::Same => is_same(),
            Self::Only(allowed) => allowed.iter().any(|allowed| match *allowed {
                "same" => is_same(),
                "configured" => configured.allows_origin(&origin),
                allowed => origin.matches(allowed),
            }),
        }
    }
}

impl Default for Origins {
    fn default() -> Self {
        Self::OWN
    }
}

/// Whether a text names origins that [`AppState::allow_origins`](crate::AppState::allow_origins)
/// takes.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    Origin::is_entry(text)
}

/// Whether a page comes from where the client sent its request to. `None`: that is not known.
fn is_same(page: &Page, uri: &Uri, headers: &HeaderMap, proxy: Option<Proxy>) -> Option<bool> {
    let target = match proxy {
        Some(proxy) => proxy.original_target(headers)?,
        None => OriginalTarget::default(),
    };
    let authority = match &target.host {
        Some(host) => page.scheme.authority(host),
        None => page.scheme.authority(host(uri, headers)?),
    };
    let is_scheme = target.scheme.is_none_or(|scheme| scheme == page.scheme);
    // Other schemes have no server.
    let has_host = !matches!(page.scheme, origin::Scheme::Other(_));
    Some(has_host && is_scheme && authority? == page.authority)
}

/// The host that the client asked for: `:authority` in HTTP/2, `Host` in HTTP/1.1.
pub(crate) fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    match uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => only_value(headers, header::HOST),
    }
}

/// The value of a header that may occur only once.
fn only_value(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests;
