//! The closing handshake.

use super::Wire;
use std::future::poll_fn;
use tokio::{
    task::coop,
    time::{error::Elapsed, timeout},
};

impl Wire {
    /// Finishes the closing handshake (RFC 6455, 7.1.1) as far as the client plays along.
    pub(crate) async fn finish(&mut self) {
        if self.closed.as_ref().is_none_or(|closed| !closed.is_clean()) {
            return;
        }
        if self.flush_all().await.is_err() {
            self.meter.counters().send_timeouts.count();
            tracing::warn!("the client did not take the close frame in time");
            return;
        }
        // The client has the same time to read all that, and to answer. Whether it does or not,
        // that was all.
        timeout(self.policy.send_timeout, self.hear_out())
            .await
            .ok();
    }

    /// Reads until the client has closed too. What it still says comes too late, and may be wrong.
    async fn hear_out(&mut self) {
        while !self.deaf {
            match poll_fn(|cx| self.socket.poll_read(cx)).await {
                // Whoever goes on talking does not keep other tasks from running.
                Some(Ok(_)) => coop::consume_budget().await,
                Some(Err(_)) => self.deaf = true,
                None => return,
            }
        }
        self.socket.linger().await;
    }

    /// Waits until everything queued has left, as long as the client takes some of it.
    async fn flush_all(&mut self) -> Result<(), Elapsed> {
        let limit = self.policy.send_timeout;
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
