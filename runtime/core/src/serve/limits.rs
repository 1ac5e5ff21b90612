//! How long a server waits.

use std::time::Duration;

/// How long a server waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For the head of a request: of the first one from the beginning of the connection, and over
    /// HTTP/1.1 of each further one from its first byte.
    pub(crate) header: Duration,
    /// Over HTTP/1.1, for the next request.
    pub(crate) keep_alive: Duration,
    /// Over HTTP/2, before it pings a silent client.
    pub(crate) ping: Duration,
    /// For the answer to a ping.
    pub(crate) pong: Duration,
    /// For load balancers to notice the shutdown, before it closes its port.
    pub(crate) linger: Duration,
    /// For the first requests on connections that were accepted just before that, and for heads of
    /// which a part has arrived.
    pub(crate) settle: Duration,
    /// For requests under way, from the beginning of the shutdown.
    pub(crate) requests: Duration,
    /// For requests under way, at least, when the sessions are gone.
    pub(crate) last_requests: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(30),
            // Longer than any load balancer keeps a connection that it does not use.
            keep_alive: Duration::from_secs(620),
            ping: Duration::from_secs(20),
            pong: Duration::from_secs(20),
            linger: Duration::ZERO,
            settle: Duration::from_secs(1),
            requests: Duration::from_secs(10),
            last_requests: Duration::from_secs(1),
        }
    }
}
