//! Who makes a request.

use crate::{Error, Store};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header::COOKIE, request::Parts},
};
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use std::{
    fmt::Write,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The name of the cookie.
pub(crate) const SESSION: &str = "session";

/// The user who made a request: an extractor that rejects with 401 if nobody has signed in.
#[derive(Clone, Debug, Serialize)]
pub struct CurrentUser {
    /// The user's number.
    pub id: i64,
    /// The user's name.
    pub name: String,
    /// Whether this is somebody of the staff.
    pub is_staff: bool,
    /// The number of the login that the request belongs to. A user may have several.
    pub login: i64,
    /// When the login ends.
    #[serde(skip)]
    pub expires: SystemTime,
}

impl CurrentUser {
    /// Requires somebody of the staff.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for everybody else.
    pub fn require_staff(&self) -> Result<(), Error> {
        self.is_staff.then_some(()).ok_or(Error::Forbidden)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let expires: i64 = row.get("expires_ms")?;
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            is_staff: row.get("is_staff")?,
            login: row.get("login")?,
            expires: UNIX_EPOCH + Duration::from_millis(expires.unsigned_abs()),
        })
    }
}

impl<S> FromRequestParts<S> for CurrentUser
where
    S: Send + Sync,
    Store: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let token = session_token(&parts.headers).ok_or(Error::Unauthorized)?;
        Store::from_ref(state).user(token).await
    }
}

/// The value of the session's cookie (RFC 6265, 5.4).
fn session_token(headers: &HeaderMap) -> Option<&str> {
    let headers = headers.get_all(COOKIE).into_iter();
    let lines = headers.filter_map(|header| header.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split("; "));
    cookies.find_map(|cookie| cookie.strip_prefix(SESSION)?.strip_prefix('='))
}

impl Store {
    /// Signs a user in, and returns the token of the login.
    pub(crate) async fn sign_in(&self, name: String, key: String) -> Result<String, Error> {
        let token = new_token()?;
        let expires = milliseconds(SystemTime::now() + self.login);
        let returned = token.clone();
        // The key stands in for a password: of that, store only what argon2 makes of it.
        let added = self.query(move |connection| {
            connection.execute(
                "INSERT INTO logins (token, user, expires_ms) SELECT ?1, id, ?2 FROM users WHERE name = ?3 AND key = ?4",
                params![token, expires, name, key],
            )
        });
        match added.await? {
            0 => Err(Error::Unauthorized),
            _ => Ok(returned),
        }
    }

    /// Ends a login.
    pub(crate) async fn sign_out(&self, login: i64) -> Result<(), Error> {
        let removed = self.query(move |connection| {
            connection.execute("DELETE FROM logins WHERE id = ?1", [login])
        });
        removed.await.map(|_| ())
    }

    /// The user with this token.
    async fn user(&self, token: &str) -> Result<CurrentUser, Error> {
        let (token, now) = (token.to_owned(), milliseconds(SystemTime::now()));
        let found = self.query(move |connection| {
            let query = "SELECT users.*, logins.id AS login, expires_ms FROM logins JOIN users ON users.id = user WHERE token = ?1 AND expires_ms > ?2";
            let mut query = connection.prepare_cached(query)?;
            query.query_row(params![token, now], CurrentUser::read).optional()
        });
        found.await?.ok_or(Error::Unauthorized)
    }

    /// Looks once more whether a login still holds.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthorized`] if it ended since the user was extracted.
    pub async fn require_login(&self, user: &CurrentUser) -> Result<(), Error> {
        let login = user.login;
        let found = self.query(move |connection| {
            let mut query = connection.prepare_cached("SELECT 1 FROM logins WHERE id = ?1")?;
            query.exists([login])
        });
        found.await?.then_some(()).ok_or(Error::Unauthorized)
    }
}

/// 128 random bits in hexadecimal.
fn new_token() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut token, byte| {
        // Writing to a string does not fail.
        let _ = write!(token, "{byte:02x}");
        token
    }))
}

fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
