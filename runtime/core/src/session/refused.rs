//! Sockets that only tell a client why it gets none.

use super::socket::Socket;
use crate::{CloseFrame, Message};
use hyper::upgrade::Upgraded;
use std::{
    future::poll_fn,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tokio::time::timeout;

/// The most of them that exist in this process.
const MOST: usize = 256;

/// How long one exists.
const LIFE: Duration = Duration::from_secs(1);

/// The largest message from such a client, which is discarded.
const LARGEST: usize = 125;

static EXISTING: AtomicUsize = AtomicUsize::new(0);

/// A place among such sockets.
#[derive(Debug)]
pub(crate) struct Place(());

impl Place {
    /// Takes one. `None`: there are too many.
    pub(crate) fn take() -> Option<Self> {
        let more = |existing: usize| (existing < MOST).then_some(existing + 1);
        EXISTING
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .ok()
            .map(|_| Self(()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        EXISTING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Sends one close frame, and waits a moment for the client to close, too. It is not a session, and is
/// counted nowhere.
pub(crate) async fn close_refused(
    connection: impl Future<Output = hyper::Result<Upgraded>>,
    frame: CloseFrame,
    place: Place,
) {
    let closed = async {
        let Ok(mut socket) = Socket::open(connection, LARGEST).await else {
            return;
        };
        socket.queue(Message::Close(Some(frame)));
        if poll_fn(|cx| socket.poll_flush(cx)).await.is_ok() {
            socket.linger().await;
        }
    };
    // Whether it was enough or not, the socket is dropped.
    timeout(LIFE, closed).await.ok();
    drop(place);
}

#[cfg(test)]
mod tests {
    use super::{MOST, Place};

    #[test]
    fn there_are_not_more_than_256() {
        let mut places: Vec<_> = (0..MOST).map(|_| Place::take().unwrap()).collect();
        assert!(Place::take().is_none());
        places.pop();
        assert!(Place::take().is_some());
    }
}
