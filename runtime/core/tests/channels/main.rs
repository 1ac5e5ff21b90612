//! Channels against their promises: single operations compared with a model of a few lines, and
//! many threads at once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

mod model;
mod properties;
mod stress;

use autumn_ws_core::{Message, RecvError, Subscription};
use std::task::{Context, Poll, Waker};

type Received = Result<Message, RecvError>;

/// What a subscription returns right now. If it waits, this waker is registered.
fn poll(subscription: &mut Subscription, waker: &Waker) -> Poll<Received> {
    let received = std::pin::pin!(subscription.recv());
    received.poll(&mut Context::from_waker(waker))
}
