//! Types of what travels, as a spec writes each in one text: `string(1..500)`, `User | null`.

use super::{Bounds, Described, Form, Lengths, Mistake, Notation, Scalar};
use crate::{diagnostic::code, suggest};

/// A type that the format knows by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Basic {
    /// Text of so many Unicode scalar values.
    Text(Lengths),
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer(Integer, Bounds<i128>),
    /// A number.
    Float(Float, Bounds<f64>),
    /// A UUID, as text.
    Uuid,
    /// A moment, as text (RFC 3339).
    Time,
    /// So many bytes, as text (base64).
    Bytes(Lengths),
    /// Any JSON.
    Json,
}

/// The kinds of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integer {
    /// What every JSON parser reads exactly: within ±(2⁵³−1).
    Int,
    /// With a sign, and of so many bits.
    Signed(u32),
    /// Without a sign, and of so many bits.
    Unsigned(u32),
}

/// The kinds of other numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Float {
    /// 32 bits.
    Single,
    /// 64 bits.
    Double,
}

/// A type that is written as one text.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeText {
    /// The type.
    pub base: Base,
    /// Whether it may be `null`.
    pub is_nullable: bool,
}

/// What a type is, but for `null`.
#[derive(Clone, Debug, PartialEq)]
pub enum Base {
    /// One that the format knows.
    Basic(Basic),
    /// One that a spec names.
    Named(String),
}

impl Integer {
    const MOST: i128 = (1 << 53) - 1;

    /// Its least and its greatest number.
    #[must_use]
    pub fn limits(self) -> (i128, i128) {
        match self {
            Self::Int => (-Self::MOST, Self::MOST),
            Self::Signed(bits) => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
            Self::Unsigned(bits) => (0, (1 << bits) - 1),
        }
    }

    /// Whether it is too large for a number of JSON, and travels as decimal text.
    #[must_use]
    pub fn is_decimal(self) -> bool {
        matches!(self, Self::Signed(64) | Self::Unsigned(64))
    }
}

impl Float {
    /// Its least and its greatest number.
    #[must_use]
    pub fn limits(self) -> (f64, f64) {
        match self {
            Self::Single => (f32::MIN.into(), f32::MAX.into()),
            Self::Double => (f64::MIN, f64::MAX),
        }
    }
}

impl Basic {
    /// The words of the format that name types.
    pub const WORDS: [&'static str; 17] = [
        "string", "bool", "int", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32",
        "f64", "uuid", "time", "bytes", "json",
    ];

    /// The type that is called so, without a range.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let integer = |integer| Self::Integer(integer, Bounds::ALL);
        Some(match word {
            "string" => Self::Text(Bounds::ALL),
            "bool" => Self::Bool,
            "int" => integer(Integer::Int),
            "i8" => integer(Integer::Signed(8)),
            "i16" => integer(Integer::Signed(16)),
            "i32" => integer(Integer::Signed(32)),
            "i64" => integer(Integer::Signed(64)),
            "u8" => integer(Integer::Unsigned(8)),
            "u16" => integer(Integer::Unsigned(16)),
            "u32" => integer(Integer::Unsigned(32)),
            "u64" => integer(Integer::Unsigned(64)),
            "f32" => Self::Float(Float::Single, Bounds::ALL),
            "f64" => Self::Float(Float::Double, Bounds::ALL),
            "uuid" => Self::Uuid,
            "time" => Self::Time,
            "bytes" => Self::Bytes(Bounds::ALL),
            "json" => Self::Json,
            _ => return None,
        })
    }

    /// The type with a range, or why it has none.
    fn within(self, word: &str, range: &str) -> Result<Self, Mistake> {
        let whole = |text: &str| text.parse().ok();
        Ok(match self {
            Self::Text(_) => Self::Text(Bounds::parse(range)?),
            Self::Bytes(_) => Self::Bytes(Bounds::parse(range)?),
            Self::Integer(integer, _) => {
                let bounds = Bounds::parse_with(range, "0..100", integer.limits(), whole)?;
                Self::Integer(integer, bounds)
            }
            Self::Float(float, _) => {
                let number =
                    |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
                let bounds = Bounds::parse_with(range, "-90..90", float.limits(), number)?;
                Self::Float(float, bounds)
            }
            Self::Bool | Self::Uuid | Self::Time | Self::Json => return Err(no_range(word)),
        })
    }
}

