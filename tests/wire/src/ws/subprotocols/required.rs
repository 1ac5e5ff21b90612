//! The code behind `/required`: sets headers of the response.

use super::{RequiredHandler, RequiredRequest};
use autumn_ws::Rejection;
use axum::http::{HeaderValue, header};

pub struct Required;

impl RequiredHandler for Required {
    async fn open(_state: &crate::AppState, request: RequiredRequest) -> Result<Self, Rejection> {
        for cookie in ["seen=yes; HttpOnly", "theme=dark"] {
            let cookie = HeaderValue::from_static(cookie);
            request.headers.append(header::SET_COOKIE, cookie);
        }
        let other = HeaderValue::from_static("other");
        request.headers.append(header::UPGRADE, other);
        Ok(Self)
    }
}
