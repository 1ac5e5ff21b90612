//! The database.

use crate::Error;
use rusqlite::Connection;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::task::spawn_blocking;

/// The database: SQLite in memory. Clones are the same one.
#[derive(Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
    /// How long a login lasts.
    pub(crate) login: Duration,
}

impl Store {
    /// A shop with the customers ann and bob, sue of the staff, and two rooms to get help in. Each user's key is the name and
    /// `-key`. A login lasts as long as `login`.
    ///
    /// # Errors
    ///
    /// If SQLite has no memory.
    pub fn demo(login: Duration) -> Result<Self, Error> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(include_str!("tables.sql"))?;
        connection.execute_batch(include_str!("demo.sql"))?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            login,
        })
    }

    /// Runs a query, or several in one transaction, where it does not hold up other tasks.
    pub(crate) async fn query<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let connection = self.connection.clone();
        let done = spawn_blocking(move || {
            // A query that panicked has rolled back.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction()?;
            let found = query(&transaction)?;
            transaction.commit()?;
            Ok::<T, rusqlite::Error>(found)
        });
        Ok(done.await??)
    }
}
