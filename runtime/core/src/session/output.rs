//! What is queued on a connection.

use crate::{Bytes, Message};
use std::{collections::VecDeque, io::IoSlice, mem};

/// The most bytes that are copied together before some must leave.
const COPIED: usize = 16 * 1024;

/// The most bytes that wait before some must leave, shared payloads included.
const WAITING: usize = 64 * 1024;

/// A payload of this size or more is not copied.
const LARGE: usize = 1024;

/// The most room that an empty buffer keeps.
const SMALL: usize = 1024;

/// The most bytes of a payload in one frame. Clients limit frames to 16 MiB or less, beside messages.
const FRAME: usize = 4 * 1024 * 1024;

/// The most parts that are passed to the operating system at once.
pub(super) const PARTS: usize = 32;

/// The bit of a frame that ends its message.
const FINAL: u8 = 0x80;

/// Frames (RFC 6455, 5.2) in the order in which they leave.
///
/// Small ones are copied together, so that a burst of them leaves as one slice. The payloads of large
/// ones are shared with other connections that send them.
#[derive(Default)]
pub(super) struct Output {
    /// What leaves before the tail.
    parts: VecDeque<Bytes>,
    tail: Vec<u8>,
    /// How much of the first part, or of the tail if there is none, has left.
    gone: usize,
    /// How many bytes wait.
    len: usize,
}

impl Output {
    /// Adds a data message: one frame, or fragments (RFC 6455, 5.4) if it is long. The library writes
    /// all other messages.
    pub(super) fn push(&mut self, message: Message) {
        const CONTINUATION: u8 = 0;
        let (mut opcode, mut payload) = match message {
            Message::Text(text) => (1, Bytes::from(text)),
            Message::Binary(bytes) => (2, bytes),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return,
        };
        while payload.len() > FRAME {
            let fragment = payload.split_to(FRAME);
            self.push_frame(opcode, fragment);
            opcode = CONTINUATION;
        }
        self.push_frame(FINAL | opcode, payload);
    }

    /// Adds a frame. `first` is its final bit and its opcode.
    fn push_frame(&mut self, first: u8, payload: Bytes) {
        self.push_header(first, payload.len());
        if payload.len() < LARGE {
            self.push_bytes(&payload);
        } else {
            self.len += payload.len();
            self.parts.push_back(mem::take(&mut self.tail).into());
            self.parts.push_back(payload);
        }
    }

