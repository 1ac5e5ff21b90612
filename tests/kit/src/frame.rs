//! Frames (RFC 6455, 5.2), byte by byte.

use std::fmt;

/// The next part of a message.
pub const CONTINUATION: u8 = 0x0;
/// A text message.
pub const TEXT: u8 = 0x1;
/// A binary message.
pub const BINARY: u8 = 0x2;
/// The end of a session.
pub const CLOSE: u8 = 0x8;
/// A ping.
pub const PING: u8 = 0x9;
/// A pong.
pub const PONG: u8 = 0xa;

/// The last frame of a message.
pub const FIN: u8 = 0x80;

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// The final bit, the reserved bits and the opcode.
    pub first: u8,
    /// What it carries.
    pub payload: Vec<u8>,
}

impl Frame {
    /// The only or last frame of a message.
    pub fn new(opcode: u8, payload: impl Into<Vec<u8>>) -> Self {
        Self::raw(FIN | opcode, payload)
    }

    /// A frame that is not the last of its message.
    pub fn part(opcode: u8, payload: impl Into<Vec<u8>>) -> Self {
        Self::raw(opcode, payload)
    }

    /// A frame with any first byte.
    pub fn raw(first: u8, payload: impl Into<Vec<u8>>) -> Self {
        let payload = payload.into();
        Self { first, payload }
    }

    /// A text message.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(TEXT, text.into())
    }

    /// A close frame.
    pub fn close(code: u16, reason: &str) -> Self {
        let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
        Self::new(CLOSE, payload)
    }

    /// Its opcode.
    pub fn opcode(&self) -> u8 {
        self.first & 0x0f
    }

    /// The number that the message begins with.
    pub fn number(&self) -> u64 {
        assert_eq!(self.opcode(), TEXT, "{self:?}");
        let text = std::str::from_utf8(&self.payload).unwrap();
        text.trim_end().parse().unwrap()
    }

    /// The bytes that a client sends for it.
    pub fn masked(&self) -> Vec<u8> {
        let mut bytes = self.head(0x80);
        bytes.extend(MASK);
        let mask = MASK.iter().cycle();
        bytes.extend(
            self.payload
                .iter()
                .zip(mask)
                .map(|(byte, mask)| byte ^ mask),
        );
        bytes
    }

    /// The same without a mask, which a client must not send.
    pub fn unmasked(&self) -> Vec<u8> {
        let mut bytes = self.head(0);
        bytes.extend(&self.payload);
        bytes
    }

    fn head(&self, mask: u8) -> Vec<u8> {
        let length = self.payload.len();
        let mut head = vec![self.first];
        if let Ok(short @ ..126) = u8::try_from(length) {
            head.push(mask | short);
        } else if let Ok(length) = u16::try_from(length) {
            head.push(mask | 0x7e);
            head.extend(length.to_be_bytes());
        } else {
            head.push(mask | 0x7f);
            head.extend((length as u64).to_be_bytes());
        }
        head
    }

    /// The server's frame at the beginning of these bytes, once it is complete, and its length. It
    /// must be valid for a server: not masked, without reserved bits, in its shortest form.
    pub fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        let (&first, &second) = (bytes.first()?, bytes.get(1)?);
        assert!(first & 0x70 == 0, "reserved bits: {first:#x}");
        assert!(second & 0x80 == 0, "a masked frame");
        let (head, length) = match second {
            126 => {
                let length = u16::from_be_bytes(bytes.get(2..4)?.try_into().unwrap());
                assert!(length > 125, "not the shortest form of {length}");
                (4, usize::from(length))
            }
            127 => {
                let length = u64::from_be_bytes(bytes.get(2..10)?.try_into().unwrap());
                assert!(length > 65_535, "not the shortest form of {length}");
                (10, usize::try_from(length).unwrap())
            }
            short => (2, usize::from(short)),
        };
        let is_control = first & 0x08 != 0;
        assert!(
            !is_control || (first & FIN != 0 && length < 126),
            "a control frame {first:#x} of {length}"
        );
        let payload = bytes.get(head..head + length)?;
        Some((Self::raw(first, payload), head + length))
    }
}

/// Shortened: a message may have megabytes.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, payload } = self;
        let shown = &payload[..payload.len().min(130)];
        write!(
            f,
            "{first:#04x} of {}: \"{}\"",
            payload.len(),
            shown.escape_ascii()
        )
    }
}
