//! Default values of query fields.

use super::{Described, Form, RustType};

/// A default as it is written, before its type is known.
#[derive(Clone, Debug)]
pub enum Given {
    /// `true` or `false`.
    Bool(bool),
    /// A number, in digits.
    Number(String),
    /// A text.
    Text(String),
}

impl Described for Given {
    const FORM: Form = Form::Either(&[Form::Text, Form::Number, Form::Bool]);
}

/// A default value, checked against its type.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// For `bool`.
    Bool(bool),
    /// For `char`.
    Char(char),
    /// For the integer types, in decimal digits.
    Integer(String),
    /// For `f32` and `f64`, in as many digits as the type can tell apart.
    Float(String),
    /// For `String`.
    Text(String),
    /// For a type that is known to serde only: what a client would write.
    Written(String),
}

impl Given {
    /// What a client would write.
    fn written(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Number(text) | Self::Text(text) => text.clone(),
        }
    }
}

impl Literal {
    /// The literal of `ty` that `given` means; `None` where it is not a value of that type.
    #[must_use]
    pub fn of(given: &Given, ty: &RustType) -> Option<Self> {
        let Some(ty) = ty.plain() else {
            return (!ty.is_option()).then(|| Self::Written(given.written()));
        };
        match (ty, given) {
            ("bool", Given::Bool(value)) => Some(Self::Bool(*value)),
            ("String", Given::Text(text)) => Some(Self::Text(text.clone())),
            ("char", Given::Text(text)) => only_char(text).map(Self::Char),
            ("f32", Given::Number(number)) => number.parse().ok().and_then(|value: f32| {
                let is_finite = value.is_finite();
                is_finite.then(|| Self::Float(value.to_string()))
            }),
            ("f64", Given::Number(number)) => number.parse().ok().and_then(|value: f64| {
                let is_finite = value.is_finite();
                is_finite.then(|| Self::Float(value.to_string()))
            }),
            // YAML's numbers end at 64 bits; larger ones are quoted.
            ("i128", Given::Text(text)) => text.parse().ok().map(|value: i128| integer(&value)),
            ("u128", Given::Text(text)) => text.parse().ok().map(|value: u128| integer(&value)),
            (_, Given::Number(number)) => in_range(ty, number.parse().ok()?).map(|n| integer(&n)),
            _ => None,
        }
    }
}

fn integer(value: &impl ToString) -> Literal {
    Literal::Integer(value.to_string())
}

fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn in_range(ty: &str, value: i128) -> Option<i128> {
    let (least, most): (i128, i128) = match ty {
        "u8" => (0, u8::MAX.into()),
        "u16" => (0, u16::MAX.into()),
        // What a `usize` holds depends on the machine: what every machine's holds is taken.
        "u32" | "usize" => (0, u32::MAX.into()),
        "u64" | "u128" => (0, u64::MAX.into()),
        "i8" => (i8::MIN.into(), i8::MAX.into()),
        "i16" => (i16::MIN.into(), i16::MAX.into()),
        "i32" | "isize" => (i32::MIN.into(), i32::MAX.into()),
        "i64" | "i128" => (i64::MIN.into(), i64::MAX.into()),
        _ => return None,
    };
    (least..=most).contains(&value).then_some(value)
}
