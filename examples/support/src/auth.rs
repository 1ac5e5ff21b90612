//! Who is calling.

use crate::Desk;
use axum::{
    extract::FromRequestParts,
    http::{
        HeaderName, StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
        request::Parts,
    },
};

/// The user who made a request: an extractor, which answers 401 when nobody has signed in.
///
/// It knows who somebody is, not what they may do: that is up to each endpoint.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    /// What they are called.
    pub name: String,
    /// Whether they are kept out for a while.
    pub is_suspended: bool,
}

impl CurrentUser {
    /// A user in good standing.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            is_suspended: false,
        }
    }

    /// A user who is kept out for a while.
    #[must_use]
    pub fn suspended(name: &str) -> Self {
        Self {
            is_suspended: true,
            ..Self::new(name)
        }
    }
}

/// What somebody gets who has not signed in.
type Unauthorized = (StatusCode, [(HeaderName, &'static str); 1], &'static str);

const UNAUTHORIZED: Unauthorized = (
    StatusCode::UNAUTHORIZED,
    [(WWW_AUTHENTICATE, "Bearer")],
    "sign in first: send `Authorization: Bearer` and your token",
);

impl FromRequestParts<Desk> for CurrentUser {
    type Rejection = Unauthorized;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Unauthorized> {
        let user = bearer_token(parts).and_then(|token| desk.user(token));
        user.cloned().ok_or(UNAUTHORIZED)
    }
}

fn bearer_token(parts: &Parts) -> Option<&str> {
    let header = parts.headers.get(AUTHORIZATION)?;
    header.to_str().ok()?.strip_prefix("Bearer ")
}
