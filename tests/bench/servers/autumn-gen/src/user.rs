//! The extractor of `/connect`.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};

/// A user with a session cookie.
pub struct User;

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        job::User::of(&parts.headers).map(|_| Self)
    }
}
