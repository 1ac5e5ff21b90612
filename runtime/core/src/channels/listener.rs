//! Who listens to channels.

use std::{
    num::NonZeroU64,
    sync::atomic::{AtomicU64, Ordering},
};

/// What a message can be kept from: a [`Session`](crate::Session).
///
/// It is sealed, and only appears in the signatures of [`Channels`](crate::Channels) and
/// [`Sender`](crate::Sender).
pub trait Listener: Listening {}

impl<T: Listening + ?Sized> Listener for T {}

/// What [`Channels`](crate::Channels) have to know of a listener.
pub trait Listening {
    /// Which one it is. `None`: it listens to nothing.
    fn id(&self) -> Option<ListenerId>;

    /// How many subscriptions to the channel `name` it has.
    fn subscriptions(&self, name: &str) -> usize;
}

/// A listener in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenerId(NonZeroU64);

impl ListenerId {
    /// An id that no other listener has.
    pub(crate) fn new() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        Self(NonZeroU64::new(number).unwrap_or(NonZeroU64::MAX))
    }
}
