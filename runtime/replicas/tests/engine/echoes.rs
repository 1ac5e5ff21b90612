//! Engines that return published messages in unexpected ways.

use crate::replica::{expect, flush, heard, options};
use autumn_ws_core::{Bytes, Channels, Subscription};
use autumn_ws_replicas::{Command, Connection, Engine, EngineError, Inbox, connect};
use std::{
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{sync::watch, time::sleep};

/// An engine for one replica that holds back messages until a test returns them.
#[derive(Clone, Default)]
struct Puppet {
    state: Arc<Mutex<State>>,
    cuts: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    /// The messages of all connections.
    inboxes: Vec<Inbox>,
    keeps: Keeps,
    kept: Vec<(String, Bytes)>,
}

#[derive(Default, PartialEq)]
enum Keeps {
    #[default]
    Nothing,
    /// Every message on a channel.
    Messages,
    Everything,
}

struct PuppetConnection {
    puppet: Puppet,
    inbox: Inbox,
    cuts: watch::Receiver<u64>,
}

impl Puppet {
    async fn start() -> (Self, Channels, Subscription) {
        let puppet = Self::default();
        let channels = expect(connect(puppet.clone(), options()));
        let channels = channels.await.unwrap();
        let lobby = channels.subscribe("lobby");
        flush(&channels).await;
        (puppet, channels, lobby)
    }

    fn keep(&self, keeps: Keeps) {
        self.state.lock().unwrap().keeps = keeps;
    }

    /// Waits until it holds this many.
    async fn has(&self, count: usize) {
        while self.state.lock().unwrap().kept.len() < count {
            // Time passes in these tests when there is nothing else to do.
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// Returns a message on one connection.
    fn bring(&self, connection: usize, which: usize) {
        let (subject, frame) = self.state.lock().unwrap().kept[which].clone();
        self.deliver(connection, &subject, frame);
    }

    fn deliver(&self, connection: usize, subject: &str, frame: Bytes) {
        let inbox = self.state.lock().unwrap().inboxes[connection].clone();
        inbox.deliver(subject, frame);
    }

    fn opened(&self) -> usize {
        self.state.lock().unwrap().inboxes.len()
    }

    fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

impl Engine for Puppet {
    type Connection = PuppetConnection;

    fn address(&self) -> String {
        "puppet".into()
    }

    async fn connect(&mut self, inbox: Inbox) -> Result<PuppetConnection, EngineError> {
        self.state.lock().unwrap().inboxes.push(inbox.clone());
        Ok(PuppetConnection {
            puppet: self.clone(),
            inbox,
            cuts: self.cuts.subscribe(),
        })
    }
}

impl Connection for PuppetConnection {
    async fn send(&mut self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
        for command in batch.drain(..) {
            let Command::Publish(subject, frame) = command else {
                continue;
            };
            let (subject, frame) = (subject.to_string(), frame.to_bytes());
            let mut state = self.puppet.state.lock().unwrap();
            let is_kept = match state.keeps {
                Keeps::Nothing => false,
                Keeps::Messages => subject.starts_with("channel:"),
                Keeps::Everything => true,
            };
            if is_kept {
                state.kept.push((subject, frame));
            } else {
                drop(state);
                self.inbox.deliver(&subject, frame);
            }
        }
        Ok(())
    }

    async fn lost(&mut self) -> EngineError {
        if self.cuts.changed().await.is_err() {
            pending::<()>().await;
        }
        EngineError::away("it is cut")
    }
}

/// Publishes words that are held back.
async fn publish(puppet: &Puppet, channels: &Channels, words: &[&str]) {
    puppet.keep(Keeps::Messages);
    for word in words {
        channels.publish("lobby", *word);
    }
    puppet.has(words.len()).await;
    puppet.keep(Keeps::Nothing);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_order_is_an_outage() {
    let (puppet, channels, mut lobby) = Puppet::start().await;
    publish(&puppet, &channels, &["1", "2", "3"]).await;
    puppet.bring(0, 1);
    assert!(!channels.is_connected());
    // The connection is still open.
    puppet.bring(0, 0);
    puppet.bring(0, 2);
    channels.publish("lobby", "4");
    flush(&channels).await;
    assert_eq!(heard(&mut lobby), ["1", "2", "3", "4", "GAP"]);
    for which in 0..3 {
        puppet.bring(0, which);
        puppet.bring(1, which);
    }
    channels.publish("lobby", "5");
    flush(&channels).await;
    assert_eq!(heard(&mut lobby), ["5"]);
    assert_eq!(puppet.opened(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_message_missing_before_an_answer_is_an_outage() {
    let (puppet, channels, mut lobby) = Puppet::start().await;
    publish(&puppet, &channels, &["1"]).await;
    // The answer to this arrives at once.
    flush(&channels).await;
    assert_eq!(heard(&mut lobby), ["1", "GAP"]);
    assert_eq!(puppet.opened(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_answer_missing_before_a_message_is_an_outage() {
    let (puppet, channels, mut lobby) = Puppet::start().await;
    puppet.keep(Keeps::Everything);
    // It sends a probe.
    assert!(!channels.flush(Duration::from_millis(1)).await);
    channels.publish("lobby", "1");
    puppet.has(2).await;
    puppet.keep(Keeps::Nothing);
    puppet.bring(0, 1);
    assert!(!channels.is_connected());
    flush(&channels).await;
    assert_eq!(heard(&mut lobby), ["1", "GAP"]);
    assert_eq!(puppet.opened(), 2);
}

#[tokio::test(start_paused = true)]
async fn duplicates_are_ignored() {
    let (puppet, channels, mut lobby) = Puppet::start().await;
    publish(&puppet, &channels, &["1", "2"]).await;
    for which in [0, 0, 1, 0, 1] {
        puppet.bring(0, which);
    }
    flush(&channels).await;
    puppet.bring(0, 1);
    assert_eq!(heard(&mut lobby), ["1", "2"]);
    assert!(channels.is_connected());
    assert_eq!(puppet.opened(), 1);
}

#[tokio::test(start_paused = true)]
async fn messages_returned_on_a_wrong_channel_are_ignored() {
    let (puppet, channels, mut lobby) = Puppet::start().await;
    let mut kitchen = channels.subscribe("kitchen");
    flush(&channels).await;
    publish(&puppet, &channels, &["1"]).await;
    let (_, frame) = puppet.state.lock().unwrap().kept[0].clone();
    for subject in ["channel:kitchen", "replicas", "nothing of ours"] {
        puppet.deliver(0, subject, frame.clone());
    }
    puppet.bring(0, 0);
    flush(&channels).await;
    assert_eq!(heard(&mut lobby), ["1"]);
    assert!(heard(&mut kitchen).is_empty());
    assert_eq!(puppet.opened(), 1);
}

#[tokio::test(start_paused = true)]
async fn duplicates_on_the_next_connection_are_ignored() {
    let (puppet, channels, mut lobby) = Puppet::start().await;
    publish(&puppet, &channels, &["1", "2"]).await;
    puppet.keep(Keeps::Everything);
    puppet.cut();
    // The first probe of the new connection.
    puppet.has(3).await;
    puppet.bring(1, 0);
    assert_eq!(heard(&mut lobby), ["1", "2"]);
    puppet.keep(Keeps::Nothing);
    puppet.bring(1, 2);
    flush(&channels).await;
    puppet.bring(1, 1);
    channels.publish("lobby", "3");
    flush(&channels).await;
    assert_eq!(heard(&mut lobby), ["GAP", "3"]);
    assert_eq!(puppet.opened(), 2);
}

/// Whatever an old connection still delivers.
#[tokio::test(start_paused = true)]
async fn messages_of_an_old_connection_are_ignored() {
    let (puppet, channels, mut lobby) = Puppet::start().await;
    let strange = |word: &str| {
        let frame = [b"\xa7W\x01\x01strangerstranger", word.as_bytes()];
        Bytes::from(frame.concat())
    };
    puppet.deliver(0, "channel:lobby", strange("1"));
    publish(&puppet, &channels, &["2"]).await;
    puppet.cut();
    flush(&channels).await;
    puppet.deliver(0, "channel:lobby", strange("3"));
    puppet.bring(0, 0);
    puppet.deliver(1, "channel:lobby", strange("4"));
    assert_eq!(heard(&mut lobby), ["1", "2", "GAP", "4"]);
}
