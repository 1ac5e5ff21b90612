//! Yields of the current task, at its next await.

use std::task::{Context, Poll, Waker};
use tokio::task::coop;

/// Operations that tokio lets a task do without yielding.
const BUDGET: usize = 128;

/// Counts one operation towards the task's budget, as tokio's own channels do. When it is used up,
/// the task yields, so that those that wait for it get their turn, and nothing piles up.
pub(super) fn spend() {
    let mut cx = Context::from_waker(Waker::noop());
    if let Poll::Ready(budget) = coop::poll_proceed(&mut cx) {
        budget.made_progress();
    }
}

/// Uses up the task's budget. So publishers that are faster than the engine leave time to the task
/// that sends.
pub(super) fn use_up() {
    (0..BUDGET).for_each(|_| spend());
}
