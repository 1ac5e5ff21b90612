//! Engines that are killed, paused or refuse, while everyone talks.

use std::collections::BTreeMap;

use crate::support::{Board, Engine, Kind, Member, Replica, check, over_each_engine};

over_each_engine!(
    killed_and_started_again,
    stopped_and_resumed,
    started_again_with_another_password
);

const REPLICAS: usize = 3;

/// Members that all talk, over one engine.
struct Party {
    engine: Engine,
    replicas: Vec<Replica>,
    members: Vec<Member>,
}

impl Party {
    async fn begin(kind: Kind) -> Self {
        let engine = Engine::start(kind);
        let replicas = Replica::start_many(&engine, REPLICAS).await;
        let members = Member::of_each(&Board::new(&replicas), REPLICAS).await;
        let mut party = Self {
            engine,
            replicas,
            members,
        };
        party.is_one().await;
        party
    }

    /// Waits until everyone hears everyone.
    async fn is_one(&mut self) {
        Member::all_hear_all(&mut self.members, REPLICAS).await;
    }

    /// Waits until every replica has noticed that it is alone, and its members hear each other.
    async fn is_split(&mut self) {
        for replica in &self.replicas {
            replica.is_ready(false).await;
        }
        Member::all_hear_their_own(&mut self.members, REPLICAS).await;
    }

    /// Waits until the replicas have reconnected `times` times, and every member that may have
    /// missed something knows it.
    async fn is_one_again(&mut self, times: usize) {
        for replica in &self.replicas {
            replica.counts("engine/reconnects", times as u64).await;
        }
        for member in &mut self.members {
            member.until("a gap", |log| log.gaps >= times).await;
        }
        self.is_one().await;
    }

    /// Checks that nobody heard anything twice, or missed anything without a sign, which is the end
    /// of a connection. Returns how often connections ended, by reason.
    async fn end(self) -> BTreeMap<String, usize> {
        let signs = check(&Member::go(self.members).await);
        let is_sign = |why: &String| why == GAP || why == LAG;
        assert!(signs.keys().all(is_sign), "{signs:?}");
        signs
    }

    /// As [`end`](Party::end), and checks that there were gaps.
    async fn end_with_gaps(self) {
        let signs = self.end().await;
        assert!(signs.contains_key(GAP), "{signs:?}");
    }
}

const GAP: &str = "1012 messages may be missing";
const LAG: &str = "1013 too slow";

async fn killed_and_started_again(kind: Kind) {
    let mut party = Party::begin(kind).await;
    for times in 1..=2 {
        party.engine.server.kill();
        party.is_split().await;
        party.engine.run();
        party.is_one_again(times).await;
    }
    party.end_with_gaps().await;
}

/// The engine accepts what it is sent, and does not answer.
async fn stopped_and_resumed(kind: Kind) {
    let mut party = Party::begin(kind).await;
    party.engine.server.pause();
    party.is_split().await;
    party.engine.server.resume();
    party.is_one_again(1).await;
    // What was in flight arrives at once in the end, which may be more than a client may lag
    // behind: that is a sign, too.
    party.end().await;
}

/// The replicas work alone until their password is right again.
async fn started_again_with_another_password(kind: Kind) {
    let mut party = Party::begin(kind).await;
    party.engine.server.kill();
    party.engine.run_with_another_password();
    party.is_split().await;
    for replica in &party.replicas {
        replica.logged("cannot use their engine").await;
    }
    party.engine.server.kill();
    party.engine.run();
    party.is_one_again(1).await;
    party.end_with_gaps().await;
}

/// Redis cuts the connections. Later it has no memory left, which messages do not need.
#[tokio::test]
async fn redis_cuts_connections_and_has_no_memory() {
    let mut party = Party::begin(Kind::Redis).await;
    let tell = |party: &Party, words: &str| {
        let words: Vec<_> = words.split(' ').collect();
        party.engine.server.tell(&words)
    };
    assert_eq!(tell(&party, "CLIENT KILL TYPE pubsub"), "3");
    party.is_one_again(1).await;

    tell(&party, "CONFIG SET maxmemory-policy noeviction");
    tell(&party, "CONFIG SET maxmemory 1");
    let refused = tell(&party, "SET key value");
    assert!(refused.starts_with("OOM"), "{refused}");
    let gaps: Vec<_> = party.members.iter().map(Member::gaps).collect();
    party.is_one().await;
    let now: Vec<_> = party.members.iter().map(Member::gaps).collect();
    assert_eq!(gaps, now);
    // Reconnecting needs none either.
    assert_eq!(tell(&party, "CLIENT KILL TYPE pubsub"), "3");
    party.is_one_again(2).await;
    party.end_with_gaps().await;
}
