//! What it costs to decode, check and dispatch a message: typed, and by hand with `serde_json`.

mod by_hand;
mod generated;
#[allow(dead_code, reason = "only the messages are used")]
mod ws;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::{
    alloc::System,
    hint::black_box,
    time::{Duration, Instant},
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How often each is measured, the two in turn.
const ROUNDS: usize = 101;

/// How long one measurement takes, about.
const ROUND: Duration = Duration::from_millis(3);

/// What is done with a message: as much as keeps it from being optimised away.
#[derive(Debug, PartialEq, Eq)]
enum Dispatch {
    Say(usize),
    Typing,
    Place(usize),
}

type Handle = fn(&str) -> Option<Dispatch>;

fn main() {
    println!(
        "{:<28} {:>9} {:>9} {:>6}   allocations",
        "ns for each message", "typed", "by hand", "ratio"
    );
    for (name, text) in messages() {
        assert_eq!(generated::handle(&text), by_hand::handle(&text), "{text}");
        assert!(generated::handle(&text).is_some(), "{text}");
        let [typed, by_hand] = measure(&text);
        let allocations =
            [generated::handle, by_hand::handle].map(|handle| allocations(handle, &text));
        println!(
            "{name:<28} {typed:>9.0} {by_hand:>9.0} {:>6.2}   {} / {}",
            typed / by_hand,
            allocations[0],
            allocations[1],
        );
    }
}

/// What clients of the shop send.
fn messages() -> [(&'static str, String); 6] {
    let say = |text: &str| format!(r#"{{"type":"say","text":"{text}"}}"#);
    let line = |number: usize| {
        format!(
            r#"{{"item":"Assam, second flush, {number}","count":{number},"price":12.5,"note":"leaf"}}"#
        )
    };
    let place = |lines: usize| {
        let lines: Vec<String> = (1..=lines).map(line).collect();
        format!(
            r#"{{"type":"place","urgent":false,"lines":[{}]}}"#,
            lines.join(",")
        )
    };
    [
        ("typing", r#"{"type":"typing"}"#.to_owned()),
        ("say, 20 characters", say("when will it arrive?")),
        (
            "say, 400 characters",
            say(&"when will it arrive?".repeat(20)),
        ),
        (
            "say, with 20 escapes",
            say(&r#"\"when\" will it arrive?\n"#.repeat(10)),
        ),
        ("place, 1 line", place(1)),
        ("place, 20 lines", place(20)),
    ]
}

/// The shortest time of each, in nanoseconds: whatever else the machine does can only add to it.
fn measure(text: &str) -> [f64; 2] {
    let handles: [Handle; 2] = [generated::handle, by_hand::handle];
    let repeats = repeats(text);
    let mut shortest = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        for (handle, shortest) in handles.iter().zip(&mut shortest) {
            *shortest = time(*handle, text, repeats).min(*shortest);
        }
    }
    shortest.map(|time| time.as_secs_f64() * 1e9 / f64::from(repeats))
}

/// How often a message is handled in one round.
fn repeats(text: &str) -> u32 {
    let mut repeats = 16;
    while time(by_hand::handle, text, repeats) < ROUND {
        repeats *= 2;
    }
    repeats
}

fn time(handle: Handle, text: &str, repeats: u32) -> Duration {
    let started = Instant::now();
    for _ in 0..repeats {
        black_box(handle(black_box(text)));
    }
    started.elapsed()
}

fn allocations(handle: Handle, text: &str) -> usize {
    let region = Region::new(ALLOCATOR);
    black_box(handle(text));
    let change = region.change();
    change.allocations + change.reallocations
}
