//! How deep brackets nest, and what is in double quotes, found in one pass.
//!
//! YAML scanners look at every open bracket again for each token, so a text that nests too deeply must not reach them.

use std::ops::Range;

/// How deep flow collections, `[ ]` and `{ }`, may nest.
const DEEPEST: usize = 64;

/// The texts in double quotes, up to where flow collections nest too deeply.
#[must_use]
pub fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut scan = Scan::new(text);
    let _ = scan.document();
    scan.quoted
}

/// The byte from which flow collections nest too deeply.
#[must_use]
pub fn too_deep(text: &str) -> Option<usize> {
    Scan::new(text).document().err()
}

/// An error is where the text becomes too deep.
type Depth<T> = Result<T, usize>;

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the line begins.
    line: usize,
    /// The column of the key or dash that was read last: lines that are indented further continue its text.
    parent: Option<usize>,
    /// The texts in double quotes so far.
    quoted: Vec<Range<usize>>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line: 0,
            parent: None,
            quoted: Vec::new(),
        }
    }

    fn document(&mut self) -> Depth<()> {
        let mut in_text = false;
        while self.at < self.bytes.len() {
            self.line = self.at;
            if (self.follows(b"---") || self.follows(b"...")) && self.is_blank(self.at + 3) {
                self.at += 3;
                (self.parent, in_text) = (None, false);
            }
            while self.byte(self.at) == Some(b' ') {
                self.at += 1;
            }
            let indent = self.at - self.line;
            let continues = in_text && self.parent.is_none_or(|parent| indent > parent);
            if continues || self.is_break(self.at) {
                self.skip_line();
            } else {
                in_text = self.rest_of_line()?;
            }
        }
        Ok(())
    }

    /// Reads keys and values up to the end of a line; returns whether it ends in a text that the next lines may continue.
    fn rest_of_line(&mut self) -> Depth<bool> {
        loop {
            self.skip_blanks();
            let start = self.at;
            let mut is_plain = false;
            match self.byte(start) {
                None => {}
                _ if self.is_break(start) => {}
                Some(b'-' | b'?' | b':') if self.is_blank(start + 1) => {
                    self.parent = Some(start.saturating_sub(self.line));
                    self.at += 1;
                    continue;
                }
                Some(b'&' | b'!') => {
                    self.skip_word();
                    continue;
                }
                Some(b'|' | b'>') => {
                    self.skip_line();
                    return Ok(true);
                }
                Some(b'#') => {}
                Some(quote @ (b'"' | b'\'')) => self.skip_quoted(quote),
                Some(b'[' | b'{') => self.flow()?,
                Some(_) => is_plain = self.skip_plain(),
            }
            self.skip_blanks();
            if self.byte(self.at) == Some(b':') && self.is_blank(self.at + 1) {
                self.parent = Some(start.saturating_sub(self.line));
                self.at += 1;
                continue;
            }
            self.skip_line();
            return Ok(is_plain);
        }
    }

    /// Reads a flow collection to its end.
    fn flow(&mut self) -> Depth<()> {
        let mut depth = 0_usize;
        // Quotes only quote where a value may begin.
        let mut may_begin = true;
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'[' | b'{' if depth == DEEPEST => return Err(self.at),
                b'[' | b'{' => (depth, may_begin) = (depth + 1, true),
                b']' | b'}' => (depth, may_begin) = (depth.saturating_sub(1), false),
                b',' => may_begin = true,
                b':' | b'?' if self.is_blank(self.at + 1) || self.follows_quote() => {
                    may_begin = true;
                }
                b'"' | b'\'' if may_begin => {
                    self.skip_quoted(byte);
                    may_begin = false;
                    continue;
                }
                b'#' if self.at > 0 && self.is_blank(self.at - 1) => {
                    self.skip_line();
                    continue;
                }
                b'&' | b'!' if may_begin => {
                    self.skip_word();
                    continue;
                }
                _ => may_begin &= self.is_blank(self.at),
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        Ok(())
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn follows(&self, text: &[u8]) -> bool {
        self.bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(text))
    }

    fn follows_quote(&self) -> bool {
        self.at > 0 && matches!(self.byte(self.at - 1), Some(b'"' | b'\''))
    }

    /// Whether a word ends here.
    fn is_blank(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' ' | b'\t')) || self.is_break(at)
    }

    fn is_break(&self, at: usize) -> bool {
        let rest = self.bytes.get(at..).unwrap_or_default();
        // libyaml also ends lines at NEL, LS and PS.
        matches!(
            rest,
            [b'\n' | b'\r', ..] | [0xc2, 0x85, ..] | [0xe2, 0x80, 0xa8 | 0xa9, ..]
        )
    }

    fn skip_blanks(&mut self) {
        while matches!(self.byte(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Skips to the start of the next line.
    fn skip_line(&mut self) {
        while self.at < self.bytes.len() && !self.is_break(self.at) {
            self.at += 1;
        }
        self.at += match self.byte(self.at) {
            Some(0xc2) => 2,
            Some(0xe2) => 3,
            _ => 1,
        };
    }

    /// Skips an anchor or a tag.
    fn skip_word(&mut self) {
        self.at += 1;
        while !self.is_blank(self.at)
            && !matches!(self.byte(self.at), Some(b',' | b'[' | b']' | b'{' | b'}'))
        {
            self.at += 1;
        }
    }

    fn skip_quoted(&mut self, quote: u8) {
        let start = self.at;
        self.skip_to_quote(quote);
        if quote == b'"' {
            self.quoted.push(start..self.at);
        }
    }

    fn skip_to_quote(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.byte(self.at) {
            self.at += 1;
            if byte == quote && quote == b'\'' && self.byte(self.at) == Some(quote) {
                self.at += 1;
            } else if byte == quote {
                return;
            } else if byte == b'\\' && quote == b'"' {
                self.at += 1;
            }
        }
    }

    /// Skips a text without quotes in its line, up to what ends it; whether that is the line.
    fn skip_plain(&mut self) -> bool {
        while !self.is_break(self.at) {
            match self.byte(self.at) {
                None => break,
                Some(b':') if self.is_blank(self.at + 1) => return false,
                Some(b'#') if self.at > 0 && self.is_blank(self.at - 1) => return false,
                Some(_) => self.at += 1,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{quoted, too_deep};

    fn nested(before: &str, after: &str) -> Option<usize> {
        too_deep(&format!("{before}{}{after}", "[".repeat(65))).map(|at| at - before.len())
    }

    #[test]
    fn brackets_are_counted_where_a_value_may_begin() {
        for before in [
            "",
            "a: ",
            "- ",
            "- a: ",
            "? ",
            "--- ",
            "a:\n  ",
            "a: x\nb: ",
            "a: |\n  x\nb: ",
            "a: it's\nb: ",
            "a: &x ",
            "a: !t ",
            "'a': ",
            "a: x # it's [\nb: ",
            "%YAML 1.1\n---\n",
            "a: [x, it's, ']', \"]\"]\nb: ",
            "# c\ra: ",
            "# c\u{85}a: ",
        ] {
            assert_eq!(nested(before, ""), Some(64), "{before:?}");
        }
        assert!(too_deep(&"[\"]\", ".repeat(65)).is_some());
        assert!(too_deep(&"{a: ".repeat(65)).is_some());
        assert!(too_deep(&"[a, # ]\n".repeat(65)).is_some());
    }

    #[test]
    fn brackets_in_texts_do_not_nest() {
        for before in [
            "# ",
            "a: x",
            "a: \"",
            "a: '",
            "a: x # ",
            "a: |\n  ",
            "a: >-\n\n  x\n  ",
            "- |\n ",
            "- a: |\n   ",
            "a: x\n  ",
            "a: [x, \"",
            "a: [x, '",
            "a: [x # ",
            "x\n",
            "a: 'it''s ",
            "a: \"it\\\" ",
        ] {
            assert_eq!(nested(before, "\n"), None, "{before:?}");
        }
        assert_eq!(too_deep(&"[".repeat(64)), None);
        assert_eq!(too_deep(&"a: [b, {c: d}]\n".repeat(100)), None);
        assert_eq!(too_deep(&"- [[], [[]]]\n".repeat(100)), None);
    }

    #[test]
    fn double_quotes_quote_where_a_value_may_begin() {
        let text =
            "\"a\": [\"b \\\" ]\", 'c\"', d\"e\"] # \"f\"\n- g \"h\"\n- |\n  \"i\"\n- \"j\nk\"\n";
        let found: Vec<&str> = quoted(text)
            .into_iter()
            .filter_map(|span| text.get(span))
            .collect();
        assert_eq!(found, ["\"a\"", "\"b \\\" ]\"", "\"j\nk\""]);
    }
}
