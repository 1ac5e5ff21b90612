//! Words of a spec that no lint objects to, whatever lints there are: few, ordinary and short.
//!
//! Whatever is not plain gets one `allow` where it stands. This never has to be exact: an item that has one and needs none
//! is as good.

use crate::targets::rust::ir::messages::{Body, Field};
use std::collections::BTreeSet;

/// The names of parameters: one, and not a stand-in for a name.
pub(super) fn are_parameters(names: &[String]) -> bool {
    const STAND_INS: [&str; 3] = ["foo", "baz", "quux"];
    match names {
        [] => true,
        [name] => !STAND_INS.contains(&name.as_str()),
        _ => false,
    }
}

/// The types of a struct's fields: two at most, each a name, the path to one, or an `Option` of that.
pub(super) fn are_fields<'a>(types: impl Iterator<Item = &'a str>) -> bool {
    let types: Vec<&str> = types.collect();
    types.len() < 3 && types.iter().all(|ty| is_type(ty))
}

fn is_type(ty: &str) -> bool {
    let inner = ty
        .strip_prefix("Option<")
        .and_then(|ty| ty.strip_suffix('>'));
    !inner.unwrap_or(ty).contains(['<', '(', '['])
}

/// A type of messages whose names have nothing in common, and which is neither long nor nested.
pub(super) fn is_body(body: &Body) -> bool {
    match body {
        Body::Struct(fields) => {
            let names: Vec<&str> = fields.iter().map(|field| field.ident.as_str()).collect();
            let bools = fields.iter().filter(|field| field.ty.as_str() == "bool");
            let is_simple = |field: &Field| field.ty.as_str().matches('<').count() < 3;
            let are_texts = fields.iter().all(|field| field.doc.is_empty());
            are_distinct(&names) && bools.count() < 4 && fields.iter().all(is_simple) && are_texts
        }
        Body::Enum(variants) => {
            let names: Vec<&str> = variants
                .iter()
                .map(|variant| variant.ident.as_str())
                .collect();
            are_distinct(&names)
        }
        // Its variants may be of very different sizes.
        Body::OneOf { .. } => false,
        Body::Alias(ty) => ty.as_str().matches('<').count() < 3,
    }
}

/// Whether few names begin and end with different letters.
fn are_distinct(names: &[&str]) -> bool {
    let letters = |end: fn(&str) -> Option<char>| {
        let letters: BTreeSet<Option<char>> = names.iter().map(|name| end(name)).collect();
        letters.len() > 1
    };
    let is_word = |name: &&str| name.chars().any(char::is_lowercase);
    let first = |name: &str| name.chars().next();
    let last = |name: &str| name.chars().next_back();
    names.len() < 3 && names.iter().all(is_word) || letters(first) && letters(last)
}

/// A paragraph of prose: nothing that Markdown or a lint takes for code, a link or a list.
pub(super) fn is_prose(text: &str) -> bool {
    let is_numbered = |line: &str| line.starts_with(|c: char| c.is_ascii_digit());
    let is_list = text.contains('\n') && text.lines().any(is_numbered);
    !text.is_empty() && !is_list && text.lines().all(|line| line.split(' ').all(is_word))
}

fn is_word(word: &str) -> bool {
    let word = word
        .trim_start_matches(['(', '"'])
        .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"']);
    let mut letters = word.chars();
    let starts = letters.next().is_some_and(char::is_alphanumeric);
    starts
        && letters.all(|letter| {
            letter.is_lowercase() || letter.is_ascii_digit() || "-'’".contains(letter)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_plain_and_markdown_is_not() {
        for text in [
            "The help desk, for everybody.",
            "Chat rooms (and a lobby).",
            "Version 2 of it",
            "a\nb",
        ] {
            assert!(is_prose(text), "{text}");
        }
        for text in [
            "A ChatRoom",
            "of my_app",
            "`code`",
            "- one",
            "# two",
            "a  b",
            "<b>",
            "[x]",
            "* all",
            "a\n\nb",
            "1 a\nb",
        ] {
            assert!(!is_prose(text), "{text}");
        }
    }
}
