//! The extractors named in the specs.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};

use crate::AppState;

/// The client's name from the `Authorization` header; 401 without one.
#[derive(Debug)]
pub struct User(pub String);

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        header(parts, &header::AUTHORIZATION)
            .map(Self)
            .ok_or((StatusCode::UNAUTHORIZED, "sign in first"))
    }
}

/// The value of the `Accept-Language` header, or `en`.
#[derive(Debug)]
pub struct Language(pub String);

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let said = header(parts, &header::ACCEPT_LANGUAGE);
        Ok(Self(said.unwrap_or_else(|| "en".to_owned())))
    }
}

/// Accepts everyone and leaves a note, so that tests see whether an earlier check refused.
#[derive(Debug)]
pub struct Visitor;

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        state.note("visitor");
        Ok(Self)
    }
}

fn header(parts: &Parts, name: &HeaderName) -> Option<String> {
    let value = parts.headers.get(name)?;
    value.to_str().ok().map(str::to_owned)
}

/// An order, whose names in Rust are not what clients write.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

/// The number of a page, a type around another.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
pub struct Page(pub u32);
