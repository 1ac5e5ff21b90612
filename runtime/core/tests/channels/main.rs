//! Channels against what they promise: one operation after the other, compared with a model of a few lines, and many
//! threads at once.

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

/// What a subscription has to give right now. Whoever waits is noted with this waker.
fn poll(subscription: &mut Subscription, waker: &Waker) -> Poll<Received> {
    let received = std::pin::pin!(subscription.recv());
    received.poll(&mut Context::from_waker(waker))
}
