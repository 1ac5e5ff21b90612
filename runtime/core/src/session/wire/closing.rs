//! The closing handshake.

use super::Wire;
use std::future::poll_fn;
use tokio::{
    task::coop,
    time::{error::Elapsed, timeout},
};

impl Wire {
    /// Finishes the closing handshake (RFC 6455, 7.1.1) as far as the client cooperates.
    pub(crate) async fn finish(&mut self) {
        if self.closed.as_ref().is_none_or(|closed| !closed.is_clean()) {
            return;
        }
        if self.flush_all().await.is_err() {
            self.meter.counters().send_timeouts.count();
            tracing::warn!("the client did not take the close frame in time");
            return;
        }
        // The client has the same time again to read everything and to answer.
        timeout(self.policy().send_timeout, self.read_to_close())
            .await
            .ok();
    }

    /// Reads until the client has closed, too. Whatever it still sends comes too late.
    async fn read_to_close(&mut self) {
        while !self.is_unreadable {
            match poll_fn(|cx| self.socket.poll_read(cx)).await {
                // A client that keeps sending must not keep other tasks from running.
                Some(Ok(_)) => coop::consume_budget().await,
                Some(Err(_)) => self.is_unreadable = true,
                None => return,
            }
        }
        self.socket.linger().await;
    }

    /// Waits until everything queued has left, for as long as the client keeps taking some of it.
    async fn flush_all(&mut self) -> Result<(), Elapsed> {
        let limit = self.policy().send_timeout;
        loop {
            let before = self.socket.written();
            let flushed = poll_fn(|cx| self.poll_empty(cx));
            match timeout(limit, flushed).await {
                Err(_) if self.socket.written() != before => {}
                ended => return ended,
            }
        }
    }
}
