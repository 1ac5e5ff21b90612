//! Watches whether a connection still leads to the Redis that all replicas use.
//!
//! A connection can outlive its target: its Redis may become a replica, or the address may lead to
//! another one. Nobody else then hears what is published, though it comes back as if all were well.

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
    /// Whether this server reports how many subscribers a message reached.
    counts: bool,
    /// Whether a refusal of second connections has been logged.
    has_warned: bool,
}

/// The number of checks within the engine's timeout.
const CHECKS: u32 = 3;

/// A channel with one subscribed connection. A publish on it from another connection reports
/// whether that is the same Redis, by the number of receivers.
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
            // Only a second connection has failed, which proves nothing about the first.
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

    /// Another connection. It may be refused although the first one stays, as after a change of
    /// password.
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

/// Publishes on a mark, and returns whether the marked connection received it.
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
