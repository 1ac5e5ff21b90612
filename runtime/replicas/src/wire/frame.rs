//! What travels: a header of fixed size, and the payload as it is.

use autumn_ws_core::{Bytes, CloseFrame, Message, Utf8Bytes};
use bytes::Buf;

/// A message in flight: a header of [`HEADER`] bytes, and the payload.
#[derive(Clone, Debug)]
pub struct Frame {
    header: [u8; HEADER],
    payload: Bytes,
    receipt: Option<u64>,
}

/// The bytes of a [`Frame`]'s header: four for what it is, eight for the sender, and eight for its
/// number.
pub const HEADER: usize = 20;

/// The sign of our frames. The [`VERSION`] and the [`Kind`] follow.
const MAGIC: [u8; 2] = [0xa7, b'W'];

/// The version of the header.
const VERSION: u8 = 1;

impl Frame {
    pub(crate) fn new(kind: Kind, id: FrameId, payload: Bytes) -> Self {
        let [a, b] = MAGIC;
        let mut header = [0; HEADER];
        let parts = [a, b, VERSION, kind as u8]
            .into_iter()
            .chain(id.replica.to_be_bytes())
            .chain(id.sequence.to_be_bytes());
        for (place, byte) in header.iter_mut().zip(parts) {
            *place = byte;
        }
        Self {
            header,
            payload,
            receipt: None,
        }
    }

    /// With a request for a receipt.
    pub(crate) fn with_receipt(self, number: u64) -> Self {
        Self {
            receipt: Some(number),
            ..self
        }
    }

    /// The number of the receipt that it wants, if any: pass it to
    /// [`Inbox::receipt`](crate::Inbox::receipt) when the server has taken it. Frames want none if
    /// the connection [has none](crate::Connection::has_receipts).
    #[must_use]
    pub const fn receipt(&self) -> Option<u64> {
        self.receipt
    }

    /// Its content in two parts, which saves a copy.
    #[must_use]
    pub fn parts(&self) -> [&[u8]; 2] {
        [&self.header, &self.payload]
    }

    /// Its length in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub const fn len(&self) -> usize {
        HEADER + self.payload.len()
    }

    /// Its content in one part.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        self.parts().concat().into()
    }
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// A text message.
    Text = 1,
    /// A binary message.
    Binary = 2,
    /// Messages on this channel may be missing.
    Gap = 3,
    /// Only a sign of life.
    Probe = 4,
    /// The end of the sessions that listen to this channel: the payload of a close frame. Replicas
    /// that do not know it ignore it.
    Close = 5,
}

impl Kind {
    fn from_byte(byte: u8) -> Option<Self> {
        [
            Self::Text,
            Self::Binary,
            Self::Gap,
            Self::Probe,
            Self::Close,
        ]
        .into_iter()
        .find(|kind| *kind as u8 == byte)
    }
}

/// The replica that sent a frame, and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameId {
    /// A number that is different for each start of a process.
    pub(crate) replica: u64,
    /// Counts the replica's frames. The upper half counts its connections.
    pub(crate) sequence: u64,
}

/// The bits of a sequence number that count the frames of one connection.
const CONNECTION: u32 = u64::BITS / 2;

/// Where the sequence numbers of a connection begin, after these of the one before.
pub(crate) const fn next_connection(next: u64) -> u64 {
    next.next_multiple_of(1 << CONNECTION)
}

/// A received frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) kind: Kind,
    pub(crate) id: FrameId,
    payload: Bytes,
}

/// Why a frame is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotOurs {
    /// It is not from a replica.
    Stranger,
    /// It is from a replica with a newer version.
    Newer,
}

impl Received {
    /// The frame, if it is ours.
    pub(crate) fn parse(mut bytes: Bytes) -> Result<Self, NotOurs> {
        let header = bytes.first_chunk().ok_or(NotOurs::Stranger)?;
        let (kind, id) = parse_header(header)?;
        // The rest stays where it is.
        bytes.advance(HEADER);
        let payload = bytes;
        Ok(Self { kind, id, payload })
    }

    /// The length of its payload in bytes.
    pub(crate) const fn len(&self) -> usize {
        self.payload.len()
    }

    /// The message, if it is one. Text that is not UTF-8 is not a message.
    pub(crate) fn into_message(self) -> Option<Message> {
        match self.kind {
            Kind::Text => Utf8Bytes::try_from(self.payload).ok().map(Message::Text),
            Kind::Binary => Some(Message::Binary(self.payload)),
            Kind::Close => close_frame(self.payload).map(|frame| Message::Close(Some(frame))),
            Kind::Gap | Kind::Probe => None,
        }
    }
}

