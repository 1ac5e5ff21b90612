//! Texts as terminals show them: what nobody sees stands there as an escape.

use crate::characters::{is_hidden, visible};
use std::ops::Range;

/// A text of several lines, and where its parts are now.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    text: String,
    escapes: Vec<Escape>,
}

/// The end of a character that became an escape.
#[derive(Clone, Copy, Debug)]
struct Escape {
    was: usize,
    is: usize,
}

impl Shown {
    /// Shows a text.
    pub(super) fn new(original: &str) -> Self {
        let mut shown = Self {
            text: String::new(),
            escapes: Vec::new(),
        };
        let is_escaped = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t' | '\r');
        let mut copied = 0;
        for (at, c) in original.match_indices(is_escaped) {
            shown
                .text
                .push_str(original.get(copied..at).unwrap_or_default());
            shown.text.push_str(&visible(c));
            copied = at + c.len();
            shown.escapes.push(Escape {
                was: copied,
                is: shown.text.len(),
            });
        }
        shown
            .text
            .push_str(original.get(copied..).unwrap_or_default());
        shown
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a part of the original is.
    pub(super) fn span(&self, original: &Range<usize>) -> Range<usize> {
        self.place(original.start)..self.place(original.end)
    }

    fn place(&self, original: usize) -> usize {
        let before = self
            .escapes
            .partition_point(|escape| escape.was <= original);
        let last = before
            .checked_sub(1)
            .and_then(|last| self.escapes.get(last));
        last.map_or(original, |escape| escape.is + (original - escape.was))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_among_escapes() {
        let original = "a: \u{202e}b\u{1b}\n\tc";
        let shown = Shown::new(original);
        assert_eq!(shown.as_str(), "a: \\u{202e}b\\u{1b}\n\tc");
        for part in ["a", "b", "c", "\u{202e}b", "\u{1b}"] {
            let start = original.find(part).unwrap();
            let span = shown.span(&(start..start + part.len()));
            assert_eq!(shown.as_str().get(span), Some(&*visible(part)));
        }
    }
}
