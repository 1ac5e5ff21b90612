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

/// What a character is called, if it is one that readers do not expect.
#[must_use]
pub fn look_alike(c: char) -> Option<&'static str> {
    let found = LOOK_ALIKES.iter().find(|(other, _)| *other == c);
    found.map(|(_, name)| *name)
}

/// What to do about the first unexpected character of a text, if there is one.
#[must_use]
pub fn advice(text: &str) -> Option<String> {
    let (c, name) = text.chars().find_map(|c| Some((c, look_alike(c)?)))?;
    let instead = match c {
        '\u{2018}'..='\u{201d}' => "write a straight one, or leave it out",
        _ => "replace it with a space, or leave it out",
    };
    Some(format!(
        "there is {name} (U+{:04X}): {instead}",
        u32::from(c)
    ))
}

/// A text in which every character can be seen, for messages.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| {
        let is_bidi = matches!(c, '\u{61c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let is_quote = matches!(c, '\u{2018}'..='\u{201d}');
        c.is_control() || is_bidi || (look_alike(c).is_some() && !is_quote)
    };
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for c in text.chars() {
        if is_hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}