fn parse_header(header: &[u8; HEADER]) -> Result<(Kind, FrameId), NotOurs> {
    let [a, b, version, kind, rest @ ..] = header;
    if [*a, *b] != MAGIC {
        return Err(NotOurs::Stranger);
    }
    if *version > VERSION {
        return Err(NotOurs::Newer);
    }
    let kind = Kind::from_byte(*kind).filter(|_| *version == VERSION);
    let kind = kind.ok_or(NotOurs::Stranger)?;
    Ok((kind, FrameId::parse(rest)))
}

impl FrameId {
    /// The connection of the replica on which it was sent. Later ones have higher numbers.
    pub(crate) const fn connection(self) -> u64 {
        self.sequence >> CONNECTION
    }

    /// The replica and number of a frame, if it is from a replica.
    #[cfg(feature = "nats")]
    pub(crate) fn of(frame: &[u8]) -> Option<Self> {
        let (_, id) = parse_header(frame.first_chunk()?).ok()?;
        Some(id)
    }

    fn parse(bytes: &[u8; HEADER - 4]) -> Self {
        let bytes = u128::from_be_bytes(*bytes);
        #[expect(clippy::cast_possible_truncation, reason = "it is two numbers")]
        Self {
            replica: (bytes >> 64) as u64,
            sequence: bytes as u64,
        }
    }
}

/// The close frame with this payload (RFC 6455, 5.5.1).
fn close_frame(mut payload: Bytes) -> Option<CloseFrame> {
    let code = payload.try_get_u16().ok()?;
    let reason = Utf8Bytes::try_from(payload).ok()?;
    Some(CloseFrame { code, reason })
}

/// The kind and payload of a message. Pings and pongs do not travel.
pub(crate) fn content(message: Message) -> (Kind, Bytes) {
    match message {
        Message::Text(text) => (Kind::Text, Bytes::from(text)),
        Message::Binary(bytes) => (Kind::Binary, bytes),
        Message::Close(Some(CloseFrame { code, reason })) => {
            let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
            (Kind::Close, payload.into())
        }
        Message::Ping(_) | Message::Pong(_) | Message::Close(None) => (Kind::Probe, Bytes::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, FrameId, HEADER, Kind, NotOurs, Received, content};
    use autumn_ws_core::{Bytes, CloseFrame, Message};

    const ID: FrameId = FrameId {
        replica: 0x0102_0304_0506_0708,
        sequence: 9,
    };

    fn sent(message: &Message) -> Bytes {
        let (kind, payload) = content(message.clone());
        Frame::new(kind, ID, payload).to_bytes()
    }

    #[test]
    fn the_layout_is_fixed() {
        let expected = b"\xa7W\x01\x01\x01\x02\x03\x04\x05\x06\x07\x08\0\0\0\0\0\0\0\x09hi";
        assert_eq!(sent(&Message::text("hi"))[..], expected[..]);
    }

    #[test]
    fn sent_frames_are_received() {
        for message in [
            Message::text(""),
            Message::text("é"),
            Message::binary(vec![0, 255, b'\r', b'\n']),
            Message::Close(Some(CloseFrame {
                code: 4401,
                reason: "signed out".into(),
            })),
        ] {
            let received = Received::parse(sent(&message)).unwrap();
            assert_eq!(received.id, ID);
            assert_eq!(received.into_message(), Some(message));
        }
        for kind in [Kind::Gap, Kind::Probe] {
            let frame = Frame::new(kind, ID, Bytes::new());
            assert_eq!(frame.len(), HEADER);
            let received = Received::parse(frame.to_bytes()).unwrap();
            assert_eq!(received.kind, kind);
            assert_eq!(received.into_message(), None);
        }
    }

    #[test]
    fn foreign_frames_are_ignored() {
        let good = sent(&Message::text("hi")).to_vec();
        for length in 0..HEADER {
            let received = Received::parse(good[..length].to_vec().into());
            assert_eq!(received, Err(NotOurs::Stranger));
        }
        let changed = |place: usize, byte| {
            let mut changed = good.clone();
            changed[place] = byte;
            Received::parse(changed.into())
        };
        // A different sign, no version, unknown kinds.
        for (place, byte) in [(0, 0), (1, b'w'), (2, 0), (3, 0), (3, 6), (3, 255)] {
            assert_eq!(changed(place, byte), Err(NotOurs::Stranger));
        }
        assert_eq!(changed(2, 2), Err(NotOurs::Newer));
    }

    #[test]
    fn text_is_text() {
        let mut bad = sent(&Message::text("hi")).to_vec();
        bad[HEADER] = 0xff;
        let received = Received::parse(bad.into()).unwrap();
        assert_eq!(received.into_message(), None);
    }
}