fn no_range(word: &str) -> Mistake {
    let message = format!("`{word}` has no range");
    Mistake::new(
        code::BAD_RANGE,
        message,
        "only `string`, `bytes` and numbers have one",
    )
    .help("for a list or a map, write `{ type: …, items: 0..500 }`")
}

impl Described for TypeText {
    const FORM: Form = Form::Notation(&Notation {
        name: "type name",
        doc: "`string`, `bool`, `int` (within ±(2⁵³−1)), `i8` to `i64`, `u8` to `u64`, `f32`, `f64`, `uuid`, `time`, `bytes`, `json`, or the name of a type or a message of the spec, or of one that it uses. `string`, `bytes` and numbers can have a range: of a length, or of the number. `T | null` may also be `null`.",
        pattern: Some(r"\S"),
        numbers: &[],
        examples: &["string(1..500)", "int(0..)", "uuid", "User", "time | null"],
    });
}

impl Scalar for TypeText {
    fn parse(text: &str) -> Result<Self, Mistake> {
        let (ty, is_nullable) = match text.rsplit_once('|') {
            Some((ty, null)) if null.trim() == "null" && !ty.contains('|') => (ty.trim_end(), true),
            Some(_) => return Err(not_one(text)),
            None => (text, false),
        };
        let indent = ty.len() - ty.trim_start().len();
        let ty = ty.trim();
        let base = base(ty).map_err(|mistake| mistake.within(indent..indent + ty.len()))?;
        Ok(Self { base, is_nullable })
    }
}

/// `string(1..500)`, or any name.
fn base(ty: &str) -> Result<Base, Mistake> {
    let (word, range) = match ty.split_once('(') {
        None => (ty, None),
        Some((word, rest)) => {
            let Some(range) = rest.strip_suffix(')') else {
                let message = format!("`{ty}` is not a type");
                let mistake = Mistake::new(code::BAD_RANGE, message, "`)` is missing");
                return Err(mistake.help("write the range in parentheses, as in `string(1..500)`"));
            };
            (word.trim_end(), Some(range))
        }
    };
    match (Basic::named(word), range) {
        (Some(basic), None) => Ok(Base::Basic(basic)),
        (Some(basic), Some(range)) => basic.within(word, range).map(Base::Basic),
        (None, Some(_)) => Err(no_range(word).help_if(
            suggest::closest(word, Basic::WORDS).map(|close| format!("did you mean `{close}`?")),
        )),
        (None, None) if matches!(word, "" | "null") => {
            let message = format!("`{word}` alone is not a type");
            let mistake = Mistake::new(code::UNKNOWN_TYPE, message, "needs a type");
            Err(mistake.help("a field that may be absent is written `name?`; a value that may be null has the type `string | null`"))
        }
        (None, None) => Ok(Base::Named(word.to_owned())),
    }
}

fn not_one(text: &str) -> Mistake {
    let message = format!("`{text}` is not one type");
    let mistake = Mistake::new(code::UNKNOWN_TYPE, message, "only `null` may follow `|`");
    mistake.help("for one of several types, declare a type with `$one_of` and `$tag`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> TypeText {
        TypeText::parse(text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}"))
    }

    #[test]
    fn types_are_read() {
        let text = |least, most| Base::Basic(Basic::Text(Bounds { least, most }));
        assert_eq!(parsed("string").base, text(None, None));
        assert_eq!(parsed("string(1..500)").base, text(Some(1), Some(500)));
        assert_eq!(parsed("string ( 1 .. )").base, text(Some(1), None));
        assert_eq!(parsed(" User | null ").base, Base::Named("User".to_owned()));
        assert!(parsed("time|null").is_nullable && !parsed("time").is_nullable);
    }

    #[test]
    fn ranges_that_hold_nothing_are_refused() {
        for text in [
            "string(2..1)",
            "string()",
            "string(..)",
            "string(1)",
            "string(-1..2)",
            "string(1..2",
            "u8(0..256)",
            "int(0..9007199254740992)",
            "f32(0..1e39)",
            "f64(0..NaN)",
            "bool(0..1)",
            "User(1..2)",
            "a | b",
            "null",
            "",
        ] {
            assert!(TypeText::parse(text).is_err(), "{text}");
        }
    }
}
