//! Which proxies are trusted.

use super::proxy::Proxy;
use crate::Network;
use axum::http::HeaderMap;
use std::net::SocketAddr;

/// A header that is trusted, and the proxies that are: made by [`Proxy::within`] and
/// [`Proxy::hops`].
#[derive(Clone, Debug)]
pub struct TrustedProxy {
    header: Proxy,
    /// `None`: every peer is a proxy.
    networks: Option<Vec<Network>>,
    hops: Option<usize>,
}

impl Proxy {
    /// Trusts this header only from proxies in these networks. In a list of clients, an element that is
    /// itself such a proxy has reported the element before it, and so on: the client is the last
    /// element that is not in these networks.
    ///
    /// A peer without an address, as over a Unix socket, is in none of them.
    #[must_use]
    pub fn within(self, networks: impl IntoIterator<Item = Network>) -> TrustedProxy {
        TrustedProxy::new(self).within(networks)
    }

    /// Trusts this many proxies in a row to have appended a client's address: the client is this
    /// element from the end. 1 by default, and unlimited [`within`](Proxy::within) networks.
    #[must_use]
    pub fn hops(self, count: usize) -> TrustedProxy {
        TrustedProxy::new(self).hops(count)
    }
}

impl TrustedProxy {
    const fn new(header: Proxy) -> Self {
        Self {
            header,
            networks: None,
            hops: None,
        }
    }

    /// As [`Proxy::within`].
    #[must_use]
    pub fn within(mut self, networks: impl IntoIterator<Item = Network>) -> Self {
        self.networks = Some(networks.into_iter().collect());
        self
    }

    /// As [`Proxy::hops`].
    #[must_use]
    pub fn hops(mut self, count: usize) -> Self {
        self.hops = Some(count);
        self
    }

    fn trusts(&self, peer: Option<SocketAddr>) -> bool {
        let Some(networks) = &self.networks else {
            return true;
        };
        peer.is_some_and(|peer| networks.iter().any(|network| network.contains(peer.ip())))
    }

    /// The client behind a peer.
    fn client(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<SocketAddr> {
        let unlimited = if self.networks.is_some() {
            usize::MAX
        } else {
            1
        };
        let mut client = peer;
        for reported in self
            .header
            .clients(headers)
            .into_iter()
            .take(self.hops.unwrap_or(unlimited))
        {
            // Only what a proxy says about its client counts.
            if !self.trusts(client) || reported.is_none() {
                break;
            }
            client = reported;
        }
        client
    }
}

impl From<Proxy> for TrustedProxy {
    fn from(header: Proxy) -> Self {
        Self::new(header)
    }
}

/// All headers that an application trusts.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustedProxies(Vec<TrustedProxy>);

impl TrustedProxies {
    /// Trusts one more. One for the same header is replaced.
    pub(crate) fn add(&mut self, proxy: TrustedProxy) {
        self.0.retain(|other| other.header != proxy.header);
        self.0.push(proxy);
    }

    /// The header that has the host that a client asked for.
    pub(crate) fn host(&self, peer: Option<SocketAddr>) -> Option<Proxy> {
        let last = self.0.iter().rfind(|proxy| proxy.header.has_host());
        last.filter(|proxy| proxy.trusts(peer))
            .map(|proxy| proxy.header)
    }

    /// The client behind a peer, which is the peer itself where no proxy reports another one.
    pub(crate) fn client(
        &self,
        peer: Option<SocketAddr>,
        headers: &HeaderMap,
    ) -> Option<SocketAddr> {
        let last = self.0.iter().rfind(|proxy| proxy.header.has_client());
        last.map_or(peer, |proxy| proxy.client(peer, headers))
    }
}

#[cfg(test)]
mod tests {
    use super::{Proxy, TrustedProxies, TrustedProxy};
    use axum::http::{HeaderMap, HeaderValue};

    /// The client that is found; the connection comes from 10.0.0.1.
    fn client(trusted: impl Into<TrustedProxy>, lines: &[&str]) -> String {
        let trusted = trusted.into();
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            headers.append(trusted.header.header(), line);
        }
        let mut proxies = TrustedProxies::default();
        proxies.add(trusted);
        let peer = "10.0.0.1:1000".parse().ok();
        proxies.client(peer, &headers).unwrap().to_string()
    }

    const PEER: &str = "10.0.0.1:1000";

    #[test]
    fn without_a_header_the_peer_counts() {
        for proxy in [
            Proxy::XForwardedFor,
            Proxy::Forwarded,
            Proxy::XForwardedHost,
        ] {
            assert_eq!(client(proxy, &[]), PEER);
        }
        // It says nothing about clients.
        assert_eq!(client(Proxy::XForwardedHost, &["192.0.2.1"]), PEER);
    }

