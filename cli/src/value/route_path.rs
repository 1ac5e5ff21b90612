//! Paths that endpoints are mounted at.

use super::{Described, Form, Mistake, Notation, Scalar, WireName};
use crate::diagnostic::code;
use std::ops::Range;

/// A path that axum's router takes, with the params in it.
#[derive(Clone, Debug)]
pub struct RoutePath {
    text: String,
    params: Vec<WireName>,
}

impl RoutePath {
    /// The most params that a path may have.
    const MOST_PARAMS: usize = 16;
}

impl Described for RoutePath {
    const FORM: Form = Form::Notation(&Notation {
        name: "path",
        doc: "A path as axum takes it, beginning with `/`: `{name}` is a param, `{*name}` at the end takes the rest.",
        pattern: Some(r"^/(?:[A-Za-z0-9/._~!$&'()*+,;=:@%{}-]|\{[^{}]+\})*$"),
        numbers: &[],
        examples: &["/echo", "/rooms/{room}", "/files/{*path}"],
    });
}

impl Scalar for RoutePath {
    /// Reads a path. It is refused where axum's router would panic on it, and where no request could match it.
    fn parse(text: &str) -> Result<Self, Mistake> {
        let mistake = |label: &str, range: Range<usize>| {
            Mistake::new(
                code::BAD_PATH,
                format!("`{text}` is not a path that axum can mount"),
                label,
            )
            .within(range)
        };
        if !text.starts_with('/') {
            return Err(
                mistake("must start with `/`", 0..text.len()).help(format!("write `/{text}`"))
            );
        }
        if let Some((at, odd)) = odd_char(text) {
            let label = match odd {
                '?' | '#' => "a path has no query and no fragment (see `query:`)",
                _ => "not allowed in a URL: percent-encode it",
            };
            return Err(mistake(label, at..at + odd.len_utf8()));
        }
        // More params than letters make the router panic.
        let params_at_most = text.matches('{').count();
        if params_at_most > Self::MOST_PARAMS {
            let message = format!("a path with {params_at_most} params has too many");
            let label = format!("at most {}", Self::MOST_PARAMS);
            return Err(Mistake::new(code::TOO_MANY, message, label));
        }
        let mut start = 0;
        for segment in text.split('/') {
            if segment.starts_with([':', '*']) {
                let name = segment.trim_start_matches([':', '*']);
                let name = if name.is_empty() { "rest" } else { name };
                let braces = if segment.starts_with('*') {
                    format!("{{*{name}}}")
                } else {
                    format!("{{{name}}}")
                };
                return Err(mistake(
                    "axum 0.8 writes params in braces",
                    start..start + segment.len(),
                )
                .help(format!("write `{braces}`")));
            }
            start += segment.len() + 1;
        }
        if let Err(error) = matchit::Router::new().insert(text, ()) {
            return Err(mistake(explain(&error), 0..text.len()).help("a param is the end of a segment, as in `/rooms/{room}` and `/v{version}`; `/{*rest}` takes the rest of the path"));
        }
        Ok(Self {
            text: text.to_owned(),
            params: params(text)?,
        })
    }
}

impl RoutePath {
    /// The path as axum takes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The params, in the order of the path.
    #[must_use]
    pub fn params(&self) -> &[WireName] {
        &self.params
    }
}

/// The names between braces, where `{{` and `}}` stand for braces themselves.
fn params(text: &str) -> Result<Vec<WireName>, Mistake> {
    let mut params: Vec<WireName> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        if let Some(escaped) = after.strip_prefix('{') {
            rest = escaped;
            continue;
        }
        let Some((inside, beyond)) = after.split_once('}') else {
            break;
        };
        let name = inside.trim_start_matches('*');
        let start = text.len() - after.len() + (inside.len() - name.len());
        let range = start..start + name.len();
        let param = WireName::parse(name).map_err(|mistake| mistake.within(range.clone()))?;
        if params.contains(&param) {
            let message = format!("duplicate param `{name}` in `{text}`");
            return Err(
                Mistake::new(code::DUPLICATE, message, "give each param its own name")
                    .within(range),
            );
        }
        params.push(param);
        rest = beyond;
    }
    Ok(params)
}

/// The first character that a path cannot have, outside of the names of params.
fn odd_char(text: &str) -> Option<(usize, char)> {
    let mut is_inside = false;
    text.char_indices().find(|&(_, c)| {
        is_inside = c == '{' || (is_inside && c != '}');
        !is_inside && !is_path_char(c)
    })
}

/// Characters that the path of a request can have (RFC 3986, section 3.3), and the braces of params.
fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%{}".contains(c)
}

fn explain(error: &matchit::InsertError) -> &'static str {
    match error {
        matchit::InsertError::InvalidParamSegment => "a segment has at most one param, at its end",
        matchit::InsertError::InvalidParam => "a param is a name between `{` and `}`",
        matchit::InsertError::InvalidCatchAll => "`{*rest}` must be the whole last segment",
        _ => "not a path",
    }
}
