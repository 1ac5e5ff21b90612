//! Rust types named in a spec.

use super::{Described, Form, Mistake, Notation, Scalar};
use crate::{diagnostic::code, suggest};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type, TypePath};

/// A type that means the same in a generated module as it does in the spec: built from paths that start
/// at `crate` or at the name of a crate, and from what every Rust file has in scope.
#[derive(Clone, Debug)]
pub struct RustType {
    text: String,
    code: String,
    plain: Option<String>,
    is_option: bool,
    roots: Vec<String>,
}

/// What a type is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The state of the router.
    State,
    /// A path param.
    Param,
    /// A field of the query string.
    Query,
    /// An extractor.
    Extract,
}

/// Types that need no path.
const IN_SCOPE: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize", "String", "Option", "Vec", "Box", "Result",
];

/// How many of them are primitive.
const PRIMITIVES: usize = 16;

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

impl Described for RustType {
    const FORM: Form = Form::Notation(&Notation {
        name: "Rust type",
        doc: "A type as in Rust, with its full path: `u32`, `Option<String>`, `crate::auth::CurrentUser`. Without references, `impl`, `dyn` and macros.",
        pattern: Some(r"^[^&*!?{}=|]{1,256}$"),
        numbers: &[],
        examples: &["u32", "crate::auth::CurrentUser"],
    });
}

/// Read without its use, a type is that of the state.
impl Scalar for RustType {
    fn parse(text: &str) -> Result<Self, Mistake> {
        Self::parse_for(text, Use::State)
    }
}

/// The type of a query field.
#[derive(Clone, Debug)]
pub struct QueryType(pub RustType);

impl Described for QueryType {
    const FORM: Form = RustType::FORM;
}

impl Scalar for QueryType {
    fn parse(text: &str) -> Result<Self, Mistake> {
        RustType::parse_for(text, Use::Query).map(Self)
    }
}

impl RustType {
    /// The state where a spec names none.
    pub const APP_STATE: &'static str = "autumn_ws::AppState";

    /// Reads a type.
    ///
    /// # Errors
    ///
    /// When it is not a type, is not in scope in a generated module, or does not fit its use.
    pub fn parse_for(text: &str, used: Use) -> Result<Self, Mistake> {
        // syn parses by recursion: what is longer or deeper than anybody writes is refused before.
        const LONGEST: usize = 256;
        const DEEPEST: usize = 16;
        let depth = text.bytes().filter(|byte| b"<([&*".contains(byte)).count();
        if depth > DEEPEST || text.len() > LONGEST {
            return Err(Mistake::new(
                code::BAD_TYPE,
                "the type is too long or nested too deeply",
                "at most 256 characters, and 16 levels",
            )
            .help("name it with a type alias in your crate"));
        }
        let ty = syn::parse_str::<Type>(text).map_err(|error| {
            Mistake::new(
                code::BAD_TYPE,
                format!("`{text}` is not a Rust type"),
                error.to_string(),
            )
            .help("write a type as in Rust: `u32`, `Option<String>`, `crate::auth::CurrentUser`")
        })?;
        check_scope(&ty, text).map_err(|mistake| match used {
            Use::State if text == "AppState" => mistake.help(
                "write `crate::AppState` for a state of your own; for `autumn_ws::AppState`, leave `state` out",
            ),
            _ => mistake,
        })?;
        check_use(&ty, text, used)?;
        Ok(Self {
            text: text.to_owned(),
            code: spaced(ty.to_token_stream()),
            plain: plain(&ty),
            is_option: last_segment(&ty).is_some_and(|name| name == "Option"),
            roots: roots(&ty)?,
        })
    }

    /// Whether it is the runtime's own state, `autumn_ws::AppState`, which is also the default.
    #[must_use]
    pub fn is_app_state(&self) -> bool {
        self.code.trim_start_matches("::") == Self::APP_STATE
    }

    /// The type as the spec writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The type as Rust code, spaced as people write it.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The type's name if it is one of those that need no path, such as `u32` or `String`.
    #[must_use]
    pub fn plain(&self) -> Option<&str> {
        self.plain.as_deref()
    }

    /// Whether it is an `Option`.
    #[must_use]
    pub fn is_option(&self) -> bool {
        self.is_option
    }

    /// The names that its paths start at: `crate`, or those of crates.
    #[must_use]
    pub fn roots(&self) -> &[String] {
        &self.roots
    }
}

/// Types are built from few kinds of tokens: there are spaces only in lists, and before the length of an array.
fn spaced(tokens: TokenStream) -> String {
    let piece = |token: TokenTree| match token {
        TokenTree::Group(group) => {
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                Delimiter::None => ("", ""),
            };
            format!("{open}{}{close}", spaced(group.stream()))
        }
        TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => format!("{punct} "),
        token => token.to_string(),
    };
    let text: String = tokens.into_iter().map(piece).collect();
    text.replace(", >", ">").trim_end().to_owned()
}

