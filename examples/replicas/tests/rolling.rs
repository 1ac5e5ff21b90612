//! Replicas that end while everyone talks.

use std::mem;

use tokio::task::JoinSet;

use crate::support::{Board, Engine, Kind, Member, Replica, check, over_each_engine};
use crate::together::Chatter;

over_each_engine!(replicas_are_killed_and_restarted, goodbyes_reach_the_others);

const REPLICAS: usize = 3;

async fn replicas_are_killed_and_restarted(kind: Kind) {
    let engine = Engine::start(kind);
    let mut replicas = Replica::start_many(&engine, REPLICAS).await;
    let board = Board::new(&replicas);
    let mut members = Member::of_each(&board, REPLICAS).await;
    Member::all_hear_all(&mut members, REPLICAS).await;

    // One is killed, and replaced.
    let new = Replica::start(&engine).await;
    board.redirect(0, &new);
    let before: Vec<_> = members.iter().map(Member::gaps).collect();
    mem::replace(&mut replicas[0], new).kill().await;
    settle(&mut members, 0, &before).await;

    // All of them, one after the other, as in a rolling update.
    for (place, replica) in replicas.iter_mut().enumerate() {
        let new = Replica::start(&engine).await;
        new.is_ready(true).await;
        board.redirect(place, &new);
        let before: Vec<_> = members.iter().map(Member::gaps).collect();
        let old = mem::replace(replica, new);
        old.terminate();
        assert_eq!(old.ended().await.code(), Some(0));
        settle(&mut members, place, &before).await;
    }

    let signs = check(&Member::go(members).await);
    assert_eq!(signs["lost"], 2, "{signs:?}");
    assert_eq!(
        signs["1012 server is restarting"],
        2 * REPLICAS,
        "{signs:?}"
    );
    assert_eq!(signs.len(), 2, "{signs:?}");
}

/// Waits until everyone hears everyone again. The members of one replica had to reconnect; the
/// others noticed nothing.
async fn settle(members: &mut [Member], place: usize, before: &[usize]) {
    for (member, before) in members.iter_mut().zip(before) {
        if member.place == place {
            member
                .until("the end of the replica", |log| log.gaps > *before)
                .await;
        }
    }
    Member::all_hear_all(members, REPLICAS).await;
    for (member, before) in members.iter().zip(before) {
        let expected = before + usize::from(member.place == place);
        assert_eq!(member.gaps(), expected, "on replica {}", member.place);
    }
}

/// What sessions say when their replica ends reaches the others before it has ended.
async fn goodbyes_reach_the_others(kind: Kind) {
    let engine = Engine::start(kind);
    let replicas = Replica::start_many(&engine, 2).await;
    let [here, there] = <[Replica; 2]>::try_from(replicas).ok().unwrap();
    let mut bob = Chatter::enter(&there, "/rooms/tea?nick=bob").await;
    bob.hears("bob joined").await;
    let nicks: Vec<_> = (0..20).map(|n| format!("ann{n}")).collect();
    let mut anns = Vec::new();
    for nick in &nicks {
        anns.push(Chatter::enter(&here, &format!("/rooms/tea?nick={nick}")).await);
        bob.hears(&format!("{nick} joined")).await;
    }
    here.terminate();
    let mut ending = JoinSet::new();
    for ann in anns {
        ending.spawn(ann.until_left());
    }
    let goodbyes: Vec<_> = nicks.iter().map(|nick| format!("{nick} left")).collect();
    let goodbyes: Vec<_> = goodbyes.iter().map(String::as_str).collect();
    bob.hears_all(&goodbyes).await;
    assert_eq!(here.ended().await.code(), Some(0));
}
