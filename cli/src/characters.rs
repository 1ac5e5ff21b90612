//! Characters that readers cannot see, or take for others.

use std::borrow::Cow;

/// Characters that look like a space, or like nothing, and quotes that YAML does not know.
const LOOK_ALIKES: &[(char, &str)] = &[
    ('\u{a0}', "a no-break space"),
    ('\u{ad}', "a soft hyphen"),
    ('\u{2002}', "an en space"),
    ('\u{2003}', "an em space"),
    ('\u{2007}', "a figure space"),
    ('\u{2009}', "a thin space"),
    ('\u{200b}', "a zero-width space"),
    ('\u{200c}', "a zero-width non-joiner"),
    ('\u{200d}', "a zero-width joiner"),
    ('\u{200e}', "a left-to-right mark"),
    ('\u{200f}', "a right-to-left mark"),
    ('\u{202f}', "a narrow no-break space"),
    ('\u{2060}', "a word joiner"),
    ('\u{3000}', "an ideographic space"),
    ('\u{feff}', "a byte order mark"),
    ('\u{2018}', "a curly quote"),
    ('\u{2019}', "a curly quote"),
    ('\u{201c}', "a curly quote"),
    ('\u{201d}', "a curly quote"),
];

/// Signs that look like those of YAML.
const SIGNS: &[(char, char)] = &[
    ('\u{2013}', '-'),
    ('\u{2014}', '-'),
    ('\u{2212}', '-'),
    ('\u{ff03}', '#'),
    ('\u{ff0c}', ','),
    ('\u{ff0d}', '-'),
    ('\u{ff1a}', ':'),
    ('\u{ff3b}', '['),
    ('\u{ff3d}', ']'),
    ('\u{ff5b}', '{'),
    ('\u{ff5d}', '}'),
];

/// What a character is called, if it is one that readers take for another, or do not see.
#[must_use]
pub fn look_alike(c: char) -> Option<&'static str> {
    let found = LOOK_ALIKES.iter().find(|(other, _)| *other == c);
    match found {
        Some((_, name)) => Some(name),
        // Emoji have these.
        None if matches!(c, '\u{fe00}'..='\u{fe0f}') => None,
        None if c.is_control() => None,
        None if c.is_whitespace() && c != ' ' => Some("a blank that is not a space"),
        None if is_bidi(c) => Some("a character that turns the direction of text"),
        None => is_hidden(c).then_some("a character that nobody sees"),
    }
}

/// Whether readers do not see a character, or see a blank that is not a space.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || is_bidi(c)
        || (c.is_whitespace() && c != ' ')
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Whether a character changes the direction of text.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The sign of YAML that a character looks like.
#[must_use]
pub fn sign(c: char) -> Option<char> {
    let found = SIGNS.iter().find(|(other, _)| *other == c);
    found.map(|(_, sign)| *sign)
}

/// What to do about the first unexpected character of a text, if there is one.
#[must_use]
pub fn advice(text: &str) -> Option<String> {
    text.chars().find_map(|c| {
        let code = u32::from(c);
        if let Some(sign) = sign(c) {
            return Some(format!("`{c}` (U+{code:04X}) is not `{sign}`: write that"));
        }
        let name = look_alike(c)?;
        let instead = match c {
            '\u{2018}'..='\u{201d}' => "write a straight one, or leave it out",
            c if c.is_whitespace() => "replace it with a space, or leave it out",
            _ => "leave it out",
        };
        Some(format!("there is {name} (U+{code:04X}): {instead}"))
    })
}

/// A text in which every character can be seen, for messages.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    with_escapes(text, is_hidden)
}

/// The same for a text of several lines, which may be indented with tabs.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    with_escapes(text, |c| is_hidden(c) && !matches!(c, '\n' | '\t'))
}

/// A text that stays in its line, in a comment of any language, and reads as it is written.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    let ends_line = |c| matches!(c, '\u{2028}' | '\u{2029}');
    with_escapes(text, |c| {
        c != '\t' && (c.is_control() || ends_line(c) || is_bidi(c))
    })
}

fn with_escapes(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for c in text.chars() {
        if is_escaped(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_shown_as_an_escape() {
        for hidden in [
            "\u{1b}",
            "\u{7f}",
            "\u{85}",
            "\u{9b}",
            "\u{a0}",
            "\u{ad}",
            "\u{61c}",
            "\u{180e}",
            "\u{200b}",
            "\u{2028}",
            "\u{202e}",
            "\u{2062}",
            "\u{2069}",
            "\u{2800}",
            "\u{3000}",
            "\u{3164}",
            "\u{fe0f}",
            "\u{feff}",
            "\u{fffb}",
            "\u{e0041}",
        ] {
            let shown = visible(hidden);
            assert!(shown.starts_with("\\u{"), "{hidden:?}");
            assert!(!shown.contains(is_hidden), "{hidden:?}");
        }
        for seen in ["a b", "é", "日本", "😀", "“quoted”", "\u{301}", "：", "–"] {
            assert_eq!(visible(seen), seen);
        }
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(visible_lines("a\n\tb\u{202e}"), "a\n\tb\\u{202e}");
    }
}
