//! Whether threads that publish on different channels slow each other down.

use crate::{Bus, show};
use anyhow::{Result, anyhow, ensure};
use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

const TIME: Duration = Duration::from_millis(100);

/// How often to count. The best count is taken: other load can only reduce it.
const TRIES: usize = 6;

/// Counts the publishes of one thread alone, then of two on channels of their own, with one
/// subscriber each. Allocations are not counted, because counters would slow the threads down too.
///
/// # Errors
///
/// If a message is lost.
pub fn threads<B: Bus>() -> Result<()> {
    let bus = B::default();
    let mut alone: f64 = 0.0;
    let mut both: f64 = 0.0;
    for _ in 0..TRIES {
        alone = alone.max(rate(&bus, &["a"])?);
        both = both.max(rate(&bus, &["a", "b"])?);
    }
    show("one thread", "rate", alone);
    show("two threads, two channels", "rate", both);
    show("a channel each", "speed-up", both / alone);
    Ok(())
}

/// Publishes per second, with one thread for each name.
fn rate<B: Bus>(bus: &B, names: &[&str]) -> Result<f64> {
    let start = Barrier::new(names.len());
    let total = thread::scope(|scope| {
        let start = &start;
        let spawn = |name| scope.spawn(move || publish(bus, name, start));
        let threads: Vec<_> = names.iter().copied().map(spawn).collect();
        threads
            .into_iter()
            .map(|thread| {
                let published = thread.join();
                published.unwrap_or_else(|_| Err(anyhow!("a thread panicked")))
            })
            .sum::<Result<usize>>()
    })?;
    Ok(total as f64 / TIME.as_secs_f64())
}

/// Publishes for a while, and returns how often.
fn publish<B: Bus>(bus: &B, name: &str, start: &Barrier) -> Result<usize> {
    let mut listener = bus.listen(name);
    let message = "x".repeat(64);
    let mut count = 0;
    start.wait();
    let begin = Instant::now();
    while begin.elapsed() < TIME {
        for _ in 0..100 {
            bus.publish(name, message.clone());
            ensure!(B::receive(&mut listener), "a message was lost");
        }
        count += 100;
    }
    Ok(count)
}
