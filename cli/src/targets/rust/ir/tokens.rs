//! Values that may be printed into Rust code.

use crate::characters::one_line;
use proc_macro2::Literal;
use std::{fmt, time::Duration};

/// A piece of Rust code: an identifier, a type or an expression that this crate made itself or syn has parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens(String);

impl Tokens {
    /// Tokens that are known to be well formed. Text of a spec comes here only after syn has parsed it.
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// A duration, in the largest unit that gives it exactly.
    #[must_use]
    pub fn duration(duration: Duration) -> Self {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        let (count, unit) = match (duration.as_secs(), duration.subsec_millis()) {
            (seconds, 0) if seconds.is_multiple_of(HOUR) => ((seconds / HOUR).into(), "hours"),
            (seconds, 0) if seconds.is_multiple_of(MINUTE) => ((seconds / MINUTE).into(), "mins"),
            (seconds, 0) => (seconds.into(), "secs"),
            _ => (duration.as_millis(), "millis"),
        };
        Self(format!("Duration::from_{unit}({})", grouped(count)))
    }

    /// A number of bytes, in the largest unit that gives it exactly.
    #[must_use]
    pub fn bytes(bytes: u32) -> Self {
        const KIB: u32 = 1024;
        const MIB: u32 = KIB * 1024;
        let times = |count: u32, unit: &str| match count {
            1 => Self(unit.to_owned()),
            count => Self(format!("{count} * {unit}")),
        };
        match bytes {
            bytes if bytes.is_multiple_of(MIB) => times(bytes / MIB, "1024 * 1024"),
            bytes if bytes.is_multiple_of(KIB) => times(bytes / KIB, "1024"),
            bytes => Self(grouped(bytes)),
        }
    }

    /// `Some(value)`, or `None`.
    #[must_use]
    pub fn option(value: Option<Self>) -> Self {
        Self(value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})")))
    }

    /// A close code, by its name in axum where it has one.
    #[must_use]
    pub fn close_code(code: u16) -> Self {
        let name = match code {
            1000 => "NORMAL",
            1001 => "AWAY",
            1002 => "PROTOCOL",
            1003 => "UNSUPPORTED",
            1007 => "INVALID",
            1008 => "POLICY",
            1009 => "SIZE",
            1011 => "ERROR",
            1012 => "RESTART",
            1013 => "AGAIN",
            code => return Self(code.to_string()),
        };
        Self(format!("close_code::{name}"))
    }

    /// A number, with `_` between groups of three digits from five digits on.
    pub fn number(number: impl fmt::Display) -> Self {
        Self(grouped(number))
    }

    /// A decimal number with a point, with `_` between groups of three digits on both sides of it.
    #[must_use]
    pub fn float(digits: &str) -> Self {
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let mut grouped_fraction = String::new();
        for (index, digit) in fraction.char_indices() {
            if index > 0 && index.is_multiple_of(3) && fraction.len() > LONGEST_WITHOUT {
                grouped_fraction.push('_');
            }
            grouped_fraction.push(digit);
        }
        Self(format!("{}.{grouped_fraction}", grouped(whole)))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text, printed as a string literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Str(String);

impl Str {
    /// Any text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Literal::string(&self.0).fmt(f)
    }
}

/// A line of text in a comment: nothing in it ends the line or turns its direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment(String);

impl Comment {
    /// Any text; characters that would not stay in a line of a comment, or that rustc refuses there, are printed as escapes.
    pub fn new(text: &str) -> Self {
        Self(one_line(text).into_owned())
    }
}

impl fmt::Display for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Longer runs of digits are grouped.
const LONGEST_WITHOUT: usize = 4;

fn grouped(number: impl fmt::Display) -> String {
    let text = number.to_string();
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |digits| ("-", digits));
    if digits.len() <= LONGEST_WITHOUT || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text;
    }
    let mut groups = String::from(sign);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            groups.push('_');
        }
        groups.push(digit);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_clippy_wants_them() {
        assert_eq!(Tokens::number(1234).as_str(), "1234");
        assert_eq!(Tokens::number(-1_234_567).as_str(), "-1_234_567");
        assert_eq!(
            Tokens::float("123456.1234567").as_str(),
            "123_456.123_456_7"
        );
        assert_eq!(Tokens::float("-5").as_str(), "-5.0");
    }

    #[test]
    fn sizes_keep_the_unit_that_people_wrote() {
        assert_eq!(Tokens::bytes(1 << 20).as_str(), "1024 * 1024");
        assert_eq!(Tokens::bytes(64 << 10).as_str(), "64 * 1024");
        assert_eq!(Tokens::bytes(100_000).as_str(), "100_000");
    }

    #[test]
    fn durations_are_written_in_their_largest_unit() {
        assert_eq!(
            Tokens::duration(Duration::from_mins(2)).as_str(),
            "Duration::from_mins(2)"
        );
        assert_eq!(
            Tokens::duration(Duration::from_secs(90)).as_str(),
            "Duration::from_secs(90)"
        );
        assert_eq!(
            Tokens::duration(Duration::from_millis(12_500)).as_str(),
            "Duration::from_millis(12_500)"
        );
    }

    #[test]
    fn a_text_cannot_leave_its_comment() {
        assert_eq!(
            Comment::new("a\r\nb\u{202e}").to_string(),
            "a\\u{d}\\u{a}b\\u{202e}"
        );
    }

    #[test]
    fn a_text_cannot_leave_its_literal() {
        assert_eq!(
            Str::new("a\"; evil(); \"\n").to_string(),
            r#""a\"; evil(); \"\n""#
        );
    }
}
