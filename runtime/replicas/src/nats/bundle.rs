//! Several frames for one subject, in one message.
//!
//! A message costs JetStream about the same at any size, so what waits for the same subject goes
//! together.

use crate::wire::{Frame, FrameId, HEADER};
use autumn_ws_core::Bytes;
use bytes::Buf;
use std::ops::RangeInclusive;

/// Consecutive frames.
pub(super) struct Bundle {
    content: Vec<u8>,
    frames: usize,
    receipts: Option<RangeInclusive<u64>>,
}

/// The start of a message of more than one frame. A frame begins differently.
const MAGIC: [u8; 2] = [0xa7, b'B'];

/// The length of each frame, in front of it.
const LENGTH: usize = size_of::<u32>();

/// The size of a bundle: larger ones gain nothing.
const MOST: usize = 16 << 10;

impl Bundle {
    pub(super) fn new(frame: &Frame) -> Self {
        let mut content = Vec::with_capacity(MAGIC.len() + LENGTH + frame.len());
        content.extend(MAGIC);
        let mut bundle = Self {
            content,
            frames: 0,
            receipts: None,
        };
        bundle.put(frame);
        bundle
    }

    /// Adds a frame if there is room for it.
    pub(super) fn push(&mut self, frame: &Frame, most: usize) -> bool {
        let size = self.content.len() + LENGTH + frame.len();
        if size > MOST.min(most) {
            return false;
        }
        self.put(frame);
        true
    }

    fn put(&mut self, frame: &Frame) {
        // Frames are far smaller: JetStream takes 64 MiB at most.
        let length = u32::try_from(frame.len()).unwrap_or(u32::MAX);
        self.content.extend(length.to_be_bytes());
        for part in frame.parts() {
            self.content.extend_from_slice(part);
        }
        self.frames += 1;
        if let Some(last) = frame.receipt() {
            let first = self
                .receipts
                .as_ref()
                .map_or(last, |numbers| *numbers.start());
            self.receipts = Some(first..=last);
        }
    }

    /// The receipts that are wanted: there are no other frames with numbers between these.
    pub(super) fn receipts(&self) -> Option<&RangeInclusive<u64>> {
        self.receipts.as_ref()
    }

    /// The message. A single frame goes as it is.
    pub(super) fn into_bytes(self) -> Bytes {
        let mut bytes = Bytes::from(self.content);
        if self.frames == 1 {
            bytes.advance(MAGIC.len() + LENGTH);
        }
        bytes
    }
}

/// The frames of a message. A message that is not a bundle is one frame, whatever it is.
pub(super) enum Frames {
    One(Option<Bytes>),
    /// Each after its length.
    Several(Bytes),
}

impl Frames {
    pub(super) fn of(mut message: Bytes) -> Self {
        if message.starts_with(&MAGIC) {
            message.advance(MAGIC.len());
            Self::Several(message)
        } else {
            Self::One(Some(message))
        }
    }
}

impl Iterator for Frames {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        match self {
            Self::One(frame) => frame.take(),
            Self::Several(rest) if rest.is_empty() => None,
            Self::Several(rest) => {
                let mut frames = rest.clone();
                let length = frames.try_get_u32().unwrap_or_default();
                let length = usize::try_from(length).unwrap_or_default();
                if length < HEADER || length > frames.len() {
                    // The rest is not ours.
                    return Some(rest.split_off(0));
                }
                let frame = frames.split_to(length);
                *rest = frames;
                Some(frame)
            }
        }
    }
}

/// The sender and number of a message: those of its first frame.
pub(super) fn frame_id(message: &[u8]) -> Option<FrameId> {
    let frame = match message.strip_prefix(&MAGIC) {
        Some(bundle) => bundle.get(LENGTH..)?,
        None => message,
    };
    FrameId::of(frame)
}

#[cfg(test)]
mod tests {
    use super::{Bundle, Frames, LENGTH, MAGIC, MOST, frame_id};
    use crate::wire::{Frame, FrameId, HEADER, Kind};
    use autumn_ws_core::Bytes;

    fn frame(sequence: u64, payload: &[u8]) -> Frame {
        let id = FrameId {
            replica: 7,
            sequence,
        };
        Frame::new(Kind::Binary, id, Bytes::copy_from_slice(payload))
    }

    fn bundle(frames: &[Frame]) -> Bundle {
        let mut bundle = Bundle::new(&frames[0]);
        for frame in &frames[1..] {
            assert!(bundle.push(frame, usize::MAX));
        }
        bundle
    }

    #[test]
    fn a_bundle_is_split_into_its_frames() {
        for count in 1..4_u64 {
            let frames: Vec<_> = (0..count).map(|n| frame(n, &n.to_be_bytes())).collect();
            let message = bundle(&frames).into_bytes();
            assert_eq!(frame_id(&message).unwrap().sequence, 0);
            assert!(Frames::of(message).eq(frames.iter().map(Frame::to_bytes)));
        }
    }

    #[test]
    fn a_single_frame_stays_as_it_is() {
        let frame = frame(1, b"hello");
        assert_eq!(
            bundle(std::slice::from_ref(&frame)).into_bytes(),
            frame.to_bytes()
        );
    }

    #[test]
    fn a_bundle_is_small() {
        let mut bundle = Bundle::new(&frame(1, b""));
        let room = MOST - MAGIC.len() - 2 * (LENGTH + HEADER);
        assert!(!bundle.push(&frame(2, &vec![0; room + 1]), usize::MAX));
        assert!(!bundle.push(&frame(2, b""), 49));
        assert!(bundle.push(&frame(2, &vec![0; room]), usize::MAX));
        assert!(!bundle.push(&frame(3, b""), usize::MAX));
        // It has to go at any size.
        let large = frame(1, &vec![0; 2 * MOST]);
        assert_eq!(Bundle::new(&large).into_bytes(), large.to_bytes());
    }

    #[test]
    fn receipts_are_for_all_that_want_one() {
        let plain = || frame(1, b"");
        let wanting = |number| plain().with_receipt(number);
        for (frames, expected) in [
            (vec![plain(), plain()], None),
            (vec![wanting(4)], Some(4..=4)),
            (vec![plain(), wanting(5), plain(), wanting(7)], Some(5..=7)),
        ] {
            assert_eq!(bundle(&frames).receipts(), expected.as_ref());
        }
    }

    /// It is passed on, and ignored later.
    #[test]
    fn a_message_that_is_not_a_bundle_ends() {
        for message in [
            &b""[..],
            b"hello",
            b"\xa7B",
            b"\xa7B\0\0",
            b"\xa7B\0\0\0\0\0\0\0\0",
            b"\xa7B\xff\xff\xff\xff?",
        ] {
            assert!(Frames::of(Bytes::from_static(message)).count() <= 1);
            assert!(frame_id(message).is_none());
        }
    }
}
