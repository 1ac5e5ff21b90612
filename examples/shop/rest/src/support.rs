//! The rooms in which customers get help, and what was said there.

use crate::{Error, Store};
use rusqlite::Row;
use serde::{Deserialize, Serialize};

/// What somebody said in a room.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Line {
    /// Its number.
    pub id: i64,
    /// The name of the user.
    pub by: String,
    /// The words.
    pub text: String,
}

impl Line {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            by: row.get("by")?,
            text: row.get("text")?,
        })
    }
}

impl Store {
    /// Requires that a room exists.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if it does not.
    pub async fn require_room(&self, room: &str) -> Result<(), Error> {
        let room = room.to_owned();
        let found = self.query(move |connection| {
            let mut query = connection.prepare_cached("SELECT 1 FROM rooms WHERE name = ?1")?;
            query.exists([room])
        });
        found.await?.then_some(()).ok_or(Error::NotFound)
    }

    /// Stores what somebody said in a room.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn say(&self, room: &str, by: &str, text: String) -> Result<Line, Error> {
        let (room, by) = (room.to_owned(), by.to_owned());
        let said = self.query(move |connection| {
            let insert = "INSERT INTO lines (room, \"by\", text) VALUES (?1, ?2, ?3) RETURNING *";
            connection.query_row(insert, (room, by, text), Line::read)
        });
        said.await
    }

    /// What was said in a room last, at most 100 lines, in their order.
    pub(crate) async fn lines(&self, room: String) -> Result<Vec<Line>, Error> {
        self.require_room(&room).await?;
        let found = self.query(move |connection| {
            let query = "SELECT * FROM (SELECT * FROM lines WHERE room = ?1 ORDER BY id DESC LIMIT 100) ORDER BY id";
            let mut query = connection.prepare_cached(query)?;
            query.query_map([room], Line::read)?.collect()
        });
        found.await
    }
}
