//! WebSocket frames (RFC 6455, 5.2).

use std::fmt;

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Frame {
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    /// The code; `None` for an empty frame.
    Close(Option<u16>),
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, payload) = match self {
            Self::Text(payload) => ("text", payload),
            Self::Binary(payload) => ("binary", payload),
            Self::Ping(payload) => ("ping", payload),
            Self::Pong(payload) => ("pong", payload),
            Self::Close(code) => return write!(f, "close {code:?}"),
        };
        write!(f, "{name} {:?}", String::from_utf8_lossy(payload))
    }
}

/// The head of a frame, as read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) fin: bool,
    pub(super) reserved: u8,
    pub(super) opcode: u8,
    pub(super) mask: Option<[u8; 4]>,
    pub(super) length: u64,
    /// The length of the head itself.
    pub(super) size: usize,
}

impl Head {
    /// `None` if the head is incomplete.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [first, second, rest @ ..] = bytes else {
            return None;
        };
        let (length, rest) = match second & 0x7f {
            126 => {
                let (length, rest) = rest.split_first_chunk()?;
                (u16::from_be_bytes(*length).into(), rest)
            }
            127 => {
                let (length, rest) = rest.split_first_chunk()?;
                (u64::from_be_bytes(*length), rest)
            }
            short => (short.into(), rest),
        };
        let (mask, rest) = match second & 0x80 {
            0 => (None, rest),
            _ => rest
                .split_first_chunk()
                .map(|(mask, rest)| (Some(*mask), rest))?,
        };
        Some(Self {
            fin: first & 0x80 != 0,
            reserved: first & 0x70,
            opcode: first & 0x0f,
            mask,
            length,
            size: bytes.len() - rest.len(),
        })
    }

    pub(super) fn is_control(&self) -> bool {
        self.opcode & 0b1000 != 0
    }

    /// `None` if the payload is incomplete.
    pub(super) fn payload(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let end = usize::try_from(self.length).ok()?.checked_add(self.size)?;
        let payload = bytes.get(self.size..end)?;
        let mask = self.mask.unwrap_or_default();
        Some(
            payload
                .iter()
                .zip(mask.iter().cycle())
                .map(|(byte, mask)| byte ^ mask)
                .collect(),
        )
    }
}

/// Reads what a server sent, and panics if a server may not send it. The last frame may be
/// incomplete.
pub(super) fn read(mut bytes: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let Some(head) = Head::read(bytes) {
        assert!(
            !matches!(frames.last(), Some(Frame::Close(_))),
            "a frame after {frames:?}"
        );
        assert!(
            head.fin && head.reserved == 0 && head.mask.is_none(),
            "{head:?} after {frames:?}"
        );
        assert!(
            !head.is_control() || head.length <= 125,
            "{head:?} after {frames:?}"
        );
        let Some(payload) = head.payload(bytes) else {
            break;
        };
        bytes = &bytes[head.size + payload.len()..];
        frames.push(frame(head.opcode, payload));
    }
    frames
}

fn frame(opcode: u8, payload: Vec<u8>) -> Frame {
    match opcode {
        1 => {
            assert!(str::from_utf8(&payload).is_ok(), "text that is not UTF-8");
            Frame::Text(payload)
        }
        2 => Frame::Binary(payload),
        8 => {
            assert!(payload.len() != 1, "half a close code");
            let code = payload.split_first_chunk().map(|(code, reason)| {
                assert!(str::from_utf8(reason).is_ok(), "a reason that is not text");
                u16::from_be_bytes(*code)
            });
            assert!(code.is_none_or(may_be_sent), "{code:?} may not be sent");
            Frame::Close(code)
        }
        9 => Frame::Ping(payload),
        10 => Frame::Pong(payload),
        opcode => panic!("opcode {opcode}"),
    }
}

/// RFC 6455, 7.4, and what IANA has registered since.
pub(super) fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
