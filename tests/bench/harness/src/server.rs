//! A running server.

use crate::{
    peer::Peer,
    usage::{self, Cpu},
    wire::Connection,
};
use anyhow::{Context, Result, bail};
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long a server may take to listen.
const START: Duration = Duration::from_secs(30);

/// A server in a process of its own, on a free port of loopback. It ends when this is dropped.
pub struct Server {
    peer: Peer,
    child: Child,
    address: SocketAddr,
}

impl Server {
    pub fn start(peer: Peer) -> Result<Self> {
        let address = free_address()?;
        let child = with_us(&peer.command(address))
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", peer.name()))?;
        let mut server = Self {
            peer,
            child,
            address,
        };
        server.wait_until_it_listens()?;
        Ok(server)
    }

    /// Opens a WebSocket.
    pub fn connect(&self, path: &str) -> Result<Connection> {
        Connection::open(self.address, path)
            .with_context(|| format!("{} at {path}", self.peer.name()))
    }

    /// Its CPU time so far.
    pub fn cpu(&self) -> Result<Cpu> {
        Cpu::of(self.child.id())
    }

    /// Its resident memory, in bytes, without the pages of files.
    pub fn resident(&self) -> Result<u64> {
        usage::resident(self.child.id())
    }

    fn wait_until_it_listens(&mut self) -> Result<()> {
        let deadline = Instant::now() + START;
        while TcpStream::connect(self.address).is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status}", self.peer.name());
            }
            if Instant::now() > deadline {
                bail!("{} does not listen", self.peer.name());
            }
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

pub fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?)
}

/// The same command, killed when this process ends, however it ends.
pub fn with_us(command: &Command) -> Command {
    let mut wrapped = Command::new("setpriv");
    wrapped
        .args(["--pdeathsig", "KILL"])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        wrapped.env(name, value.unwrap_or_default());
    }
    wrapped
}
