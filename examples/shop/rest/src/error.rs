//! Why a request cannot be answered.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::{error, fmt};
use tokio::task::JoinError;

/// Why a request cannot be answered.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Nobody has signed in: 401.
    Unauthorized,
    /// Somebody else may: 403.
    Forbidden,
    /// It does not exist: 404.
    NotFound,
    /// What was sent makes no sense, and why: 422.
    Invalid(&'static str),
    /// The database has failed: 500.
    Database(rusqlite::Error),
    /// A query has panicked, or the server ends: 500.
    Query(JoinError),
    /// The system has no random numbers: 500.
    Random(getrandom::Error),
}

impl Error {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Database(_) | Self::Query(_) | Self::Random(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(error = %self, "a request has failed");
            return (status, "this is our fault, try again later").into_response();
        }
        (status, self.to_string()).into_response()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized => f.write_str("sign in first"),
            Self::Forbidden => f.write_str("this is not yours"),
            Self::NotFound => f.write_str("there is no such thing"),
            Self::Invalid(why) => f.write_str(why),
            Self::Database(error) => write!(f, "the database has failed: {error}"),
            Self::Query(error) => write!(f, "a query has failed: {error}"),
            Self::Random(error) => write!(f, "there are no random numbers: {error}"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Database(error) => Some(error),
            Self::Query(error) => Some(error),
            Self::Random(error) => Some(error),
            Self::Unauthorized | Self::Forbidden | Self::NotFound | Self::Invalid(_) => None,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<JoinError> for Error {
    fn from(error: JoinError) -> Self {
        Self::Query(error)
    }
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}
