//! The end of the process, with clients of all kinds and traffic.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::support::Server;
use test_kit::{CLOSE, End, Frame, Heard, Socket, connect, handshake, until};

/// The number of clients of each kind.
struct Crowd {
    relays: usize,
    talkers: usize,
    echoes: usize,
    desks: usize,
    stalled: usize,
    silent: usize,
}

/// 1,000 sockets.
const THOUSAND: Crowd = Crowd {
    relays: 500,
    talkers: 5,
    echoes: 300,
    desks: 180,
    stalled: 10,
    silent: 50,
};

const HUNDRED: Crowd = Crowd {
    relays: 50,
    talkers: 2,
    echoes: 30,
    desks: 12,
    stalled: 3,
    silent: 5,
};

#[tokio::test]
async fn sigterm_with_a_thousand_sockets_and_traffic() {
    let server = Server::start().await;
    let desks = THOUSAND.desks;
    let printed = terminate_with(server, THOUSAND).await;
    assert_eq!(printed, [format!("farewells {desks}")]);
}

#[tokio::test]
async fn axum_serve_drained_by_hand() {
    let server = Server::start_by_hand().await;
    let desks = HUNDRED.desks;
    let printed = terminate_with(server, HUNDRED).await;
    assert_eq!(printed, [format!("farewells {desks}")]);
}

/// Connects the crowd, begins the shutdown amid traffic, and lets every client check what it hears.
/// Returns what the process printed after its address.
async fn terminate_with(server: Server, crowd: Crowd) -> Vec<String> {
    let _silent = open_silent_connections(&server, crowd.silent).await;
    let _stalled = stall(&server, crowd.stalled).await;
    let mut listeners = JoinSet::new();
    for _ in 0..crowd.relays {
        let socket = server.open("/shutdown/relay").await;
        listeners.spawn(listen(socket, (1012, "the feed restarts")));
    }
    for _ in 0..crowd.talkers {
        let socket = server.open("/shutdown/talk").await;
        listeners.spawn(listen(socket, (4002, "all is said")));
    }
    let mut others = JoinSet::new();
    for name in 0..crowd.talkers {
        others.spawn(talk(server.open("/shutdown/talk").await, name));
    }
    for _ in 0..crowd.echoes {
        others.spawn(echo(server.open("/shutdown/echo").await));
    }
    let mut desks = Vec::new();
    for _ in 0..crowd.desks {
        desks.push(server.open("/shutdown/desk").await);
    }

    let reached = crowd.relays + 2 * crowd.talkers;
    let mut accepted = 0;
    for burst in [1, 10, 1, 30, 100] {
        let numbers = accepted..accepted + burst;
        assert_eq!(server.publish("feed", numbers, 16).await, reached);
        accepted += burst;
    }
    server.terminate();
    // No new client gets in, although the desks hold the drain open.
    let is_refused = async || TcpStream::connect(server.addr).await.is_err();
    until("the port to be closed", is_refused).await;
    for desk in desks {
        others.spawn(say_goodbye(desk));
    }
    for heard in listeners.join_all().await {
        assert!(heard >= accepted, "heard {heard} of {accepted} numbers");
    }
    others.join_all().await;
    let (status, printed) = server.ended().await;
    assert_eq!(status.code(), Some(0));
    printed
}

/// Hears numbers, and what talkers say, without a gap, then the declared goodbye. Returns how many
/// numbers there were.
async fn listen(mut socket: Socket, goodbye: (u16, &str)) -> u64 {
    let mut next = HashMap::new();
    loop {
        let frame = socket.frame().await;
        if frame.opcode() == CLOSE {
            assert_eq!(frame, Frame::close(goodbye.0, goodbye.1));
            socket.leave(goodbye.0).await;
            return next.remove("").unwrap_or_default();
        }
        let text = String::from_utf8(frame.payload).unwrap();
        let (name, number) = text
            .trim_end()
            .rsplit_once(' ')
            .unwrap_or(("", text.trim_end()));
        let next = next.entry(name.to_owned()).or_insert(0);
        assert_eq!(number.parse(), Ok(*next), "{text:?}");
        *next += 1;
    }
}

