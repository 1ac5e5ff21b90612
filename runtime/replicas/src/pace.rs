//! Pauses of the present task, which tokio makes when it next waits for something.

use std::task::{Context, Poll, Waker};
use tokio::task::coop;

/// What tokio lets a task do in one go.
const BUDGET: usize = 128;

/// The task has done one of the things after so many of which it makes a pause, as tokio's own
/// channels do. Whoever waits for it has his turn meanwhile, and nothing piles up.
pub(super) fn step() {
    let mut cx = Context::from_waker(Waker::noop());
    if let Poll::Ready(budget) = coop::poll_proceed(&mut cx) {
        budget.made_progress();
    }
}

/// The task has done enough. So those who publish faster than the engine takes it leave time to the
/// task that sends it.
pub(super) fn rest() {
    (0..BUDGET).for_each(|_| step());
}
