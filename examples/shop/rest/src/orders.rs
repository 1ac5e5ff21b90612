//! Orders, and how far they are.

use crate::{CurrentUser, Error, Store};
use rusqlite::{
    OptionalExtension, Row, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Deserialize, Serialize};

/// The most characters an item can have.
const ITEM: usize = 100;

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Order {
    /// Its number.
    pub id: i64,
    /// The number of the user who placed it.
    pub customer: i64,
    /// What was ordered.
    pub item: String,
    /// How far it is.
    pub status: Status,
    /// Grows with each change, so that an older state of the order can be recognised.
    pub version: i64,
}

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The customer has ordered.
    Placed,
    /// The customer has paid.
    Paid,
    /// The item is on its way.
    Sent,
    /// Nothing will come.
    Cancelled,
}

impl Status {
    const ALL: [Self; 4] = [Self::Placed, Self::Paid, Self::Sent, Self::Cancelled];

    fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Paid => "paid",
            Self::Sent => "sent",
            Self::Cancelled => "cancelled",
        }
    }
}

impl ToSql for Status {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for Status {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        let mut all = Self::ALL.into_iter();
        all.find(|status| status.name() == name)
            .ok_or(FromSqlError::InvalidType)
    }
}

impl Order {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            customer: row.get("customer")?,
            item: row.get("item")?,
            status: row.get("status")?,
            version: row.get("version")?,
        })
    }
}

impl Store {
    /// Places an order.
    pub(crate) async fn place(&self, customer: i64, item: String) -> Result<Order, Error> {
        if !(1..=ITEM).contains(&item.chars().count()) {
            return Err(Error::Invalid("an item has 1 to 100 characters"));
        }
        let placed = self.query(move |connection| {
            let insert = "INSERT INTO orders (customer, item) VALUES (?1, ?2) RETURNING *";
            connection.query_row(insert, (customer, item), Order::read)
        });
        placed.await
    }

    /// Changes how far an order is.
    pub(crate) async fn set_status(&self, id: i64, status: Status) -> Result<Order, Error> {
        let changed = self.query(move |connection| {
            let update =
                "UPDATE orders SET status = ?2, version = version + 1 WHERE id = ?1 RETURNING *";
            let changed = connection.query_row(update, (id, status), Order::read);
            changed.optional()
        });
        changed.await?.ok_or(Error::NotFound)
    }

    /// An order, for the user who placed it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such order, [`Error::Forbidden`] for everybody else.
    pub async fn order_of(&self, user: &CurrentUser, id: i64) -> Result<Order, Error> {
        let found = self.query(move |connection| {
            let mut query = connection.prepare_cached("SELECT * FROM orders WHERE id = ?1")?;
            query.query_row([id], Order::read).optional()
        });
        let order = found.await?.ok_or(Error::NotFound)?;
        if order.customer == user.id {
            Ok(order)
        } else {
            Err(Error::Forbidden)
        }
    }

    /// What a customer has ordered, the newest 100 first.
    pub(crate) async fn orders_of(&self, customer: i64) -> Result<Vec<Order>, Error> {
        let found = self.query(move |connection| {
            let query = "SELECT * FROM orders WHERE customer = ?1 ORDER BY id DESC LIMIT 100";
            let mut query = connection.prepare_cached(query)?;
            query.query_map([customer], Order::read)?.collect()
        });
        found.await
    }

    /// The orders that wait for somebody, the newest 500 first.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn open_orders(&self) -> Result<Vec<Order>, Error> {
        let found = self.query(move |connection| {
            let query = "SELECT * FROM orders WHERE status IN ('placed', 'paid') ORDER BY id DESC LIMIT 500";
            let mut query = connection.prepare_cached(query)?;
            query.query_map([], Order::read)?.collect()
        });
        found.await
    }
}