/// Talks until the goodbye, and hears what others say.
async fn talk(mut socket: Socket, name: usize) {
    for number in 0.. {
        let said = format!("talker {name} {number}");
        socket.say(&said).await;
        loop {
            let frame = socket.frame().await;
            if frame.opcode() == CLOSE {
                assert_eq!(frame, Frame::close(4002, "all is said"));
                return socket.leave(4002).await;
            }
            if frame.payload == said.as_bytes() {
                break;
            }
        }
        sleep(PACE).await;
    }
}

/// Talks and hears its own words again, until the goodbye.
async fn echo(mut socket: Socket) {
    for number in 0.. {
        let said = Frame::text(format!("{number}"));
        socket.send(said.clone()).await;
        let heard = socket.frame().await;
        if heard.opcode() == CLOSE {
            assert_eq!(heard, Frame::close(4001, "no more echo"));
            return socket.leave(4001).await;
        }
        assert_eq!(heard, said);
        sleep(PACE).await;
    }
}

/// Slow enough that the tests do not measure throughput.
const PACE: Duration = Duration::from_millis(100);

/// The handler hears its client's last words, and finishes its goodbye.
async fn say_goodbye(mut socket: Socket) {
    assert_eq!(socket.text().await, "any last words?");
    socket.say("so long").await;
    assert_eq!(socket.text().await, "so long");
    assert_eq!(socket.text().await, "noted");
    socket.is_left((4003, "closed for today")).await;
}

/// Idle connections: some have sent nothing, and some have had a response.
async fn open_silent_connections(server: &Server, count: usize) -> Vec<TcpStream> {
    let mut silent = Vec::new();
    for _ in 0..count {
        silent.push(connect(server.addr).await);
        silent.push(server.kept_alive().await);
    }
    silent
}

/// Clients that read nothing although there is much to read, and are not cut for it.
async fn stall(server: &Server, count: usize) -> Vec<Socket> {
    let mut stalled = Vec::new();
    for _ in 0..count {
        stalled.push(server.open("/shutdown/stalled").await);
    }
    assert_eq!(server.flood("bulk").await, count);
    stalled
}

/// A client that arrives while it begins gets in and hears the goodbye, or cannot connect.
#[tokio::test]
async fn clients_that_arrive_while_it_begins() {
    let server = Server::start().await;
    let addr = server.addr;
    let mut clients = JoinSet::new();
    for _ in 0..20 {
        clients.spawn(async move {
            let mut let_in = 0;
            while come(addr).await {
                let_in += 1;
            }
            let_in
        });
    }
    // A crowd for the beginning, which holds the drain open.
    let mut desk = server.open("/shutdown/desk").await;
    for number in 0..100 {
        assert_eq!(desk.ask_for(&number.to_string()).await, number.to_string());
    }
    server.terminate();
    let let_in: u32 = clients.join_all().await.iter().sum();
    assert!(let_in > 0);
    say_goodbye(desk).await;
    assert_eq!(server.ended().await.0.code(), Some(0));
}

/// Opens a socket and talks. Returns whether it got in.
async fn come(addr: SocketAddr) -> bool {
    let Ok(stream) = TcpStream::connect(addr).await else {
        return false;
    };
    let mut socket = Socket::over(stream, &handshake(addr, "/shutdown/echo", ""))
        .await
        .unwrap();
    socket.say("hello").await;
    let heard = socket.frame().await;
    if heard.opcode() == CLOSE {
        assert_eq!(heard, Frame::close(4001, "no more echo"));
        socket.leave(4001).await;
    } else {
        assert_eq!(heard, Frame::text("hello"));
        socket.send(Frame::close(1000, "")).await;
        // The server may say goodbye first.
        let close = socket.frame().await;
        assert_eq!(close.opcode(), CLOSE, "{close:?}");
        assert_eq!(socket.end().await, End::Fin);
    }
    true
}

#[tokio::test]
async fn a_second_signal_ends_the_process_at_once() {
    let server = Server::start().await;
    let _stalled = stall(&server, 2).await;
    let mut stuck = server.open("/shutdown/stuck").await;
    assert_eq!(stuck.ask_for("there?").await, "there?");
    server.terminate();
    server.logged(&["shutting down"]).await;
    server.terminate();
    let (status, printed) = server.ended().await;
    // The application's code did not end: it would print something else.
    assert_eq!((status.code(), printed), (Some(1), vec![]));
    assert!(matches!(stuck.hear().await, Heard::End(_)));
}