    #[test]
    fn the_last_client_counts() {
        for (lines, expected) in [
            (&["192.0.2.1"][..], "192.0.2.1:0"),
            (&["6.6.6.6, 192.0.2.1"], "192.0.2.1:0"),
            (&["6.6.6.6", " 192.0.2.1 "], "192.0.2.1:0"),
            (&["junk,192.0.2.1:4321"], "192.0.2.1:4321"),
            (&["\u{e9}, 192.0.2.1"], "192.0.2.1:0"),
            (&["2001:db8::1"], "[2001:db8::1]:0"),
            (&["[2001:db8::1]"], "[2001:db8::1]:0"),
            (&["[2001:db8::1]:4321"], "[2001:db8::1]:4321"),
            (&["\"[2001:db8::1]:4321\""], "[2001:db8::1]:4321"),
            (&["::ffff:192.0.2.1"], "192.0.2.1:0"),
        ] {
            assert_eq!(client(Proxy::XForwardedFor, lines), expected, "{lines:?}");
        }
        for (lines, expected) in [
            (&["for=192.0.2.1"][..], "192.0.2.1:0"),
            (
                &["For=\"192.0.2.1:4321\";host=a;proto=https"],
                "192.0.2.1:4321",
            ),
            (
                &["for=\"[2001:db8:cafe::17]:4711\""],
                "[2001:db8:cafe::17]:4711",
            ),
            (&["for=\"[2001:db8::1]\""], "[2001:db8::1]:0"),
            (&["for=\"192.0.2.1:_port\""], "192.0.2.1:0"),
            (&["for=6.6.6.6, for=192.0.2.1;by=_b"], "192.0.2.1:0"),
            (
                &["for=\"6.6.6.6, for=7.7.7.7\"", "for=192.0.2.1"],
                "192.0.2.1:0",
            ),
        ] {
            assert_eq!(client(Proxy::Forwarded, lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_proxy_that_does_not_say_who_is_the_client() {
        for line in [
            "",
            "unknown",
            "6.6.6.6, unknown",
            "_hidden",
            "6.6.6.6,",
            "6.6.6.6, 192.0.2",
            "192.0.2.1.5",
            "[2001:db8::1",
            "[192.0.2.1]",
            "[2001:db8::1]4321",
            "example.com",
            "192.0.2.1 6.6.6.6",
            "6.6.6.6, \u{e9}",
        ] {
            assert_eq!(client(Proxy::XForwardedFor, &[line]), PEER, "{line}");
        }
        for line in [
            "",
            "for=unknown",
            "for=_hidden",
            "for=6.6.6.6, for=unknown",
            "for=6.6.6.6, host=a",
            "for=\"unknown:4321\"",
            "for=6.6.6.6;for=6.6.6.6",
            "for=\"",
            "for=6.6.6.6:80",
            "for=6.6.6.6,for=\"[::1\"",
        ] {
            assert_eq!(client(Proxy::Forwarded, &[line]), PEER, "{line}");
        }
    }

    #[test]
    fn several_proxies_in_a_row() {
        let lines = ["6.6.6.6, 192.0.2.1, 10.9.9.9"];
        for (hops, expected) in [
            (0, PEER),
            (1, "10.9.9.9:0"),
            (2, "192.0.2.1:0"),
            (3, "6.6.6.6:0"),
            (9, "6.6.6.6:0"),
        ] {
            let trusted = Proxy::XForwardedFor.hops(hops);
            assert_eq!(client(trusted, &lines), expected, "{hops}");
        }
        let elements = ["for=6.6.6.6, for=192.0.2.1, for=unknown"];
        assert_eq!(client(Proxy::Forwarded.hops(3), &elements), PEER);
    }

    #[test]
    fn only_proxies_in_the_networks_are_believed() {
        let within = |networks: &[&str]| {
            let networks = networks.iter().map(|network| network.parse().unwrap());
            Proxy::XForwardedFor.within(networks)
        };
        for (networks, line, expected) in [
            // A spoofed header from elsewhere.
            (&["172.16.0.0/12"][..], "6.6.6.6", PEER),
            (&[], "6.6.6.6", PEER),
            // The client spoofs the address of a proxy.
            (&["10.0.0.0/8"], "10.6.6.6, 192.0.2.1", "192.0.2.1:0"),
            (
                &["10.0.0.0/8"],
                "6.6.6.6, 192.0.2.1, 10.9.9.9:80",
                "192.0.2.1:0",
            ),
            (
                &["10.0.0.0/8", "192.0.2.0/24"],
                "6.6.6.6, 192.0.2.1, 10.9.9.9",
                "6.6.6.6:0",
            ),
            // Everybody is a proxy.
            (&["10.0.0.0/8"], "10.1.1.1, 10.2.2.2", "10.1.1.1:0"),
            (&["10.0.0.0/8"], "6.6.6.6, unknown, 10.9.9.9", "10.9.9.9:0"),
        ] {
            assert_eq!(
                client(within(networks), &[line]),
                expected,
                "{networks:?} {line}"
            );
        }
        // At most so many of them.
        let both = within(&["10.0.0.0/8"]).hops(1);
        assert_eq!(client(both, &["192.0.2.1, 10.9.9.9"]), "10.9.9.9:0");
    }

    #[test]
    fn a_host_from_an_untrusted_peer_does_not_count() {
        let mut proxies = TrustedProxies::default();
        proxies.add(Proxy::XForwardedHost.within(["10.0.0.0/8".parse().unwrap()]));
        proxies.add(Proxy::XForwardedFor.into());
        let host = |peer: &str| proxies.host(peer.parse().ok());
        assert_eq!(host(PEER), Some(Proxy::XForwardedHost));
        assert_eq!(host("192.0.2.1:1000"), None);
        assert_eq!(proxies.host(None), None);
        proxies.add(Proxy::XForwardedHost.into());
        assert_eq!(proxies.host(None), Some(Proxy::XForwardedHost));
    }
}
