//! Many clients on one thread, as cheap as possible: the server shares this machine.

use crate::{server::Server, wire::Incoming};
use anyhow::{Context, Result, bail, ensure};
use mio::{Events, Interest, Poll, Token, net::TcpStream};
use std::{
    io::{self, Read, Write},
    time::Duration,
};

/// The size of a read: a burst of 64 messages of 4 KiB.
const BUFFER: usize = 272 * 1024;

/// How long all clients must hear nothing to count as quiet.
const QUIET: Duration = Duration::from_millis(200);

/// How often to wait for all subscribers to be ready.
const TRIES: usize = 25;

/// Connected clients.
pub struct Pool {
    poll: Poll,
    events: Events,
    clients: Vec<Client>,
    buffer: Vec<u8>,
}

pub struct Client {
    index: usize,
    stream: TcpStream,
    incoming: Incoming,
}

impl Pool {
    /// Opens `count` connections to one path.
    pub fn connect(server: &Server, path: &str, count: usize) -> Result<Self> {
        let mut pool = Self {
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            clients: Vec::with_capacity(count),
            buffer: vec![0; BUFFER],
        };
        for index in 0..count {
            let (stream, rest) = server.connect(path)?.into_parts();
            ensure!(rest.is_empty(), "a message before there was any");
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            let registry = pool.poll.registry();
            registry.register(&mut stream, Token(index), Interest::READABLE)?;
            pool.clients.push(Client {
                index,
                stream,
                incoming: Incoming::default(),
            });
        }
        Ok(pool)
    }

    /// Has messages of `size` bytes published until all clients have heard the same one: some
    /// servers subscribe a client only after its handshake.
    pub fn wait_until_all_hear(
        &mut self,
        size: usize,
        mut publish: impl FnMut(&mut [Client]) -> Result<()>,
    ) -> Result<()> {
        for _ in 0..TRIES {
            publish(&mut self.clients)?;
            let mut heard = 0;
            loop {
                match self.listen(size, QUIET, |_, _| Ok(()))? {
                    0 => break,
                    more => heard += more,
                }
                if heard == self.clients.len() {
                    return Ok(());
                }
            }
        }
        bail!("not all subscribers hear what is published")
    }

    pub fn clients(&mut self) -> &mut [Client] {
        &mut self.clients
    }

    /// Waits until a message arrives or the time is over, and returns how many messages of `size`
    /// bytes came. Calls `heard` for each client with the number of its messages.
    pub fn listen(
        &mut self,
        size: usize,
        patience: Duration,
        mut heard: impl FnMut(&mut Client, usize) -> Result<()>,
    ) -> Result<usize> {
        match self.poll.poll(&mut self.events, Some(patience)) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(0),
            polled => polled?,
        }
        let mut total = 0;
        for event in &self.events {
            let client = self.clients.get_mut(event.token().0);
            let client = client.context("a client")?;
            let messages = client.read(&mut self.buffer, size)?;
            if messages > 0 {
                heard(client, messages)?;
                total += messages;
            }
        }
        Ok(total)
    }
}

impl Client {
    /// Its number.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Sends frames, all at once: there is room for them as long as the server reads.
    pub fn send(&mut self, frames: &[u8]) -> Result<()> {
        let sent = self.stream.write(frames)?;
        ensure!(sent == frames.len(), "the server takes no bytes");
        Ok(())
    }

    /// Reads everything that has arrived.
    fn read(&mut self, buffer: &mut [u8], size: usize) -> Result<usize> {
        let mut answers = Vec::new();
        let mut messages = 0;
        loop {
            let read = match self.stream.read(buffer) {
                Ok(0) => bail!("the server closed without a word"),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            };
            let bytes = buffer.get(..read).unwrap_or_default();
            messages += self.incoming.read(bytes, size, &mut answers)?;
            // What arrives later is another event: see "edge-triggered" in epoll(7).
            if read < buffer.len() {
                break;
            }
        }
        if !answers.is_empty() {
            self.send(&answers)?;
        }
        Ok(messages)
    }
}
