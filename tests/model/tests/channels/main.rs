//! What channels promise, under every interleaving of their threads.

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

/// In machine words.
const STACK: usize = 64 * 1024;

/// Runs a model once in every order, and returns the different results.
///
/// Loom fails it if a thread waits forever, or if something is never dropped.
fn explore<T: Ord + Send + 'static>(model: fn() -> T) -> BTreeSet<T> {
    explore_within(None, model)
}

/// As [`explore`], for models where that takes minutes: in every order with at most three
/// preemptions.
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
    // A registry has many locks, and takes each of them when it is dropped.
    builder.max_branches = 10_000;
    builder.check({
        let (results, count) = (Arc::clone(&results), Arc::clone(&count));
        move || {
            // In a thread of its own, because loom's first thread has a small stack.
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

/// Checks that no channel is left when nobody holds one, and that each message was counted once.
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

/// Everything that has arrived.
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
