//! Defaults of query fields.

use super::Rejection;
use axum::{
    extract::Query,
    http::{StatusCode, Uri},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_core::de::DeserializeOwned;
use std::any;

/// What the client gave for a query field, or else a default, read as if the client had written it.
///
/// # Errors
///
/// A default that is not a value of the type is a mistake of the application. It is logged, and the request is rejected with
/// `500 Internal Server Error`.
///
/// ```
/// use autumn_ws::or_parse;
///
/// #[derive(Debug, PartialEq, serde::Deserialize)]
/// #[serde(rename_all = "lowercase")]
/// enum Sort {
///     Newest,
///     Oldest,
/// }
///
/// assert_eq!(or_parse::<Sort>(None, "newest").unwrap(), Sort::Newest);
/// assert_eq!(or_parse(Some(Sort::Oldest), "newest").unwrap(), Sort::Oldest);
/// assert_eq!(or_parse::<Sort>(None, "best").unwrap_err().status(), 500);
/// ```
pub fn or_parse<T: DeserializeOwned>(given: Option<T>, default: &str) -> Result<T, Rejection> {
    if let Some(given) = given {
        return Ok(given);
    }
    written(default).map_err(|error| {
        tracing::error!(
            default,
            r#type = any::type_name::<T>(),
            error,
            "the default of a query field is not a value of its type"
        );
        Rejection::from(StatusCode::INTERNAL_SERVER_ERROR)
    })
}

/// Reads a value that a client might have written into a query string.
fn written<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let uri = format!("/?value={}", utf8_percent_encode(text, NON_ALPHANUMERIC));
    let uri: Uri = uri.parse().map_err(|_| "it is too long".to_owned())?;
    let Query(mut fields) =
        Query::<Vec<(String, T)>>::try_from_uri(&uri).map_err(|error| error.body_text())?;
    let field = fields.pop().ok_or_else(|| "it is nothing".to_owned())?;
    Ok(field.1)
}
