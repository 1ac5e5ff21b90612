//! Who may connect.

use http::{HeaderMap, StatusCode, header};

/// A user with a session cookie: what the extractor of `/connect` finds.
#[derive(Clone, Debug)]
pub struct User(pub String);

impl User {
    /// Finds the user of a request.
    ///
    /// # Errors
    ///
    /// 401 if there is none.
    pub fn of(headers: &HeaderMap) -> Result<Self, StatusCode> {
        let cookies = headers.get(header::COOKIE).and_then(|it| it.to_str().ok());
        cookies
            .into_iter()
            .flat_map(|cookies| cookies.split("; "))
            .find_map(|cookie| cookie.strip_prefix("session="))
            .map(|name| Self(name.to_owned()))
            .ok_or(StatusCode::UNAUTHORIZED)
    }
}

/// Whether a request comes from a page of this server, or not from a page at all: the check to
/// write by hand where a library has none.
#[must_use]
pub fn same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let authority = origin.to_str().ok().and_then(|it| it.split_once("://"));
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    authority.is_some_and(|(_, authority)| host == Some(authority))
}
