//! Foreign messages on the engine, and channel names that are easily confused.

use crate::support::{Engine, Kind, Replica, over_each_engine};
use crate::together::Chatter;

over_each_engine!(what_strangers_publish_is_ignored, rooms_do_not_mix);

/// The start of our frames: a sign, a version, a kind, the sender, and a number.
fn frame(sign: &[u8], kind: u8, payload: &[u8]) -> Vec<u8> {
    [sign, &[kind], b"stranger", &[0; 8], payload].concat()
}

const SIGN: &[u8] = b"\xa7W\x01";

/// Frames that are not ours.
fn garbage() -> Vec<Vec<u8>> {
    vec![
        b"".to_vec(),
        b"hello".to_vec(),
        b"{\"text\":\"hello\"}".to_vec(),
        vec![0; 100],
        vec![0xff; 20],
        SIGN.to_vec(),
        frame(SIGN, 1, b"")[..19].to_vec(),
        frame(b"\xa7W\x00", 1, b"an unknown version"),
        frame(SIGN, 0, b"unknown kind"),
        frame(SIGN, 200, b"unknown kind"),
        frame(SIGN, 4, b"a probe"),
        frame(SIGN, 1, b"not text: \xff\xfe"),
        // Longer than a client's message may be, and not text either.
        frame(SIGN, 1, &vec![0xff; 500_000]),
    ]
}

/// Subjects to which replicas with listeners in the room `tea` subscribe, and subjects to which
/// nobody does.
struct Subjects {
    room: &'static str,
    replicas: &'static str,
    /// Nobody subscribes to these.
    others: Vec<&'static [u8]>,
}

fn subjects(kind: Kind) -> Subjects {
    match kind {
        Kind::Redis => Subjects {
            room: "autumn-ws:channel:room:tea",
            replicas: "autumn-ws:replicas",
            others: vec![
                b"",
                b"\xff\xfe",
                b"room:tea",
                b"autumn-ws:channel:room:te",
                b"autumn-ws:channel:room:tea\0",
                b"autumn-ws:channel:room:*",
                b"autumn-ws:channel:",
                b"autumn-ws:replica:stranger",
                b"autumn-ws",
            ],
        },
        Kind::Nats => Subjects {
            room: "autumn-ws.in.channel=3Aroom=3Atea",
            replicas: "autumn-ws.in.replicas",
            others: vec![
                b"room",
                b"autumn-ws.in.channel",
                b"autumn-ws.in.channel=3Aroom=3Atea.more",
                b"autumn-ws.in.channel=3aroom=3atea",
                b"autumn-ws.in.channel=3Aroom=3At=65a",
                b"autumn-ws.in.x.y.z",
                b"autumn-ws.out",
                b"autumn-ws.in.\xff\xfe",
            ],
        },
    }
}

async fn what_strangers_publish_is_ignored(kind: Kind) {
    let engine = Engine::start(kind);
    let replicas = Replica::start_many(&engine, 2).await;
    let mut here = Chatter::enter(&replicas[0], "/rooms/tea?nick=ann").await;
    here.hears("ann joined").await;
    let mut there = Chatter::enter(&replicas[1], "/rooms/tea?nick=bob").await;
    there.hears("bob joined").await;
    here.hears("bob joined").await;

    let subjects = subjects(kind);
    let mut expected = 0;
    for payload in garbage() {
        for subject in [subjects.room, subjects.replicas] {
            engine.publish(subject.as_bytes(), &payload).await;
            expected += 1;
        }
    }
    for subject in &subjects.others {
        for payload in [&b"hello"[..], &frame(SIGN, 1, b"hello")] {
            engine.publish(subject, payload).await;
        }
    }
    if kind == Kind::Nats {
        // Bypasses the stream, through which all our messages go.
        let subject = b"autumn-ws.out.channel=3Aroom=3Atea";
        engine.publish(subject, &frame(SIGN, 1, b"hello")).await;
        expected += 1;
    }
    // No client hears any of it, and everything that arrived is counted.
    here.say("still here").await;
    for chatter in [&mut here, &mut there] {
        assert_eq!(chatter.hear().await, "ann: still here");
    }
    for replica in &replicas {
        replica.counts("engine/ignored", expected).await;
        assert_eq!(replica.counted("engine/ignored").await, expected);
        assert_eq!(replica.counted("engine/outages").await, 0);
        assert_eq!(replica.counted("engine/gaps_received").await, 0);
    }
}

/// Room names as they stand in a path. Some have a meaning for an engine; some are what another
/// name would become under a different escaping.
const ROOMS: [&str; 16] = [
    "tea",
    "te=61",
    "tea.",
    "tea.*",
    "*",
    "%3E",
    "tea%3A",
    "tea%20",
    "tea%00",
    "tea%0D%0A",
    "TEA",
    "%25tea",
    "t%C3%A9a",
    "%F0%9F%8D%B5",
    "=",
    "..%2Ftea",
];

async fn rooms_do_not_mix(kind: Kind) {
    let engine = Engine::start(kind);
    let replicas = Replica::start_many(&engine, 2).await;
    let mut here = Vec::new();
    let mut there = Vec::new();
    for room in ROOMS {
        // One after the other: clients that join at once are announced in any order.
        let mut ann = Chatter::enter(&replicas[0], &format!("/rooms/{room}?nick=ann")).await;
        ann.hears("ann joined").await;
        let mut bob = Chatter::enter(&replicas[1], &format!("/rooms/{room}?nick=bob")).await;
        bob.hears("bob joined").await;
        ann.hears("bob joined").await;
        here.push(ann);
        there.push(bob);
    }
    for (number, (here, there)) in here.iter_mut().zip(&mut there).enumerate() {
        here.say(format!("in room {number}")).await;
        there.say("goodbye").await;
    }
    for (number, (here, there)) in here.iter_mut().zip(&mut there).enumerate() {
        for chatter in [here, there] {
            let mut heard = [chatter.hear().await, chatter.hear().await];
            heard.sort();
            assert_eq!(
                heard,
                [format!("ann: in room {number}"), "bob: goodbye".to_owned()]
            );
        }
    }
    assert_eq!(engine.channels().await.len(), ROOMS.len());
}
