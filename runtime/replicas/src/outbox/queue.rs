//! Commands to send.

use crate::wire::Command;
use std::{collections::VecDeque, mem};

/// Commands that the connection has not taken yet, in order.
#[derive(Debug, Default)]
pub(super) struct Queue {
    commands: VecDeque<Command>,
    /// How many of them publish.
    frames: usize,
    /// Whether they wait for others to get there.
    stalled: bool,
}

/// The most commands and bytes in one write.
const BATCH: usize = 512;
const BATCH_BYTES: usize = 256 << 10;

/// The room that is kept when it is empty.
const SMALL: usize = 1024;

impl Queue {
    /// Adds a command. Returns whether it is the only one.
    pub(super) fn push(&mut self, command: Command) -> bool {
        self.frames += usize::from(matches!(command, Command::Publish(..)));
        self.commands.push_back(command);
        self.commands.len() == 1
    }

    /// The number of commands to join and to leave.
    pub(super) fn orders(&self) -> usize {
        self.commands.len() - self.frames
    }

    /// The number of frames.
    pub(super) const fn frames(&self) -> usize {
        self.frames
    }

    /// Takes what makes a good write, and no more frames than there is room for.
    pub(super) fn take(&mut self, batch: &mut Vec<Command>, mut room: usize) {
        let mut bytes = 0;
        while batch.len() < BATCH
            && bytes < BATCH_BYTES
            && let Some(command) = self.commands.pop_front()
        {
            if let Command::Publish(_, frame) = &command {
                if room == 0 {
                    self.stalled = true;
                    self.commands.push_front(command);
                    break;
                }
                room -= 1;
                self.frames -= 1;
                bytes += frame.len();
            }
            batch.push(command);
        }
        if self.commands.is_empty() && self.commands.capacity() > SMALL {
            self.commands = VecDeque::new();
        }
    }

    /// Something has arrived there. Returns whether somebody waits for that.
    pub(super) fn go_on(&mut self) -> bool {
        mem::take(&mut self.stalled)
    }

    /// Empties it.
    pub(super) fn clear(&mut self) -> VecDeque<Command> {
        mem::take(self).commands
    }
}
