//! How a client talks, apart from what it says.

use autumn_ws::Proxy;

/// The first byte of an input: how the client talks. The rest is what it says: HTTP/1.1 requests, and what follows on
/// the socket that the last of them opens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) ending: Ending,
    /// The request is read here and sent over HTTP/2, and what follows it as data of its stream.
    pub(super) http2: bool,
    /// It writes so many bytes at a time.
    pub(super) chunk: usize,
    /// So many bytes can be under way in each direction.
    pub(super) pipe: usize,
    /// Whom the application trusts.
    pub(super) proxy: Option<Proxy>,
}

/// What a client does when it has said everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It listens until the server closes.
    Silent,
    /// It closes its direction, and listens.
    HalfClosed,
    /// It is gone at once.
    Gone,
}

/// More than is ever under way: nobody has to wait for the other.
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
