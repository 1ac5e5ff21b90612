//! Values that travel in another form than serde gives them.

use super::number;
use crate::Bytes;
use base64::{
    alphabet::STANDARD,
    display::Base64Display,
    engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig},
};
use serde_core::{
    de::{Deserialize, Deserializer, Error, Unexpected, Visitor},
    ser::{Serialize, Serializer},
};
use std::{collections::BTreeMap, fmt, marker::PhantomData};

/// The standard alphabet. What is sent has padding, what is received need not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A module for serde's `with`: the value travels in the form `F`, such as [`Decimal`].
///
/// ```
/// use autumn_ws::{Bytes, messages::{As, Base64, Decimal}};
///
/// #[derive(serde::Deserialize, serde::Serialize)]
/// struct Page {
///     #[serde(with = "As::<Decimal>")]
///     number: u64,
///     #[serde(with = "As::<Vec<Base64>>")]
///     pictures: Vec<Bytes>,
/// }
///
/// let page = Page { number: 7, pictures: vec![Bytes::from_static(b"png")] };
/// assert_eq!(serde_json::to_string(&page)?, r#"{"number":"7","pictures":["cG5n"]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct As<F>(PhantomData<F>);

impl<F> As<F> {
    /// Writes a value in this form.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    pub fn serialize<T, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
    where
        F: Form<T>,
    {
        F::serialize(value, serializer)
    }

    /// Reads a value in this form.
    ///
    /// # Errors
    ///
    /// Those of the deserializer, and where the value is not in this form.
    pub fn deserialize<'de, T, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>
    where
        F: Form<T>,
    {
        F::deserialize(deserializer)
    }
}

/// A form in which values of type `T` travel.
///
/// `Vec<F>`, `Option<F>` and `BTreeMap<String, F>` are the forms of lists, of what may be missing, and
/// of maps, whose values travel in the form `F`.
pub trait Form<T> {
    /// Writes a value in this form.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    fn serialize<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;

    /// Reads a value in this form.
    ///
    /// # Errors
    ///
    /// Those of the deserializer, and where the value is not in this form.
    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
}

/// The form of `i64` and `u64`: decimal digits in a string, because JSON numbers lose some beyond
/// 2⁵³. A number is accepted, too.
#[derive(Debug)]
pub struct Decimal;

macro_rules! decimal {
    ($($type:ident $expected:literal)*) => {
        $(impl Form<$type> for Decimal {
            fn serialize<S: Serializer>(value: &$type, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(value)
            }

            fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                deserializer.deserialize_any(Integer($expected, PhantomData))
            }
        })*
    };
}

decimal! {
    i64 "an integer of 64 bits, or one in a string"
    u64 "an unsigned integer of 64 bits, or one in a string"
}

/// Reads an integer, and says what it expects.
struct Integer<T>(&'static str, PhantomData<T>);

impl<T: TryFrom<i128>> Integer<T> {
    fn accept<E: Error>(self, value: Option<i128>) -> Result<T, E> {
        value
            .and_then(|value| T::try_from(value).ok())
            .ok_or_else(|| E::invalid_value(Unexpected::Other("value"), &self))
    }
}

impl<T: TryFrom<i128>> Visitor<'_> for Integer<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        self.accept(Some(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        self.accept(Some(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        self.accept(number::whole(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        let is_decimal = !value.starts_with('+');
        self.accept(value.parse().ok().filter(|_| is_decimal))
    }
}

/// The form of binary data: base64 with the standard alphabet
/// ([RFC 4648, 4](https://www.rfc-editor.org/rfc/rfc4648#section-4)) in a string. What is sent has
/// padding, what is received need not.
#[derive(Debug)]
pub struct Base64;

impl Form<Bytes> for Base64 {
    fn serialize<S: Serializer>(value: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(value, &BASE64))
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        deserializer.deserialize_str(Base64Visitor)
    }
}

struct Base64Visitor;

impl Visitor<'_> for Base64Visitor {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string in base64")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Bytes, E> {
        match BASE64.decode(value) {
            Ok(bytes) => Ok(bytes.into()),
            Err(_) => Err(E::invalid_value(Unexpected::Other("string"), &self)),
        }
    }
}

impl<T, F: Form<T>> Form<Vec<T>> for Vec<F> {
    fn serialize<S: Serializer>(value: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(value.iter().map(Formed::<_, F>::new))
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        let formed = Vec::<Formed<T, F>>::deserialize(deserializer)?;
        Ok(formed.into_iter().map(|formed| formed.0).collect())
    }
}

impl<T, F: Form<T>> Form<Option<T>> for Option<F> {
    fn serialize<S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.serialize_some(&Formed::<_, F>::new(value)),
            None => serializer.serialize_none(),
        }
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        let formed = Option::<Formed<T, F>>::deserialize(deserializer)?;
        Ok(formed.map(|formed| formed.0))
    }
}

impl<T, F: Form<T>> Form<BTreeMap<String, T>> for BTreeMap<String, F> {
    fn serialize<S: Serializer>(
        value: &BTreeMap<String, T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            value
                .iter()
                .map(|(key, value)| (key, Formed::<_, F>::new(value))),
        )
    }

    fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<String, T>, D::Error> {
        let formed = BTreeMap::<String, Formed<T, F>>::deserialize(deserializer)?;
        Ok(formed
            .into_iter()
            .map(|(key, formed)| (key, formed.0))
            .collect())
    }
}

/// A value that travels in the form `F`.
struct Formed<T, F>(T, PhantomData<F>);

impl<T, F> Formed<T, F> {
    const fn new(value: T) -> Self {
        Self(value, PhantomData)
    }
}

impl<T, F: Form<T>> Serialize for Formed<&T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        F::serialize(self.0, serializer)
    }
}

impl<'de, T, F: Form<T>> Deserialize<'de> for Formed<T, F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        F::deserialize(deserializer).map(Self::new)
    }
}
