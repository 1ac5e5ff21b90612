//! The handler of `/refusals/seen/{status}`: refuses with that status, or not with 0.

use autumn_ws::Rejection;
use axum::http::StatusCode;

use super::{SeenHandler, SeenRequest};
use crate::AppState;

/// One connected client of `/refusals/seen/{status}`.
pub struct Seen;

impl SeenHandler for Seen {
    async fn open(_: &AppState, request: SeenRequest) -> Result<Self, Rejection> {
        match StatusCode::from_u16(request.status) {
            Ok(status) => Err(Rejection::new(status, "not today")),
            Err(_) => Ok(Self),
        }
    }
}
