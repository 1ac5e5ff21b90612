//! The handler of `/others-too`: lets everybody in.

use autumn_ws::Rejection;

use super::{OthersTooHandler, OthersTooRequest};
use crate::AppState;

/// One connected client of `/others-too`.
pub struct OthersToo;

impl OthersTooHandler for OthersToo {
    async fn open(_: &AppState, _: OthersTooRequest) -> Result<Self, Rejection> {
        Ok(Self)
    }
}
