//! Whether a connection still leads to the Redis that everybody uses.
//!
//! A connection outlives what it leads to: its Redis may become a replica, or the address may lead to
//! another one. What is published is then heard by nobody else, and comes back as if all were well.

use super::{error::fault, role};
use crate::{EngineError, Inbox};
use redis::{AsyncConnectionConfig, Client, aio::MultiplexedConnection, cmd};
use std::{
    hash::{BuildHasher, RandomState},
    mem,
    sync::Arc,
};
use tokio::time::{sleep, timeout};

/// Watches one connection.
pub(super) struct Watch {
    client: Client,
    connection: MultiplexedConnection,
    inbox: Inbox,
    mark: Arc<str>,
    /// Whether this server says how many have heard what is published.
    counts: bool,
    /// Whether it was said already that second connections are refused.
    has_warned: bool,
}

/// So many checks fit into the time that the server has for an answer.
const CHECKS: u32 = 3;

/// A channel that one connection alone is subscribed to. Whoever else publishes there learns whether
/// it is the same Redis: that says how many have heard it.
pub(super) fn mark(prefix: &str) -> Arc<str> {
    let number = RandomState::new().hash_one(prefix);
    format!("{prefix}server:{number:016x}").into()
}

impl Watch {
    /// Begins to watch, when the first check has found nothing wrong.
    pub(super) async fn begin(
        client: Client,
        mut connection: MultiplexedConnection,
        inbox: Inbox,
        mark: Arc<str>,
    ) -> Result<Self, EngineError> {
        connection.subscribe(&*mark).await.map_err(fault)?;
        let mut watch = Self {
            counts: is_heard(&mark, &mut connection).await?,
            client,
            connection,
            inbox,
            mark,
            has_warned: false,
        };
        watch.check().await?;
        Ok(watch)
    }

    /// Watches until something is wrong, and returns what that is.
    pub(super) async fn run(mut self) -> EngineError {
        loop {
            sleep(self.inbox.timeout() / CHECKS).await;
            if let Err(error) = self.check().await {
                return error;
            }
        }
    }

    async fn check(&mut self) -> Result<(), EngineError> {
        self.inbox.begin_check();
        role::check(&mut self.connection).await?;
        let limit = self.inbox.timeout();
        match timeout(limit, self.check_address()).await {
            Ok(Ok(true)) => self.inbox.end_check(),
            Ok(Err(error)) if error.is_refused() => return Err(error),
            // Only a second connection has failed, which says nothing about the first.
            Ok(Ok(false) | Err(_)) | Err(_) => {}
        }
        Ok(())
    }

    /// Checks what the address leads to now. Returns whether that is known.
    async fn check_address(&mut self) -> Result<bool, EngineError> {
        let Some(mut second) = self.second().await? else {
            return Ok(false);
        };
        role::check(&mut second).await?;
        if self.counts && !is_heard(&self.mark, &mut second).await? {
            return Err(EngineError::refused(
                "its address leads to several Redis servers, or to another one than before: replicas \
                 would not hear each other",
            ));
        }
        Ok(true)
    }

    /// Another connection. It may be refused where the first one lives on, as when a password has
    /// changed.
    async fn second(&mut self) -> Result<Option<MultiplexedConnection>, EngineError> {
        let config = config();
        let connection = self
            .client
            .get_multiplexed_async_connection_with_config(&config);
        match connection.await.map_err(fault) {
            Ok(connection) => {
                self.has_warned = false;
                Ok(Some(connection))
            }
            Err(error) if error.is_refused() => {
                if !mem::replace(&mut self.has_warned, true) {
                    tracing::warn!(%error, "the engine would refuse a new connection");
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Publishes on a mark, and returns whether the connection that is marked has heard it.
async fn is_heard(mark: &str, connection: &mut MultiplexedConnection) -> Result<bool, EngineError> {
    let mut publish = cmd("PUBLISH");
    publish.arg(mark).arg("");
    let heard: u64 = publish.query_async(connection).await.map_err(fault)?;
    Ok(heard > 0)
}

/// The link has limits of its own.
pub(super) fn config() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(None)
        .set_response_timeout(None)
}
