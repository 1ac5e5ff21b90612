//! Values in channel names.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::{self, Write};

/// What is escaped: everything but ASCII letters and digits, `-`, `_` and `.`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// Makes a value safe as a part of a channel name.
///
/// Every byte that is not an ASCII letter or digit, `-`, `_` or `.` is percent-encoded, so that
/// no value contains the separators of a name, and two different values never give the same name.
/// An empty value becomes a lone `%`, so that a filled name is never equal to a fixed one.
///
/// ```
/// use autumn_ws::escape;
///
/// let room = "tea:room/2";
/// assert_eq!(format!("room:{}", escape(room)), "room:tea%3Aroom%2F2");
/// ```
pub fn escape(value: impl fmt::Display) -> impl fmt::Display {
    Escaped(value)
}

struct Escaped<T>(T);

impl<T: fmt::Display> fmt::Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut encoder = Encoder {
            out: f,
            is_empty: true,
        };
        write!(encoder, "{}", self.0)?;
        if encoder.is_empty {
            f.write_char('%')
        } else {
            Ok(())
        }
    }
}

struct Encoder<'a, 'b> {
    out: &'a mut fmt::Formatter<'b>,
    is_empty: bool,
}

impl Write for Encoder<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.is_empty &= text.is_empty();
        write!(self.out, "{}", utf8_percent_encode(text, ESCAPED))
    }
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn values_cannot_contain_separators() {
        let cases = [
            ("", "%"),
            ("%", "%25"),
            ("Az09-_.", "Az09-_."),
            ("a:b", "a%3Ab"),
            ("a/b c", "a%2Fb%20c"),
            ("%3A", "%253A"),
            ("é", "%C3%A9"),
            ("\0\n", "%00%0A"),
        ];
        for (value, expected) in cases {
            assert_eq!(escape(value).to_string(), expected);
        }
        assert_eq!(escape(-42).to_string(), "-42");
    }
}
