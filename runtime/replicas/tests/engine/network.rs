//! A network between a replica and its server that fails on request, and addresses that lead to
//! other servers.

use crate::replica::expect;
use socket2::SockRef;
use std::{collections::BTreeSet, net::Ipv4Addr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{
        TcpListener, TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::watch,
};

/// A network that carries connections to a server.
pub struct Network {
    port: u16,
    state: watch::Sender<State>,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    /// As if the other side had closed it: FIN.
    Close,
    /// As if the other side did not know it: RST.
    Reset,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    ToServer,
    ToReplica,
}

/// The number of a connection.
type Id = u64;

#[derive(Default)]
struct State {
    next: Id,
    live: BTreeSet<Id>,
    /// Connections before these numbers carry nothing: to the server, to the replica.
    held: [Id; 2],
    /// Connections before this number are cut.
    cut: Option<(Id, Cut)>,
}

impl Network {
    /// A network to a server on this machine.
    pub async fn to(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (state, _) = watch::channel(State::default());
        tokio::spawn(serve(listener, server, state.clone()));
        Self { port, state }
    }

    /// The server's address through it.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends all connections, and waits until the replica has reconnected.
    pub async fn cut(&self, how: Cut) {
        let mut next = 0;
        self.state.send_modify(|state| {
            next = state.next;
            state.cut = Some((next, how));
        });
        self.until(|state| state.live.last() >= Some(&next)).await;
    }

    /// Waits until the replica has reconnected.
    pub async fn back(&self) {
        self.until(|state| state.live.first() >= Some(&1)).await;
    }

    /// From now on carries nothing in one direction of the existing connections, and closes
    /// nothing.
    pub fn hold(&self, direction: Direction) {
        self.state
            .send_modify(|state| state.held[direction as usize] = state.next);
    }

    /// From now on carries nothing at all, not even on new connections.
    pub fn die(&self) {
        self.state.send_modify(|state| state.held = [Id::MAX; 2]);
    }

    /// Resumes, with what it has held back.
    pub fn release(&self) {
        self.state.send_modify(|state| state.held = [0; 2]);
    }

    /// Waits until only the newest connection is left, so that nothing can arrive late.
    pub async fn settled(&self) {
        self.until(|state| state.live.len() == 1).await;
    }

    async fn until(&self, what: impl FnMut(&State) -> bool) {
        let mut state = self.state.subscribe();
        expect(state.wait_for(what)).await.unwrap();
    }
}

/// An address that leads to one of several servers: a name, a virtual IP address, or a proxy.
pub struct Address {
    port: u16,
    servers: watch::Sender<Vec<u16>>,
}

impl Address {
    /// An address of these servers, one after the other.
    pub async fn of(servers: &[u16]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let servers = watch::Sender::new(servers.to_vec());
        let current = servers.subscribe();
        tokio::spawn(async move {
            for turn in 0.. {
                let (mut replica, _) = listener.accept().await.unwrap();
                let server = {
                    let servers = current.borrow();
                    servers[turn % servers.len()]
                };
                tokio::spawn(async move {
                    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await;
                    if let Ok(mut server) = server {
                        copy_bidirectional(&mut replica, &mut server).await.ok();
                    }
                });
            }
        });
        Self { port, servers }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on, new connections lead to this server. The old ones live on.
    pub fn move_to(&self, server: u16) {
        self.servers.send_replace(vec![server]);
    }
}

async fn serve(listener: TcpListener, server: u16, state: watch::Sender<State>) {
    loop {
        let (replica, _) = listener.accept().await.unwrap();
        // Its server may be away.
        if let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await {
            let connection = Connection::new(&state);
            tokio::spawn(connection.carry(replica, server));
        }
    }
}

/// One connection, from beginning to end.
struct Connection {
    id: Id,
    state: watch::Sender<State>,
}

impl Connection {
    fn new(state: &watch::Sender<State>) -> Self {
        let mut id = 0;
        state.send_modify(|state| {
            id = state.next;
            state.next += 1;
            state.live.insert(id);
        });
        let state = state.clone();
        Self { id, state }
    }

    async fn carry(self, mut replica: TcpStream, mut server: TcpStream) {
        let how = {
            let (from_replica, to_replica) = replica.split();
            let (from_server, to_server) = server.split();
            let both = async {
                tokio::join!(
                    self.pump(from_replica, to_server, Direction::ToServer),
                    self.pump(from_server, to_replica, Direction::ToReplica),
                )
            };
            tokio::select! {
                _ = both => Cut::Close,
                how = self.cut() => how,
            }
        };
        for mut end in [replica, server] {
            match how {
                Cut::Close => drop(end.shutdown().await),
                Cut::Reset => SockRef::from(&end)
                    .set_linger(Some(Duration::ZERO))
                    .unwrap(),
            }
        }
    }

    /// Carries one direction until it ends.
    async fn pump(&self, mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, direction: Direction) {
        let mut buffer = vec![0; 1 << 16];
        loop {
            self.free(direction).await;
            let count = from.read(&mut buffer).await.unwrap_or(0);
            self.free(direction).await;
            if count == 0 || to.write_all(&buffer[..count]).await.is_err() {
                break;
            }
        }
        to.shutdown().await.ok();
    }

    /// Waits until nothing is held back.
    async fn free(&self, direction: Direction) {
        let mut state = self.state.subscribe();
        let is_free = |state: &State| self.id >= state.held[direction as usize];
        state.wait_for(is_free).await.unwrap();
    }

    /// Waits until it is cut.
    async fn cut(&self) -> Cut {
        let mut state = self.state.subscribe();
        let is_cut = |state: &State| state.cut.is_some_and(|(first, _)| self.id < first);
        let state = state.wait_for(is_cut).await.unwrap();
        state.cut.unwrap().1
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.state.send_modify(|state| {
            state.live.remove(&self.id);
        });
    }
}
