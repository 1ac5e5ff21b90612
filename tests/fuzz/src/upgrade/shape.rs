//! How a client talks, apart from what it says.

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
        let ending = match first & 0b11 {
            0 | 1 => Ending::Silent,
            2 => Ending::HalfClosed,
            _ => Ending::Gone,
        };
        let shape = Self {
            ending,
            http2: first & 0b100 != 0,
            chunk: [WIDE, 1, 7, 64][usize::from(first >> 3 & 0b11)],
            pipe: [WIDE, WIDE, 64, 1024][usize::from(first >> 5 & 0b11)],
        };
        Some((shape, said))
    }

    /// Whether the server can always send, so that it never reads ahead of its answers.
    pub(super) fn is_wide(&self) -> bool {
        self.pipe == WIDE
    }
}
