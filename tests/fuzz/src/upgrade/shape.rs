//! How a client sends its bytes.

use autumn_ws::Proxy;

/// The first byte of an input: how the client sends. The rest is what it sends: HTTP/1.1 requests,
/// and what follows on the socket that the last of them opens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) ending: Ending,
    /// The request is sent over HTTP/2, and what follows it as data of its stream.
    pub(super) http2: bool,
    /// It writes this many bytes at a time.
    pub(super) chunk: usize,
    /// The buffer of each direction, in bytes.
    pub(super) pipe: usize,
    /// The proxy header that the application trusts.
    pub(super) proxy: Option<Proxy>,
}

/// What a client does after its last byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It reads until the server closes.
    Silent,
    /// It closes its direction, and reads on.
    HalfClosed,
    /// It disconnects at once.
    Gone,
}

/// More than is ever in flight: neither side has to wait for the other.
const WIDE: usize = 1024 * 1024;

impl Shape {
    pub(super) fn read(input: &[u8]) -> Option<(Self, &[u8])> {
        let (first, said) = input.split_first()?;
        let mut first = usize::from(*first);
        let mut one_of = |count: usize| {
            let choice = first % count;
            first /= count;
            choice
        };
        let shape = Self {
            ending: [Ending::Silent, Ending::HalfClosed, Ending::Gone][one_of(3)],
            http2: one_of(2) == 1,
            chunk: [WIDE, 1, 7][one_of(3)],
            pipe: [WIDE, 64, 1024][one_of(3)],
            proxy: [None, Some(Proxy::XForwardedHost), Some(Proxy::Forwarded)][one_of(3)],
        };
        Some((shape, said))
    }

    /// Whether the server can always send, so that it never reads ahead of its answers.
    pub(super) fn is_wide(&self) -> bool {
        self.pipe == WIDE
    }
}
