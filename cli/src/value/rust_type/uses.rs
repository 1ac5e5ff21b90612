//! What a type may be used for.

use super::{Use, paths, scope};
use crate::{diagnostic::code, value::Mistake};
use syn::Type;

/// Extractors that consume the body, which an upgrade request does not have.
const BODY_EXTRACTORS: &[&str] = &[
    "Bytes",
    "Form",
    "Json",
    "Multipart",
    "RawForm",
    "Request",
    "String",
];

/// Crates in which states are often wrapped.
const FOREIGN: &[&str] = &["alloc", "axum", "core", "parking_lot", "std", "tokio"];

/// Whether the type can be used like that; an error says what to use instead.
pub(super) fn check(ty: &Type, text: &str, used: Use) -> Result<(), Mistake> {
    let unfit = |label: &str, help: &str| {
        Err(Mistake::new(
            code::UNFIT_TYPE,
            format!("`{text}` cannot be used here"),
            label,
        )
        .help(help))
    };
    let name = paths::last_segment(ty).unwrap_or_default();
    match used {
        Use::Extract if BODY_EXTRACTORS.contains(&name.as_str()) => unfit(
            "takes the request's body, and an upgrade request has none",
            "extract a type that implements `FromRequestParts`, such as `axum::http::HeaderMap`; clients can send data in their first message",
        ),
        Use::Param | Use::Query if text == "str" => {
            unfit("has no size by itself", "write `String`")
        }
        Use::Extract if has_array(ty) || scope::is_primitive(&name) => unfit(
            "is not an extractor: it does not implement `FromRequestParts`",
            "declare a path param under `params:`, and a query field under `query:`",
        ),
        Use::Query if text.replace(' ', "").starts_with("Option<Option<") => unfit(
            "a field is there or not: one `Option` is enough",
            "write `Option<..>` once",
        ),
        Use::Extract if name == "WebSocketUpgrade" => {
            unfit("the generated code does the upgrade", "leave it out")
        }
        Use::Query
            if matches!(
                name.as_str(),
                "Vec" | "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet"
            ) =>
        {
            unfit(
                "a field of axum's `Query` holds one value",
                "take a `String` and split it, or use `extract:` with an extractor that reads lists, such as `axum_extra::extract::Query`",
            )
        }
        Use::Param if matches!(name.as_str(), "Vec" | "Option") => unfit(
            "a path param is always there, and is one value",
            "take a `String` or a number",
        ),
        Use::State | Use::Param | Use::Query if !matches!(ty, Type::Path(_)) => unfit(
            "must be a named type",
            "name it with a type alias in your crate",
        ),
        Use::State if is_foreign(paths::behind_arcs(ty)) => unfit(
            "the sockets find their channels in it through `FromRef`, which you can write for types of your own only",
            "put it into a type of your own, as in `struct App { … }`, and write `state: crate::App`, or `state: std::sync::Arc<crate::App>`",
        ),
        _ => Ok(()),
    }
}

/// Whether a type surely comes from a crate that is not the user's. A box counts as what is in it.
fn is_foreign(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return true };
    let names = paths::names(&path.path);
    let (Some(root), Some(name)) = (names.first(), names.last()) else {
        return true;
    };
    name != "Box" && (names.len() == 1 || FOREIGN.contains(&root.as_str()))
}

fn has_array(ty: &Type) -> bool {
    match ty {
        Type::Array(_) => true,
        Type::Tuple(tuple) => tuple.elems.iter().any(has_array),
        _ => false,
    }
}
