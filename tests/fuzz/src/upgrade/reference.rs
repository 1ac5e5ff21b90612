//! What a server answers that follows RFC 6455 exactly, and what the spec adds.

use super::{
    frames::{Frame, Head, may_be_sent},
    rules::Rules,
    shape::{Ending, Shape},
};

/// The answer to everything that a client sent.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The echoed text and binary messages.
    messages: Vec<Frame>,
    pongs: Vec<Frame>,
    /// The close codes with which it may end; `None` stands for no close frame. Empty: any end.
    ends: Vec<Option<Option<u16>>>,
    /// Whether every message must be echoed: nothing that came later ended the socket, or each was
    /// answered at once.
    is_complete: bool,
}

const PROTOCOL: u16 = 1002;
const KIND: u16 = 1003;
const UTF8: u16 = 1007;
const SIZE: u16 = 1009;
const IDLE: u16 = 1001;

/// The answer to what a client sent on an open socket.
pub(super) fn answer(said: &[u8], rules: Rules, shape: &Shape) -> Answer {
    let mut reader = Reader {
        rules,
        message: None,
        answer: Answer::default(),
    };
    let mut rest = said;
    let (ends, is_complete) = loop {
        match reader.frame(rest) {
            Step::Next(size) => rest = &rest[size..],
            Step::End(ends) => {
                let ends = ends.into_iter().map(Some).collect();
                break (ends, rules.is_direct && shape.is_wide());
            }
            Step::Starved(faults) => {
                let is_complete = faults.is_empty() && shape.ending == Ending::Silent;
                break (starved(shape.ending, &faults), is_complete);
            }
        }
    };
    Answer {
        ends,
        is_complete,
        ..reader.answer
    }
}

/// How it ends if a client stops in the middle. A mistake may be noticed before the frame is
/// complete.
fn starved(ending: Ending, faults: &[u16]) -> Vec<Option<Option<u16>>> {
    let seen = faults.iter().map(|code| Some(Some(*code)));
    match ending {
        Ending::Silent => seen.chain([Some(Some(IDLE))]).collect(),
        Ending::HalfClosed => seen.chain([None, Some(Some(IDLE))]).collect(),
        Ending::Gone => Vec::new(),
    }
}

enum Step {
    /// A frame of this many bytes was read.
    Next(usize),
    /// The socket closes with one of these codes.
    End(Vec<Option<u16>>),
    /// The frame is incomplete, but may already contain a mistake.
    Starved(Vec<u16>),
}

struct Reader {
    rules: Rules,
    /// Fragments so far, and whether they are text.
    message: Option<(bool, Vec<u8>)>,
    answer: Answer,
}

impl Reader {
    fn frame(&mut self, bytes: &[u8]) -> Step {
        let Some(head) = Head::read(bytes) else {
            // These bits are wrong, whatever the rest of the head is.
            let is_wrong = bytes
                .first()
                .is_some_and(|first| first & 0x70 != 0 || is_reserved(first & 0x0f));
            return Step::Starved(if is_wrong { vec![PROTOCOL] } else { Vec::new() });
        };
        let mut faults = self.faults(&head);
        if self.is_too_big(head.length) {
            faults.push(SIZE);
            return fail(&faults);
        }
        let Some(payload) = head.payload(bytes) else {
            return Step::Starved(faults);
        };
        if !faults.is_empty() {
            return fail(&faults);
        }
        let size = head.size + payload.len();
        let ends = match head.opcode {
            8 => Some(close(&payload)),
            9 => {
                self.answer.pongs.push(Frame::Pong(payload));
                None
            }
            10 => None,
            _ => self.fragment(&head, payload),
        };
        ends.map_or(Step::Next(size), Step::End)
    }

    /// What is wrong with a frame, by its head.
    fn faults(&self, head: &Head) -> Vec<u16> {
        let is_wrong = head.reserved != 0
            || is_reserved(head.opcode)
            || head.mask.is_none()
            || (head.is_control() && (!head.fin || head.length > 125))
            || (head.opcode == 0 && self.message.is_none())
            || (matches!(head.opcode, 1 | 2) && self.message.is_some());
        if is_wrong { vec![PROTOCOL] } else { Vec::new() }
    }

