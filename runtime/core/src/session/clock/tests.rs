use super::Clock;
use crate::{Endpoint, endpoint::Policy, session::schedule::Due};
use std::{future::poll_fn, time::Duration};
use tokio::time::{Instant, advance, timeout};

const SECOND: Duration = Duration::from_secs(1);

struct Watched;

impl Endpoint for Watched {
    const NAME: &'static str = "watched";
    const HEARTBEAT: Option<Duration> = Some(Duration::from_secs(30));
    const IDLE: Option<Duration> = Some(Duration::from_secs(70));
    const SEND_TIMEOUT: Duration = Duration::from_secs(10);
}

struct Unwatched;

impl Endpoint for Unwatched {
    const NAME: &'static str = "unwatched";
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = None;
}

struct Silent;

impl Endpoint for Silent {
    const NAME: &'static str = "silent";
    const HEARTBEAT: Option<Duration> = None;
    const IDLE: Option<Duration> = Some(Duration::from_secs(70));
}

/// What is due next, and after how many seconds. A ping is sent.
async fn next(clock: &mut Clock) -> (u64, Due) {
    let from = Instant::now();
    let due = poll_fn(|cx| clock.poll_due(cx)).await;
    if due == Due::Ping {
        clock.pinged();
    }
    (from.elapsed().as_secs(), due)
}

/// Waits, and checks that nothing is due.
async fn watch(clock: &mut Clock, seconds: u32) {
    assert!(timeout(seconds * SECOND, next(clock)).await.is_err());
    clock.leave();
}

#[tokio::test(start_paused = true)]
async fn pings_until_it_gives_up() {
    let mut clock = Clock::new(Policy::of::<Watched>());
    assert_eq!(next(&mut clock).await, (30, Due::Ping));
    assert_eq!(next(&mut clock).await, (30, Due::Ping));
    assert_eq!(next(&mut clock).await, (10, Due::Idle));
}

#[tokio::test(start_paused = true)]
async fn a_ping_that_is_late_can_be_answered() {
    let mut clock = Clock::new(Policy::of::<Watched>());
    advance(500 * SECOND).await;
    assert_eq!(next(&mut clock).await, (0, Due::Ping));
    assert_eq!(next(&mut clock).await, (30, Due::Ping));
    assert_eq!(next(&mut clock).await, (10, Due::Idle));
    clock.heard();
    assert_eq!(next(&mut clock).await, (30, Due::Ping));
    assert_eq!(next(&mut clock).await, (30, Due::Ping));
    assert_eq!(next(&mut clock).await, (10, Due::Idle));
}

#[tokio::test(start_paused = true)]
async fn a_ping_that_is_held_up_can_be_answered() {
    let mut clock = Clock::new(Policy::of::<Watched>());
    assert_eq!(next(&mut clock).await, (30, Due::Ping));
    watch(&mut clock, 25).await;
    clock.stall(0);
    watch(&mut clock, 4).await;
    clock.flow();
    assert_eq!(next(&mut clock).await, (1, Due::Ping));
    assert_eq!(next(&mut clock).await, (30, Due::Ping));
    assert_eq!(next(&mut clock).await, (9, Due::Idle));
}

#[tokio::test(start_paused = true)]
async fn a_ping_that_was_never_sent_is_not_waited_for() {
    let mut clock = Clock::new(Policy::of::<Watched>());
    for _ in 0..5 {
        let due = poll_fn(|cx| clock.poll_due(cx)).await;
        assert_eq!(due, Due::Ping);
    }
}

#[tokio::test(start_paused = true)]
async fn silence_counts_only_while_somebody_waits() {
    let mut clock = Clock::new(Policy::of::<Silent>());
    advance(500 * SECOND).await;
    watch(&mut clock, 40).await;
    advance(500 * SECOND).await;
    clock.leave();
    watch(&mut clock, 20).await;
    assert_eq!(next(&mut clock).await, (10, Due::Idle));
    clock.heard();
    assert_eq!(next(&mut clock).await, (70, Due::Idle));
}

#[tokio::test(start_paused = true)]
async fn a_stall_counts_only_while_somebody_waits() {
    let mut clock = Clock::new(Policy::of::<Watched>());
    clock.stall(0);
    watch(&mut clock, 4).await;
    advance(500 * SECOND).await;
    assert_eq!(next(&mut clock).await, (0, Due::Ping));
    assert_eq!(next(&mut clock).await, (6, Due::Cut));
}

#[tokio::test(start_paused = true)]
async fn a_sign_of_life_moves_the_deadlines() {
    let mut clock = Clock::new(Policy::of::<Watched>());
    for _ in 0..10 {
        advance(25 * SECOND).await;
        clock.heard();
    }
    assert_eq!(next(&mut clock).await, (30, Due::Ping));
    clock.heard();
    assert_eq!(next(&mut clock).await, (30, Due::Ping));
}

#[tokio::test(start_paused = true)]
async fn a_stall_is_counted_from_its_beginning() {
    let mut clock = Clock::new(Policy::of::<Watched>());
    clock.stall(0);
    watch(&mut clock, 8).await;
    clock.stall(0);
    assert_eq!(next(&mut clock).await, (2, Due::Cut));
    clock.flow();
    assert_eq!(next(&mut clock).await, (20, Due::Ping));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_bytes_slowly_is_not_cut_off() {
    let mut clock = Clock::new(Policy::of::<Unwatched>());
    for written in 0..5 {
        clock.stall(written);
        watch(&mut clock, 9).await;
    }
    clock.stall(4);
    assert_eq!(next(&mut clock).await, (1, Due::Cut));
}

#[tokio::test(start_paused = true)]
async fn a_nearer_deadline_sets_the_timer_again() {
    let mut clock = Clock::new(Policy::of::<Watched>());
    assert!(timeout(SECOND, next(&mut clock)).await.is_err());
    clock.stall(0);
    assert_eq!(next(&mut clock).await, (10, Due::Cut));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_due_without_limits() {
    let mut clock = Clock::new(Policy::of::<Unwatched>());
    assert!(timeout(1000 * SECOND, next(&mut clock)).await.is_err());
    clock.stall(0);
    assert_eq!(next(&mut clock).await, (10, Due::Cut));
}
