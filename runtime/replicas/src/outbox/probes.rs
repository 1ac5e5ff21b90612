//! Probes, which ask the engine whether it is alive and has received everything so far.

use crate::options::Limits;
use std::time::Duration;
use tokio::time::Instant;

/// Probes in flight, and what the next one has to confirm.
#[derive(Debug, Default)]
pub(super) struct Probes {
    /// The oldest one without an answer.
    oldest: Option<Probe>,
    /// How many frames were sent since the last one, and the bytes of their content.
    frames: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Probe {
    sequence: u64,
    at: Instant,
    /// Ticks without an answer.
    ticks: u32,
}

/// What to do when a fifth of the timeout is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tick {
    Ask,
    Wait,
    GiveUp,
}

/// The number of ticks without an answer that end a connection.
pub(super) const TICKS: u32 = 5;

/// The number of frames between probes: many frames are confirmed by nothing else.
pub(super) const UNPROVEN: usize = 256;

impl Probes {
    /// A frame is sent.
    pub(super) const fn note(&mut self, bytes: usize) {
        self.frames += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Whether it is time for a probe, well before there are too many frames in flight.
    pub(super) const fn are_due(&self, limits: Limits) -> bool {
        let few = limits.messages / 4;
        let frames = if few < UNPROVEN { few } else { UNPROVEN };
        self.frames >= frames || self.bytes >= limits.bytes / 4
    }

    /// One is sent.
    pub(super) fn ask(&mut self, sequence: u64) {
        self.frames = 0;
        self.bytes = 0;
        self.oldest.get_or_insert_with(|| Probe {
            sequence,
            at: Instant::now(),
            ticks: 0,
        });
    }

    /// An answer has arrived. Returns how long it took, if measured.
    pub(super) fn answer(&mut self, sequence: u64) -> Option<Duration> {
        let is_answered = |probe: &mut Probe| probe.sequence == sequence;
        let probe = self.oldest.take_if(is_answered)?;
        Some(probe.at.elapsed())
    }

    pub(super) const fn is_answered(&self) -> bool {
        self.oldest.is_none()
    }

    pub(super) fn tick(&mut self) -> Tick {
        let Some(probe) = &mut self.oldest else {
            return Tick::Ask;
        };
        probe.ticks += 1;
        // The first tick may come at once.
        if probe.ticks <= TICKS {
            Tick::Wait
        } else {
            Tick::GiveUp
        }
    }

    /// What precedes the probe is still being sent, so the time for the answer begins now.
    pub(super) const fn be_patient(&mut self) {
        if let Some(probe) = &mut self.oldest {
            probe.ticks = 0;
        }
    }
}
