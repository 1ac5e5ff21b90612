//! Nothing fails: everyone hears the same.

use crate::support::{Engine, Kind, Replica, over_each_engine};
use test_kit::{Client, Request, until};
use tokio::task::JoinSet;

over_each_engine!(
    all_hear_the_same_in_the_same_order,
    only_what_is_needed_travels
);

/// A chatting client.
pub struct Chatter(Client);

impl Chatter {
    pub async fn enter(replica: &Replica, path: &str) -> Self {
        Self::enter_at(&replica.addr.to_string(), path).await
    }

    pub async fn enter_at(address: &str, path: &str) -> Self {
        let request = Request::new(address.parse().unwrap(), path);
        Self(request.patiently().open().await)
    }

    pub async fn say(&mut self, text: impl Into<String>) {
        self.0.send(text.into()).await;
    }

    pub async fn hear(&mut self) -> String {
        self.0.text().await
    }

    /// Skips other messages until this one.
    pub async fn hears(&mut self, text: &str) {
        while self.hear().await != text {}
    }

    /// Waits for all of these, in any order.
    pub async fn hears_all(&mut self, texts: &[&str]) {
        let mut missing = texts.to_vec();
        while !missing.is_empty() {
            let heard = self.hear().await;
            missing.retain(|text| **text != heard);
        }
    }

    pub async fn leave(self) {
        self.0.close(1000, "").await;
    }

    /// Waits until the connection ends.
    pub async fn until_left(self) {
        self.0.gone().await;
    }
}

const ROUNDS: usize = 30;
const BURST: usize = 10;

/// Two replicas, then five, of which one is killed. No more messages are in flight than a slow
/// client may lag behind.
async fn all_hear_the_same_in_the_same_order(kind: Kind) {
    let engine = Engine::start(kind);
    let mut replicas = Replica::start_many(&engine, 2).await;
    chat(&replicas).await;
    replicas.extend(Replica::start_many(&engine, 3).await);
    chat(&replicas).await;
    replicas.pop().unwrap().kill().await;
    chat(&replicas).await;
    for replica in &replicas {
        assert_eq!(replica.counted("engine/outages").await, 0);
        assert_eq!(replica.counted("engine/ignored").await, 0);
        assert_eq!(replica.counted("channels/lobby/gap_count").await, 0);
    }
}

/// On each replica one client talks, all at once, and two listen.
async fn chat(replicas: &[Replica]) {
    let mut listeners = Vec::new();
    let mut talkers = Vec::new();
    for replica in replicas {
        listeners.push(Chatter::enter(replica, "/lobby").await);
        talkers.push(Chatter::enter(replica, "/lobby").await);
    }
    // An open socket hears everything that is said on any replica.
    let count = talkers.len();
    let mut all = JoinSet::new();
    for (name, mut talker) in talkers.into_iter().enumerate() {
        all.spawn(async move { talk(&mut talker, name, count).await });
    }
    for mut listener in listeners {
        all.spawn(async move { hear_rounds(&mut listener, ROUNDS * BURST * count).await });
    }
    let heard = all.join_all().await;
    assert_eq!(heard[0].len(), ROUNDS * BURST * count);
    for other in &heard {
        let differs = other
            .iter()
            .zip(&heard[0])
            .position(|(one, other)| one != other);
        let near = |heard: &[String]| {
            let start = differs.unwrap_or(heard.len()).saturating_sub(5);
            heard
                .iter()
                .skip(start)
                .take(40)
                .cloned()
                .collect::<Vec<_>>()
        };
        assert!(
            *other == heard[0],
            "not the same, from {differs:?} on: of {}, {:?}, and of {}, {:?}",
            heard[0].len(),
            near(&heard[0]),
            other.len(),
            near(other)
        );
    }
}

/// Talks in rounds, and begins the next round when it has heard all of the last one.
async fn talk(talker: &mut Chatter, name: usize, count: usize) -> Vec<String> {
    let mut heard = Vec::new();
    for round in 0..ROUNDS {
        for number in 0..BURST {
            talker.say(format!("{round} {name} {number}")).await;
        }
        let is_of_this_round = |text: &&String| text.split(' ').next() == Some(&round.to_string());
        while heard.iter().filter(is_of_this_round).count() < BURST * count {
            heard.push(talker.hear().await);
        }
    }
    heard
}

async fn hear_rounds(listener: &mut Chatter, count: usize) -> Vec<String> {
    let mut heard = Vec::new();
    while heard.len() < count {
        heard.push(listener.hear().await);
    }
    heard
}

async fn only_what_is_needed_travels(kind: Kind) {
    let engine = Engine::start(kind);
    let replicas = Replica::start_many(&engine, 3).await;
    assert!(engine.channels().await.is_empty());

    let mut ann = Chatter::enter(&replicas[0], "/rooms/tea?nick=ann").await;
    ann.hears("ann joined").await;
    let also = Chatter::enter(&replicas[0], "/rooms/tea?nick=also").await;
    let mut bob = Chatter::enter(&replicas[1], "/rooms/tea?nick=bob").await;
    let mut lobby = Chatter::enter(&replicas[1], "/lobby").await;
    lobby.say("anybody?").await;
    lobby.hears("anybody?").await;
    bob.hears("bob joined").await;
    assert_eq!(engine.channels().await, ["lobby", "room:tea"]);
    assert_eq!(engine.subscribers("lobby").await, 1);
    assert_eq!(engine.subscribers("room:tea").await, 2);

    bob.say("milk?").await;
    ann.hears("bob: milk?").await;
    bob.leave().await;
    ann.hears("bob left").await;
    let channel = "room:tea";
    until("a replica to leave", async || {
        engine.subscribers(channel).await == 1
    })
    .await;
    also.leave().await;
    ann.hears("also left").await;
    assert_eq!(engine.subscribers(channel).await, 1);
    ann.leave().await;
    until("the other one to leave", async || {
        engine.channels().await == ["lobby"]
    })
    .await;
    // No other channel was wanted by anyone.
    assert_eq!(replicas[2].counted("engine/received").await, 0);
}
