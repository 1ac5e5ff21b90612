//! What a type may name in a generated module.

use super::paths;
use crate::{diagnostic::code, suggest, value::Mistake};
use syn::{Path, Type};

/// Types of the language.
const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// Types of the prelude.
const PRELUDE: &[&str] = &["String", "Option", "Vec", "Box", "Result"];

/// What people write without its path, and the path.
const KNOWN: &[(&str, &str)] = &[
    ("AppState", "autumn_ws::AppState"),
    ("Arc", "std::sync::Arc"),
    ("BTreeMap", "std::collections::BTreeMap"),
    ("ConnectInfo", "axum::extract::ConnectInfo"),
    ("CookieJar", "axum_extra::extract::CookieJar"),
    ("Extension", "axum::Extension"),
    ("HashMap", "std::collections::HashMap"),
    ("HeaderMap", "axum::http::HeaderMap"),
    ("Host", "axum_extra::extract::Host"),
    ("IpAddr", "std::net::IpAddr"),
    ("MatchedPath", "axum::extract::MatchedPath"),
    ("Method", "axum::http::Method"),
    ("OriginalUri", "axum::extract::OriginalUri"),
    ("Path", "axum::extract::Path"),
    ("PrivateCookieJar", "axum_extra::extract::PrivateCookieJar"),
    ("Query", "axum::extract::Query"),
    ("RawQuery", "axum::extract::RawQuery"),
    ("SignedCookieJar", "axum_extra::extract::SignedCookieJar"),
    ("SocketAddr", "std::net::SocketAddr"),
    ("State", "axum::extract::State"),
    ("TypedHeader", "axum_extra::TypedHeader"),
    ("Uri", "axum::http::Uri"),
    ("Uuid", "uuid::Uuid"),
    ("Version", "axum::http::Version"),
];

/// Types of other languages, and of messages.
const ELSEWHERE: &[(&str, &str)] = &[
    ("boolean", "bool"),
    ("double", "f64"),
    ("float", "f64"),
    ("int", "i64"),
    ("integer", "i64"),
    ("long", "i64"),
    ("number", "f64"),
    ("string", "String"),
    ("text", "String"),
    ("uuid", "uuid::Uuid"),
];

/// Whether a type is one of the language.
pub(super) fn is_primitive(name: &str) -> bool {
    PRIMITIVES.contains(&name)
}

fn is_in_scope(name: &str) -> bool {
    is_primitive(name) || PRELUDE.contains(&name)
}

/// Every path must mean the same in a generated module as it does in the spec.
pub(super) fn check(ty: &Type, text: &str) -> Result<(), Mistake> {
    paths::each(ty, &mut |path| check_path(&path.path, text))
}

fn check_path(path: &Path, text: &str) -> Result<(), Mistake> {
    let names = paths::names(path);
    let Some(first) = names.first() else {
        return Ok(());
    };
    let mistake = |name: &str, message: String, label: &str| {
        let found = text
            .find(name)
            .map_or(0..text.len(), |start| start..start + name.len());
        Mistake::new(code::NOT_IN_SCOPE, message, label).within(found)
    };
    let is_relative = |name: &str| matches!(name, "self" | "super" | "Self");
    let inner = names.iter().skip(1);
    if let Some(name) = names.iter().find(|name| is_relative(name)) {
        return Err(mistake(
            name,
            format!("`{name}` means something else in a generated module"),
            "start at `crate` or at the name of a crate",
        )
        .help("write the full path, as in `crate::auth::CurrentUser`"));
    }
    if inner.into_iter().any(|name| name == "crate")
        || (path.leading_colon.is_some() && first == "crate")
    {
        return Err(mistake(
            "crate",
            "misplaced `crate` in a path".to_owned(),
            "`crate` must come first, without `::` before it",
        )
        .help("write `crate::` once, at the beginning"));
    }
    if path.leading_colon.is_some() || names.len() > 1 || is_in_scope(first) {
        return Ok(());
    }
    Err(mistake(
        first,
        format!("`{first}` is not in scope in a generated module"),
        "needs its full path",
    )
    .help(full_path(first)))
}

fn full_path(name: &str) -> String {
    if let Some((_, path)) = KNOWN.iter().find(|(known, _)| *known == name) {
        return format!("write `{path}`");
    }
    if let Some((_, rust)) = ELSEWHERE.iter().find(|(other, _)| *other == name) {
        return format!("write `{rust}`: this is the type in Rust");
    }
    let names = KNOWN
        .iter()
        .map(|(known, _)| *known)
        .chain(PRIMITIVES.iter().chain(PRELUDE).copied());
    match suggest::closest(name, names) {
        Some(close) => {
            let path = KNOWN
                .iter()
                .find(|(known, _)| *known == close)
                .map_or(close, |(_, path)| path);
            format!("did you mean `{path}`? Your own type starts at the root: `crate::{name}`")
        }
        None => format!(
            "start at the root of your crate, as in `crate::{name}`, or at the name of another crate"
        ),
    }
}
