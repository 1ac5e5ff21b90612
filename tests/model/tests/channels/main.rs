//! What channels promise, in every order of what their threads do.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod ending;
mod gaps;
mod order;
mod subscribing;
mod waiting;

use loom::{
    model::Builder,
    thread::{self, JoinHandle},
};
use model_tests::{Channels, Counted, Message, RecvError, Subscription, counted};
use std::{
    collections::BTreeSet,
    mem,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

/// In words of the machine.
const STACK: usize = 64 * 1024;

/// Runs a model once in every order, and answers the ways in which it came out.
///
/// Loom fails it where a thread waits for ever, and where something is never dropped.
fn explore<T: Ord + Send + 'static>(model: fn() -> T) -> BTreeSet<T> {
    explore_within(None, model)
}

/// As [`explore`], where that takes minutes: in every order in which three times at most a thread is stopped that could
/// have gone on.
fn explore_most<T: Ord + Send + 'static>(model: fn() -> T) -> BTreeSet<T> {
    explore_within(Some(3), model)
}

fn explore_within<T: Ord + Send + 'static>(
    preemptions: Option<usize>,
    model: fn() -> T,
) -> BTreeSet<T> {
    let results = Arc::new(Mutex::new(BTreeSet::new()));
    let count = Arc::new(AtomicUsize::new(0));
    let mut builder = Builder::new();
    builder.preemption_bound = preemptions;
    // A registry has many locks, and takes each when it is dropped.
    builder.max_branches = 10_000;
    builder.check({
        let (results, count) = (Arc::clone(&results), Arc::clone(&count));
        move || {
            // Of its own, because loom's first thread has a small stack.
            let result = spawn(model).join().unwrap();
            results.lock().unwrap().insert(result);
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    println!("{} orders", count.load(Ordering::Relaxed));
    mem::take(&mut *results.lock().unwrap())
}

fn spawn<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    thread::Builder::new().stack_size(STACK).spawn(run).unwrap()
}

/// Nobody holds a channel any more: there is none. Each of so many messages was counted once.
fn check_end(channels: &Channels, published: u64, delivered: u64) {
    let Counted {
        open,
        subscribers,
        heard,
        unheard,
        delivered: received,
    } = counted(channels);
    assert_eq!((open, subscribers), (0, 0));
    assert_eq!(heard + unheard, published);
    assert_eq!(received, delivered);
}

fn poll(subscription: &mut Subscription, waker: &Waker) -> Poll<Result<Message, RecvError>> {
    let received = std::pin::pin!(subscription.recv());
    received.poll(&mut Context::from_waker(waker))
}

/// Everything that is there.
fn drain(subscription: &mut Subscription) -> Vec<u32> {
    let mut heard = Vec::new();
    while let Poll::Ready(message) = poll(subscription, Waker::noop()) {
        heard.push(number(&message.unwrap()));
    }
    heard
}

fn wait(subscription: &mut Subscription) -> Result<u32, RecvError> {
    loom::future::block_on(subscription.recv()).map(|message| number(&message))
}

fn number(message: &Message) -> u32 {
    message.to_text().unwrap().parse().unwrap()
}
