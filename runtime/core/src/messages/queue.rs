//! The way from other tasks into a session.

use super::{error::SendError, request_id::RequestId};
use crate::{CloseCode, Utf8Bytes};
use std::{
    sync::Arc,
    task::{Context, Poll},
};
use tokio::{
    sync::{Semaphore, mpsc},
    task,
};
use tokio_util::sync::CancellationToken;

/// How many messages may wait for a session.
const ROOM: usize = 16;

/// What other tasks want of a session.
pub(super) enum Queued {
    /// To send a message.
    Message(Utf8Bytes),
    /// To send a part of an answer.
    Part(Arc<Request>, Utf8Bytes),
    /// To send its end.
    Reply(Arc<Request>, Utf8Bytes),
    /// To end: the answer will never be finished.
    Abandoned(Arc<Request>),
    /// To close.
    Close(CloseCode, Utf8Bytes),
}

/// A request that is answered beside the session.
pub(super) struct Request {
    pub(super) id: RequestId,
    /// Nothing is sent for this request any more.
    pub(super) cancelled: CancellationToken,
}

/// The end of other tasks.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    entries: mpsc::UnboundedSender<Queued>,
    room: Arc<Semaphore>,
    /// The task in which the session's code runs.
    task: Option<task::Id>,
}

/// The session's end.
pub(super) struct Outbox {
    entries: mpsc::UnboundedReceiver<Queued>,
    room: Arc<Semaphore>,
}

/// Makes both ends, in the task of the session.
pub(super) fn queue() -> (Queue, Outbox) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let room = Arc::new(Semaphore::new(ROOM));
    let queue = Queue {
        entries: sender,
        room: Arc::clone(&room),
        task: task::try_id(),
    };
    let entries = receiver;
    (queue, Outbox { entries, room })
}

impl Queue {
    /// Waits until there is room, and queues a message. The session's own code cannot wait for
    /// itself.
    pub(super) async fn send(&self, message: Queued) -> Result<(), SendError> {
        let is_own = self.task.is_some() && task::try_id() == self.task;
        let place = if is_own && !self.room.is_closed() {
            self.room.try_acquire().map_err(|_| SendError::Full)?
        } else {
            self.room.acquire().await.map_err(|_| SendError::Ended)?
        };
        place.forget();
        self.order(message)
    }

    /// Queues what takes no room.
    pub(super) fn order(&self, order: Queued) -> Result<(), SendError> {
        self.entries.send(order).map_err(|_| SendError::Ended)
    }
}

impl Outbox {
    /// What comes next. A session that waits for this is woken.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Queued>> {
        let next = self.entries.poll_recv(cx);
        if let Poll::Ready(Some(Queued::Message(_) | Queued::Part(..) | Queued::Reply(..))) = next {
            self.room.add_permits(1);
        }
        next
    }
}

impl Drop for Outbox {
    /// Nobody waits for a session that has ended.
    fn drop(&mut self) {
        self.room.close();
    }
}