    fn is_too_big(&self, length: u64) -> bool {
        length > self.rules.message_size as u64
    }

    fn fragment(&mut self, head: &Head, payload: Vec<u8>) -> Option<Vec<Option<u16>>> {
        let (is_text, mut message) = self
            .message
            .take()
            .unwrap_or((head.opcode == 1, Vec::new()));
        message.extend(payload);
        let mut faults = Vec::new();
        if self.is_too_big(message.len() as u64) {
            faults.push(Some(SIZE));
        }
        if is_text && !may_be_text(&message, head.fin) {
            faults.push(Some(UTF8));
        }
        if !faults.is_empty() {
            return Some(faults);
        }
        if !head.fin {
            self.message = Some((is_text, message));
            return None;
        }
        let is_taken = if is_text {
            self.rules.text
        } else {
            self.rules.binary
        };
        if !is_taken {
            return Some(vec![Some(KIND)]);
        }
        let message = if is_text {
            Frame::Text(message)
        } else {
            Frame::Binary(message)
        };
        self.answer.messages.push(message);
        None
    }
}

fn fail(faults: &[u16]) -> Step {
    Step::End(faults.iter().map(|code| Some(*code)).collect())
}

fn is_reserved(opcode: u8) -> bool {
    matches!(opcode, 3..=7 | 11..)
}

/// How a close frame is answered.
fn close(payload: &[u8]) -> Vec<Option<u16>> {
    let Some((code, reason)) = payload.split_first_chunk() else {
        return vec![if payload.is_empty() {
            None
        } else {
            Some(PROTOCOL)
        }];
    };
    let code = u16::from_be_bytes(*code);
    match (may_be_sent(code), str::from_utf8(reason)) {
        // Registered after the RFC, so some libraries do not know them.
        (true, Ok(_)) if code == 1014 => vec![Some(code), Some(PROTOCOL)],
        (true, Ok(_)) => vec![Some(code)],
        (false, Ok(_)) => vec![Some(PROTOCOL)],
        (true, Err(_)) => vec![Some(UTF8)],
        (false, Err(_)) => vec![Some(UTF8), Some(PROTOCOL)],
    }
}

/// Whether this is text, or may become text if more follows.
fn may_be_text(bytes: &[u8], is_complete: bool) -> bool {
    match str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => !is_complete && error.error_len().is_none(),
    }
}

impl Answer {
    /// Panics if the server answered differently.
    pub(super) fn check(&self, answered: &[Frame], shape: &Shape) {
        if shape.ending == Ending::Gone {
            return;
        }
        self.check_messages(answered);
        self.check_pongs(answered);
        let last = answered.last().and_then(|frame| match frame {
            Frame::Close(code) => Some(*code),
            _ => None,
        });
        assert!(
            self.ends.contains(&last),
            "{answered:?} instead of {self:?}"
        );
    }

    fn check_messages(&self, answered: &[Frame]) {
        let messages: Vec<&Frame> = answered
            .iter()
            .filter(|frame| matches!(frame, Frame::Text(_) | Frame::Binary(_)))
            .collect();
        let expected: Vec<&Frame> = self.messages.iter().collect();
        let is_right = if self.is_complete {
            expected == messages
        } else {
            expected.starts_with(&messages)
        };
        assert!(is_right, "{answered:?} instead of {self:?}");
    }

    /// Pings that arrive together may be answered with one pong to the last of them.
    fn check_pongs(&self, answered: &[Frame]) {
        let mut expected = self.pongs.iter();
        for pong in answered
            .iter()
            .filter(|frame| matches!(frame, Frame::Pong(_)))
        {
            assert!(
                expected.any(|expected| expected == pong),
                "{answered:?} instead of {self:?}"
            );
        }
    }
}
