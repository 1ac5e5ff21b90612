//! Errors with which the application refuses a request.

use axum::{
    http::{StatusCode, header},
    response::{ErrorResponse, IntoResponse, Response},
};
use std::fmt;

/// Why a request is not upgraded: the HTTP response that the client gets instead of a socket.
///
/// `?` turns every error that axum can answer with ([`IntoResponse`]) into a rejection, and a
/// rejection into the error of a handler that returns [`axum::response::Result`].
///
/// ```
/// use autumn_ws::Rejection;
/// use axum::http::StatusCode;
///
/// fn admit(token: Option<&str>) -> Result<(), Rejection> {
///     let token = token.ok_or_else(|| Rejection::unauthorized("sign in first"))?;
///     if token != "secret" {
///         return Err(Rejection::forbidden("this room is private"));
///     }
///     lookup()?;
///     Ok(())
/// }
///
/// fn lookup() -> Result<(), StatusCode> {
///     Err(StatusCode::NOT_FOUND)
/// }
///
/// assert_eq!(admit(None).unwrap_err().status(), StatusCode::UNAUTHORIZED);
/// assert_eq!(admit(Some("secret")).unwrap_err().status(), StatusCode::NOT_FOUND);
/// ```
// Boxed, so that results with it stay small. It does not implement `IntoResponse`: `From` for every
// `IntoResponse` would collide with `From<T> for T`.
pub struct Rejection(Box<Response>);

impl Rejection {
    /// Rejects with a status and a short plain text that says what to do.
    #[must_use]
    pub fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self::from((status, text.into()))
    }

    /// 400: the request is malformed.
    #[must_use]
    pub fn bad_request(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    /// 401: the client has not signed in.
    #[must_use]
    pub fn unauthorized(text: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, text)
    }

    /// 403: this client may not open the socket.
    #[must_use]
    pub fn forbidden(text: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, text)
    }

    /// 404: what the socket is about does not exist.
    #[must_use]
    pub fn not_found(text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, text)
    }

    /// 429 with `Retry-After: 1`: this client sends too many requests.
    #[must_use]
    pub fn too_many_requests(text: impl Into<String>) -> Self {
        Self::in_a_moment(StatusCode::TOO_MANY_REQUESTS, text)
    }

    /// 503 with `Retry-After: 1`: the client should try again later.
    #[must_use]
    pub fn service_unavailable(text: impl Into<String>) -> Self {
        Self::in_a_moment(StatusCode::SERVICE_UNAVAILABLE, text)
    }

    fn in_a_moment(status: StatusCode, text: impl Into<String>) -> Self {
        Self::from((status, [(header::RETRY_AFTER, "1")], text.into()))
    }

    /// The status that the client gets.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }
}

impl<E: IntoResponse> From<E> for Rejection {
    fn from(error: E) -> Self {
        Self(Box::new(error.into_response()))
    }
}

impl From<Rejection> for ErrorResponse {
    fn from(rejection: Rejection) -> Self {
        Self::from(*rejection.0)
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection")
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
