//! The extractor of `/connect`.

use autumn_web::reexports::axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use job::{User, same_origin};

/// A user with a session cookie, on a page of this server. Only an extractor can refuse an upgrade,
/// so the origin is checked here.
pub struct SameOriginUser;

impl<S: Sync> FromRequestParts<S> for SameOriginUser {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        if !same_origin(&parts.headers) {
            return Err(StatusCode::FORBIDDEN);
        }
        User::of(&parts.headers).map(|_| Self)
    }
}
