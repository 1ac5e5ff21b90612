//! Frames from the server to the client.

use super::{
    Opcode, frame,
    frame::{LONG, MEDIUM},
};
use anyhow::{Result, bail, ensure};

/// Counts the messages that a server sends, and parses no more of them than it must.
#[derive(Debug, Default)]
pub struct Incoming {
    /// The beginning of a header whose rest has yet to come.
    partial: Vec<u8>,
    current: Option<Current>,
}

/// A frame whose payload has yet to come in full.
#[derive(Debug)]
struct Current {
    opcode: Opcode,
    missing: u64,
    /// The payload of a control frame.
    payload: Vec<u8>,
}

/// The beginning of a frame.
struct Header {
    opcode: Opcode,
    payload: u64,
    /// Its own length, in bytes.
    length: usize,
}

impl Incoming {
    /// Reads more bytes, and returns how many messages they complete, all of `size` bytes. Adds the
    /// frames to send back to `answers`.
    pub fn read(&mut self, mut bytes: &[u8], size: usize, answers: &mut Vec<u8>) -> Result<usize> {
        let mut messages = 0;
        while !bytes.is_empty() {
            match self.current.take() {
                Some(current) => {
                    let (payload, rest) = current.split(bytes);
                    bytes = rest;
                    messages += self.go_on(current, payload, answers)?;
                }
                None => bytes = self.begin(bytes, size as u64)?,
            }
            // A frame without payload ends here.
            if self.current.as_ref().is_some_and(|it| it.missing == 0)
                && let Some(current) = self.current.take()
            {
                messages += self.go_on(current, &[], answers)?;
            }
        }
        Ok(messages)
    }

    /// Reads a header, and returns what is after it.
    fn begin<'a>(&mut self, bytes: &'a [u8], size: u64) -> Result<&'a [u8]> {
        if self.partial.is_empty()
            && let Some(header) = Header::parse(bytes)?
        {
            self.current = Some(Current::of(&header, size)?);
            return Ok(bytes.get(header.length..).unwrap_or_default());
        }
        for (index, byte) in bytes.iter().enumerate() {
            self.partial.push(*byte);
            if let Some(header) = Header::parse(&self.partial)? {
                self.partial.clear();
                self.current = Some(Current::of(&header, size)?);
                return Ok(bytes.get(index + 1..).unwrap_or_default());
            }
        }
        Ok(&[])
    }

    /// Takes a part of the payload, and returns whether it completes a message.
    fn go_on(
        &mut self,
        mut current: Current,
        payload: &[u8],
        answers: &mut Vec<u8>,
    ) -> Result<usize> {
        current.missing -= payload.len() as u64;
        let is_message = matches!(current.opcode, Opcode::Text | Opcode::Binary);
        if !is_message {
            current.payload.extend(payload);
        }
        if current.missing > 0 {
            self.current = Some(current);
            return Ok(0);
        }
        match current.opcode {
            Opcode::Text | Opcode::Binary | Opcode::Pong => {}
            Opcode::Ping => answers.extend(frame(Opcode::Pong, &current.payload)),
            Opcode::Close => bail!("the server closed: {}", reason(&current.payload)),
        }
        Ok(usize::from(is_message))
    }
}

impl Current {
    fn of(header: &Header, size: u64) -> Result<Self> {
        let is_message = matches!(header.opcode, Opcode::Text | Opcode::Binary);
        ensure!(
            !is_message || header.payload == size,
            "a message of {} bytes instead of {size}",
            header.payload
        );
        Ok(Self {
            opcode: header.opcode,
            missing: header.payload,
            payload: Vec::new(),
        })
    }

    /// What belongs to this frame, and what is after it.
    fn split<'a>(&self, bytes: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        let missing = usize::try_from(self.missing).unwrap_or(usize::MAX);
        bytes.split_at(missing.min(bytes.len()))
    }
}

impl Header {
    /// Reads the beginning of a frame. `None` if there is too little of it.
    fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        let [first, second, rest @ ..] = bytes else {
            return Ok(None);
        };
        let (payload, length) = match second {
            &MEDIUM => match rest.first_chunk() {
                Some(length) => (u64::from(u16::from_be_bytes(*length)), 4),
                None => return Ok(None),
            },
            &LONG => match rest.first_chunk() {
                Some(length) => (u64::from_be_bytes(*length), 10),
                None => return Ok(None),
            },
            0..MEDIUM => (u64::from(*second), 2),
            128.. => bail!("a masked frame"),
        };
        let opcode = Opcode::of(*first).filter(|_| first & 0xf0 == 0x80);
        let Some(opcode) = opcode else {
            bail!("a frame that begins with {first:#x}");
        };
        Ok(Some(Self {
            opcode,
            payload,
            length,
        }))
    }
}

fn reason(payload: &[u8]) -> String {
    match payload {
        [first, second, reason @ ..] => {
            let code = u16::from_be_bytes([*first, *second]);
            format!("{code} {}", String::from_utf8_lossy(reason))
        }
        _ => "without a code".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Incoming, Opcode};

    /// A frame as servers send it: without a mask.
    fn frame(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![0x80 | opcode as u8];
        let length = u16::try_from(payload.len()).unwrap();
        if let Ok(short @ 0..126) = u8::try_from(length) {
            frame.push(short);
        } else {
            frame.push(126);
            frame.extend(length.to_be_bytes());
        }
        frame.extend(payload);
        frame
    }

    #[test]
    fn messages_are_counted_however_they_are_split() {
        let stream = [
            frame(Opcode::Text, &[b'x'; 300]),
            frame(Opcode::Ping, b"there?"),
            frame(Opcode::Binary, &[0; 300]),
            frame(Opcode::Pong, b""),
            frame(Opcode::Text, &[b'y'; 300]),
        ]
        .concat();
        for size in 1..stream.len() {
            let mut incoming = Incoming::default();
            let mut answers = Vec::new();
            let parts = stream.chunks(size);
            let counts = parts.map(|part| incoming.read(part, 300, &mut answers).unwrap());
            assert_eq!(counts.sum::<usize>(), 3);
            assert_eq!(answers.len(), 2 + 4 + 6, "a pong, with a mask");
        }
    }

    #[test]
    fn empty_messages_count_too() {
        let stream = [frame(Opcode::Text, b""), frame(Opcode::Text, b"")].concat();
        let mut incoming = Incoming::default();
        assert_eq!(incoming.read(&stream, 0, &mut Vec::new()).unwrap(), 2);
    }

    #[test]
    fn unexpected_frames_are_errors() {
        let close = [3, 245]
            .iter()
            .chain(b"too slow")
            .copied()
            .collect::<Vec<_>>();
        let cases = [
            (frame(Opcode::Text, b"four"), "4 bytes instead of 5"),
            (frame(Opcode::Close, &close), "1013 too slow"),
            (vec![0x81, 0x80, 0, 0, 0, 0], "a masked frame"),
            (vec![0x01, 0x00], "a frame that begins with 0x1"),
        ];
        for (bytes, expected) in cases {
            let error = Incoming::default().read(&bytes, 5, &mut Vec::new());
            let error = error.unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