fn plain(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

fn roots(ty: &Type) -> Result<Vec<String>, Mistake> {
    let mut roots = Vec::new();
    each_path(ty, &mut |path| {
        if let (Some(first), true) = (path.path.segments.first(), path.path.segments.len() > 1) {
            roots.push(first.ident.to_string());
        }
        Ok(())
    })?;
    Ok(roots)
}

fn check_scope(ty: &Type, text: &str) -> Result<(), Mistake> {
    each_path(ty, &mut |path| {
        let Some(first) = path
            .path
            .segments
            .first()
            .map(|segment| segment.ident.to_string())
        else {
            return Ok(());
        };
        let mistake = |message: String, label: &str| {
            let found = text
                .find(&first)
                .map_or(0..text.len(), |start| start..start + first.len());
            Mistake::new(code::NOT_IN_SCOPE, message, label).within(found)
        };
        if matches!(first.as_str(), "self" | "super" | "Self") {
            return Err(mistake(
                format!("`{first}` means something else in a generated module"),
                "start at `crate` or at the name of a crate",
            )
            .help("write the full path, as in `crate::auth::CurrentUser`"));
        }
        if path.path.leading_colon.is_some()
            || path.path.segments.len() > 1
            || IN_SCOPE.contains(&first.as_str())
        {
            return Ok(());
        }
        Err(mistake(
            format!("`{first}` is not in scope in a generated module"),
            "needs its full path",
        )
        .help(full_path(&first)))
    })
}

fn full_path(name: &str) -> String {
    if let Some((_, path)) = KNOWN.iter().find(|(known, _)| *known == name) {
        return format!("write `{path}`");
    }
    let names = KNOWN
        .iter()
        .map(|(known, _)| *known)
        .chain(IN_SCOPE.iter().copied());
    match suggest::closest(name, names) {
        Some(close) => {
            let path = KNOWN
                .iter()
                .find(|(known, _)| *known == close)
                .map_or(close, |(_, path)| path);
            format!(
                "did you mean `{path}`? A type of your own is written from the root: `crate::{name}`"
            )
        }
        None => format!(
            "write it from the root of your crate, as in `crate::{name}`, or with the name of its crate"
        ),
    }
}

fn check_use(ty: &Type, text: &str, used: Use) -> Result<(), Mistake> {
    let unfit = |label: &str, help: &str| {
        Err(Mistake::new(
            code::UNFIT_TYPE,
            format!("`{text}` cannot be used here"),
            label,
        )
        .help(help))
    };
    let name = last_segment(ty).unwrap_or_default();
    match used {
        Use::Extract if BODY_EXTRACTORS.contains(&name.as_str()) => unfit(
            "takes the request's body, and an upgrade request has none",
            "extract what implements `FromRequestParts`, such as `axum::http::HeaderMap`; let the client send data as its first message",
        ),
        Use::Extract
            if has_array(ty)
                || IN_SCOPE
                    .iter()
                    .take(PRIMITIVES)
                    .any(|primitive| *primitive == name) =>
        {
            unfit(
                "is not an extractor: it does not implement `FromRequestParts`",
                "take a value of the path with `params:`, one of the query string with `query:`",
            )
        }
        Use::Query if text.replace(' ', "").starts_with("Option<Option<") => unfit(
            "a field is given or not: one `Option` is enough",
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
            "a path param is one value and always there",
            "take a `String` or a number",
        ),
        Use::State | Use::Param | Use::Query if !matches!(ty, Type::Path(_)) => unfit(
            "must be a type with a name",
            "name it with a type alias in your crate",
        ),
        _ => Ok(()),
    }
}

fn has_array(ty: &Type) -> bool {
    match ty {
        Type::Array(_) => true,
        Type::Tuple(tuple) => tuple.elems.iter().any(has_array),
        _ => false,
    }
}

fn last_segment(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Visits the paths of a type; an error if it is built from anything else than paths, tuples and arrays.
fn each_path(
    ty: &Type,
    visit: &mut dyn FnMut(&TypePath) -> Result<(), Mistake>,
) -> Result<(), Mistake> {
    match ty {
        Type::Path(path) if path.qself.is_none() => {
            visit(path)?;
            for segment in &path.path.segments {
                match &segment.arguments {
                    PathArguments::None => {}
                    PathArguments::AngleBracketed(arguments) => {
                        for argument in &arguments.args {
                            match argument {
                                GenericArgument::Type(ty) => each_path(ty, visit)?,
                                GenericArgument::Lifetime(lifetime)
                                    if lifetime.ident == "static" => {}
                                GenericArgument::Const(syn::Expr::Lit(_)) => {}
                                other => {
                                    return Err(unsupported(&other.to_token_stream().to_string()));
                                }
                            }
                        }
                    }
                    PathArguments::Parenthesized(other) => {
                        return Err(unsupported(&other.to_token_stream().to_string()));
                    }
                }
            }
            Ok(())
        }
        Type::Tuple(tuple) => tuple.elems.iter().try_for_each(|ty| each_path(ty, visit)),
        Type::Array(array) if matches!(array.len, syn::Expr::Lit(_)) => {
            each_path(&array.elem, visit)
        }
        Type::Paren(inner) => each_path(&inner.elem, visit),
        other => Err(unsupported(&other.to_token_stream().to_string())),
    }
}

fn unsupported(tokens: &str) -> Mistake {
    Mistake::new(
        code::UNFIT_TYPE,
        format!("`{tokens}` is not allowed in a spec"),
        "extracted values are owned: no references, `impl`, `dyn`, `fn`, `_` or macros",
    )
    .help("use an owned type, or name it with a type alias in your crate")
}
