//! Words of a spec that no lint objects to, whatever lints there are: few, ordinary and short.
//!
//! Whatever is not plain gets one `allow` where it stands. This never has to be exact: an item that has one and needs none
//! is as good.

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