    /// Adds bytes that are whole frames.
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) {
        self.tail.extend_from_slice(bytes);
        self.len += bytes.len();
    }

    fn push_header(&mut self, first: u8, len: usize) {
        if let Ok(len @ ..126) = u8::try_from(len) {
            self.push_bytes(&[first, len]);
        } else if let Ok(len) = u16::try_from(len) {
            let [a, b] = len.to_be_bytes();
            self.push_bytes(&[first, 126, a, b]);
        } else {
            self.push_bytes(&[first, 127]);
            self.push_bytes(&(len as u64).to_be_bytes());
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether more may be added before something has left.
    pub(super) fn has_room(&self) -> bool {
        self.len < WAITING && self.tail.len() < COPIED
    }

    /// Everything that is queued, if that is one part.
    pub(super) fn only_slice(&self) -> Option<&[u8]> {
        self.parts.is_empty().then(|| self.tail.get(self.gone..))?
    }

    /// The next parts to leave.
    pub(super) fn slices<'a>(&'a self, room: &'a mut [IoSlice<'a>; PARTS]) -> &'a [IoSlice<'a>] {
        let parts = self.parts.iter().map(|part| &**part);
        let mut skip = self.gone;
        let mut count = 0;
        for (place, part) in room.iter_mut().zip(parts.chain([&*self.tail])) {
            *place = IoSlice::new(part.get(skip..).unwrap_or_default());
            skip = 0;
            count += 1;
        }
        room.get(..count).unwrap_or_default()
    }

    /// Notes that `count` bytes have left.
    pub(super) fn advance(&mut self, count: usize) {
        self.len = self.len.saturating_sub(count);
        self.gone += count;
        while let Some(first) = self.parts.front()
            && self.gone >= first.len()
        {
            self.gone -= first.len();
            self.parts.pop_front();
        }
        if self.len == 0 {
            self.release();
        }
    }

    /// Everything has left: gives memory back, since most connections are idle.
    fn release(&mut self) {
        self.gone = 0;
        self.tail.clear();
        if self.tail.capacity() > SMALL {
            self.tail = Vec::new();
        }
        if self.parts.capacity() > 0 {
            self.parts = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FRAME, Output, PARTS, SMALL, WAITING};
    use crate::{Bytes, Message};
    use std::io::IoSlice;

    /// What leaves, at most `step` bytes at a time.
    fn drain(output: &mut Output, step: usize) -> Vec<u8> {
        let mut all = Vec::new();
        while !output.is_empty() {
            let mut room = [IoSlice::new(&[]); PARTS];
            let parts = output.slices(&mut room);
            let next: Vec<u8> = parts.iter().flat_map(|part| part.to_vec()).collect();
            let count = next.len().min(step);
            all.extend_from_slice(&next[..count]);
            output.advance(count);
        }
        all
    }

    fn frames(sizes: &[usize], step: usize) -> Vec<u8> {
        let mut output = Output::default();
        for size in sizes {
            output.push(Message::binary(vec![b'x'; *size]));
        }
        drain(&mut output, step)
    }

    #[test]
    fn headers_state_the_length_of_the_payload() {
        assert_eq!(frames(&[0], 99), [0x82, 0]);
        assert_eq!(frames(&[125], 999)[..2], [0x82, 125]);
        assert_eq!(frames(&[126], 999)[..4], [0x82, 126, 0, 126]);
        assert_eq!(frames(&[65_535], 99_999)[..4], [0x82, 126, 255, 255]);
        let header = [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0];
        assert_eq!(frames(&[65_536], 99_999)[..10], header);
        let mut text = Output::default();
        text.push(Message::text("é"));
        assert_eq!(drain(&mut text, 1), [0x81, 2, 0xc3, 0xa9]);
    }

    #[test]
    fn a_long_message_leaves_in_fragments() {
        assert_eq!(frames(&[FRAME], usize::MAX)[..2], [0x82, 127]);
        let header = |first: u8, len: usize| {
            let mut header = vec![first, 127];
            header.extend((len as u64).to_be_bytes());
            header
        };
        let bytes = frames(&[2 * FRAME + 5], usize::MAX);
        let second = 10 + FRAME;
        let last = second + 10 + FRAME;
        assert_eq!(bytes[..10], header(0x02, FRAME));
        assert_eq!(bytes[second..second + 10], header(0x00, FRAME));
        assert_eq!(bytes[last..], [0x80, 5, b'x', b'x', b'x', b'x', b'x']);
    }

    #[test]
    fn bytes_leave_in_order_however_many_are_taken_at_once() {
        let sizes = [3, 5000, 0, 1024, 1023, 7, 70_000, 1];
        let whole = frames(&sizes, usize::MAX);
        for step in [61, 1000, 1024, 5004, 16_384] {
            assert!(frames(&sizes, step) == whole, "{step}");
        }
        let headers = 2 + 4 + 2 + 4 + 4 + 2 + 10 + 2;
        assert_eq!(whole.len(), sizes.iter().sum::<usize>() + headers);
    }

    #[test]
    fn many_parts_leave_in_several_turns() {
        let sizes = [2000; 3 * PARTS];
        assert_eq!(frames(&sizes, usize::MAX).len(), 2004 * sizes.len());
    }

    #[test]
    fn large_payloads_are_shared() {
        let payload = Bytes::from(vec![b'x'; 5000]);
        let mut output = Output::default();
        output.push(Message::Binary(payload.clone()));
        assert_eq!(output.parts[1].as_ptr(), payload.as_ptr());
    }

    #[test]
    fn room_is_limited_and_given_back() {
        let mut output = Output::default();
        let mut count = 0;
        while output.has_room() {
            output.push(Message::binary(vec![b'x'; 100]));
            count += 1;
        }
        assert!((160..170).contains(&count), "{count}");
        drain(&mut output, 1000);
        assert!(output.has_room());
        assert!(output.tail.capacity() <= SMALL && output.parts.capacity() == 0);
        output.push(Message::binary(vec![b'x'; WAITING]));
        assert!(!output.has_room());
    }
}
