//! A client that reconnects after each end.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::log::Talker;
use super::{Log, Replica};
use test_kit::soon;

/// The addresses of replicas, as a load balancer knows them.
#[derive(Clone)]
pub struct Board(Arc<Mutex<Vec<SocketAddr>>>);

impl Board {
    pub fn new(replicas: &[Replica]) -> Self {
        let addresses = replicas.iter().map(|replica| replica.addr).collect();
        Self(Arc::new(Mutex::new(addresses)))
    }

    /// From now on, clients of this place are sent to another replica.
    pub fn redirect(&self, place: usize, replica: &Replica) {
        self.0.lock().unwrap()[place] = replica.addr;
    }

    fn address(&self, place: usize) -> SocketAddr {
        self.0.lock().unwrap()[place]
    }
}

/// A client in the lobby that reconnects after each end of its connection.
pub struct Member {
    pub log: watch::Receiver<Log>,
    /// The number of the replica.
    pub place: usize,
    sender: Arc<watch::Sender<Log>>,
    task: JoinHandle<()>,
}

/// Slow enough that the tests do not measure throughput.
const PACE: Duration = Duration::from_millis(10);

/// How long a client waits before it reconnects.
const WAIT: Duration = Duration::from_millis(50);

impl Member {
    /// A talking member on each replica, and then as many that only listen.
    pub async fn of_each(board: &Board, places: usize) -> Vec<Self> {
        let talkers = (0..places).map(|place| Self::come(board, place, Some(place)));
        let listeners = (0..places).map(|place| Self::come(board, place, None));
        let mut members: Vec<_> = talkers.chain(listeners).collect();
        for member in &mut members {
            member.until("a connection", |log| log.is_open).await;
        }
        members
    }

    fn come(board: &Board, place: usize, talker: Option<Talker>) -> Self {
        let (sender, log) = watch::channel(Log::default());
        let sender = Arc::new(sender);
        let task = tokio::spawn(live(board.clone(), place, talker, Arc::clone(&sender)));
        Self {
            log,
            place,
            sender,
            task,
        }
    }

    /// Waits until its log is as it should be.
    pub async fn until(&mut self, what: &str, is_so: impl Fn(&Log) -> bool) {
        let heard = self.log.wait_for(|log| is_so(log));
        soon(what, heard).await.unwrap();
    }

    pub fn gaps(&self) -> usize {
        self.log.borrow().gaps
    }

    /// Waits until everyone hears what everyone says from now on.
    pub async fn all_hear_all(members: &mut [Self], talkers: usize) {
        let said: Vec<_> = members[..talkers]
            .iter()
            .map(|member| member.log.borrow().said)
            .collect();
        for member in members {
            let what = format!("a member on replica {} to hear everyone", member.place);
            let hears = |log: &Log| {
                let mut said = said.iter().enumerate();
                said.all(|(talker, said)| log.latest.get(&talker) > Some(said))
            };
            member.until(&what, hears).await;
        }
    }

    /// Waits until everyone hears what is said on the same replica from now on.
    pub async fn all_hear_their_own(members: &mut [Self], talkers: usize) {
        for index in 0..members.len() {
            let talker = members[index].place;
            assert!(talker < talkers);
            let said = members[talker].log.borrow().said;
            let hears = |log: &Log| log.latest.get(&talker) > Some(&said);
            members[index].until("its own replica", hears).await;
        }
    }

    /// Ends all members and returns what they have heard.
    pub async fn go(members: Vec<Self>) -> Vec<Log> {
        let mut logs = Vec::new();
        for member in members {
            member.task.abort();
            let ended = member.task.await;
            assert!(ended.is_err_and(|error| error.is_cancelled()));
            logs.push(member.sender.send_replace(Log::default()));
        }
        logs
    }
}

async fn live(board: Board, place: usize, talker: Option<Talker>, log: Arc<watch::Sender<Log>>) {
    loop {
        // The replica may be just ending or just starting.
        if let Ok((socket, _)) = connect_async(format!("ws://{}/lobby", board.address(place))).await
        {
            log.send_modify(|log| log.is_open = true);
            let why = stay(socket, talker, &log).await;
            log.send_modify(|log| log.leave(why));
        }
        sleep(WAIT).await;
    }
}

/// Talks and listens until the connection ends, and returns the reason.
async fn stay(
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    talker: Option<Talker>,
    log: &watch::Sender<Log>,
) -> String {
    let (mut sink, mut stream) = socket.split();
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut talks = talker.is_some();
    let mut why = None;
    loop {
        tokio::select! {
            heard = stream.next() => match heard {
                Some(Ok(Message::Text(text))) => log.send_modify(|log| log.hear(&text)),
                Some(Ok(Message::Close(Some(frame)))) => {
                    talks = false;
                    why = Some(format!("{} {}", frame.code, frame.reason));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return why.unwrap_or_else(|| "lost".to_owned()),
            },
            _ = ticks.tick(), if talks => {
                let mut number = 0;
                log.send_modify(|log| {
                    number = log.said;
                    log.said += 1;
                });
                let text = format!("{} {number}", talker.unwrap());
                // What was sent before can still be read.
                talks = sink.send(Message::text(text)).await.is_ok();
            }
        }
    }
}
