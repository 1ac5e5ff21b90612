//! Who makes a request.

use crate::Desk;
use axum::{
    extract::FromRequestParts,
    http::{
        HeaderName, StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
        request::Parts,
    },
};

/// The user who made a request: an extractor that rejects with 401 if nobody has signed in.
///
/// It knows who the user is. What the user may do is up to each endpoint.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    /// The user's name.
    pub name: String,
    /// Whether the user is suspended.
    pub is_suspended: bool,
}

impl CurrentUser {
    /// A user who may enter.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            is_suspended: false,
        }
    }

    /// A user who is suspended.
    #[must_use]
    pub fn suspended(name: &str) -> Self {
        Self {
            is_suspended: true,
            ..Self::new(name)
        }
    }
}

/// The response to a request without a valid token.
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
