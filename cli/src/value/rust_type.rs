//! Rust types named in a spec.

mod paths;
mod scope;
mod uses;

use super::{Described, Form, Mistake, Notation, Scalar};
use crate::diagnostic::code;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

/// A type that means the same in a generated module as it does in the spec: built from paths that start
/// at `crate` or at the name of a crate, and from what every Rust file has in scope.
#[derive(Clone, Debug)]
pub struct RustType {
    text: String,
    code: String,
    behind_arcs: String,
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
    /// What travels in messages.
    Message,
}

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

/// A type of the application that travels in messages.
#[derive(Clone, Debug)]
pub struct ForeignType(pub RustType);

impl Described for ForeignType {
    const FORM: Form = RustType::FORM;
}

impl Scalar for ForeignType {
    fn parse(text: &str) -> Result<Self, Mistake> {
        RustType::parse_for(text, Use::Message).map(Self)
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

/// The type of a path param.
#[derive(Clone, Debug)]
pub struct ParamType(pub RustType);

impl Described for ParamType {
    const FORM: Form = RustType::FORM;
}

impl Scalar for ParamType {
    fn parse(text: &str) -> Result<Self, Mistake> {
        RustType::parse_for(text, Use::Param).map(Self)
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
            .help(if text.matches('<').count() > text.matches('>').count() && !text.ends_with('<') {
                "inside `{ }`, quote a type that has a comma in it, as in `\"Result<String, u32>\"`"
            } else {
                "write a type as in Rust: `u32`, `Option<String>`, `crate::auth::CurrentUser`"
            })
        })?;
        scope::check(&ty, text).map_err(|mistake| match used {
            Use::State if text == "AppState" => mistake.help(
                "write `crate::AppState` for your own state; for `autumn_ws::AppState`, leave `state` out",
            ),
            _ => mistake,
        })?;
        uses::check(&ty, text, used)?;
        Ok(Self {
            text: text.to_owned(),
            code: spaced(ty.to_token_stream()),
            behind_arcs: spaced(paths::behind_arcs(&ty).to_token_stream()),
            plain: plain(&ty),
            is_option: paths::last_segment(&ty).is_some_and(|name| name == "Option"),
            roots: roots(&ty)?,
        })
    }

    /// A type that needs no check: a path of this crate's own choice.
    pub(crate) fn known(path: &'static str) -> Self {
        Self {
            text: path.to_owned(),
            code: path.to_owned(),
            plain: None,
            is_option: false,
            behind_arcs: path.to_owned(),
            roots: path.split("::").take(1).map(str::to_owned).collect(),
        }
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

    /// The type as Rust code, without the `Arc`s around it.
    #[must_use]
    pub fn behind_arcs(&self) -> &str {
        &self.behind_arcs
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

    /// The names in it that have no path.
    pub fn unqualified(&self) -> impl Iterator<Item = &str> {
        let words = self
            .code
            .split(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
        words.filter(|word| !word.is_empty() && !word.contains(':'))
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
    paths::each(ty, &mut |path| {
        if let (Some(first), true) = (path.path.segments.first(), path.path.segments.len() > 1) {
            roots.push(first.ident.to_string());
        }
        Ok(())
    })?;
    Ok(roots)
}
