//! Values out of a tree, by their `Deserialize`.

mod containers;
mod variant;

use self::{
    containers::{Elements, Members},
    variant::Variant,
};
use super::{
    fault::{Refusal, one_of},
    number,
    tree::{Entry, Node},
};
use serde_core::{
    de::{Deserializer, Visitor},
    forward_to_deserialize_any,
};
use std::fmt::Display;

/// What does not fit is refused here, before a visitor sees it: the texts of serde have the offending
/// value in them. Whole numbers may be written as `5.0`.
impl<'t> Deserializer<'t> for Node<'t> {
    type Error = Refusal;

    forward_to_deserialize_any! { <V: Visitor<'t>> i128 u128 bytes byte_buf }

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.entry {
            Entry::Null => visitor.visit_unit(),
            Entry::Bool(value) => visitor.visit_bool(*value),
            Entry::Unsigned(value) => visitor.visit_u64(*value),
            Entry::Signed(value) => visitor.visit_i64(*value),
            Entry::Float(value) => visitor.visit_f64(*value),
            Entry::Borrowed(text) => visitor.visit_borrowed_str(text),
            Entry::Owned(text) => visitor.visit_borrowed_str(text),
            Entry::Array { len, .. } => visitor.visit_seq(Elements::of(self, *len)),
            Entry::Object { len, .. } => visitor.visit_map(Members::of(self, *len)),
        }
    }

    fn deserialize_bool<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.entry {
            Entry::Bool(value) => visitor.visit_bool(*value),
            _ => Err(Refusal::new("be true or false")),
        }
    }

    fn deserialize_i8<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_i8(integer(self, i8::MIN, i8::MAX)?)
    }

    fn deserialize_i16<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_i16(integer(self, i16::MIN, i16::MAX)?)
    }

    fn deserialize_i32<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_i32(integer(self, i32::MIN, i32::MAX)?)
    }

    fn deserialize_i64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_i64(integer(self, i64::MIN, i64::MAX)?)
    }

    fn deserialize_u8<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_u8(integer(self, u8::MIN, u8::MAX)?)
    }

    fn deserialize_u16<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_u16(integer(self, u16::MIN, u16::MAX)?)
    }

    fn deserialize_u32<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_u32(integer(self, u32::MIN, u32::MAX)?)
    }

    fn deserialize_u64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_u64(integer(self, u64::MIN, u64::MAX)?)
    }

    fn deserialize_f32<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let value = number::single(float(self)?);
        let value = value.ok_or_else(|| Refusal::new("be a number of 32 bits"))?;
        visitor.visit_f32(value)
    }

    fn deserialize_f64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_f64(float(self)?)
    }

    fn deserialize_char<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.entry.text() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => Err(Refusal::new("be a string")),
        }
    }

    fn deserialize_string<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.entry {
            Entry::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.entry {
            Entry::Null => visitor.visit_unit(),
            _ => Err(Refusal::new("be null")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.entry {
            Entry::Array { len, .. } => visitor.visit_seq(Elements::of(self, *len)),
            _ => Err(Refusal::new("be an array")),
        }
    }

    fn deserialize_tuple<V: Visitor<'t>>(
        self,
        expected: usize,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        match self.entry {
            Entry::Array { len, .. } if *len == expected => {
                visitor.visit_seq(Elements::of(self, *len))
            }
            _ => Err(Refusal::new(format!("be an array of {expected}"))),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.entry {
            Entry::Object { len, .. } => visitor.visit_map(Members::of(self, *len)),
            _ => Err(Refusal::new("be an object")),
        }
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        if let Some(name) = self.entry.text() {
            return visitor.visit_enum(Variant::unit(name));
        }
        let mut children = self.children();
        match (self.entry, children.next_member()) {
            (Entry::Object { len: 1, .. }, Some((name, value))) => {
                visitor.visit_enum(Variant::with(name, value))
            }
            _ => Err(Refusal::new(one_of(variants))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }
}

fn integer<T: TryFrom<i128> + Display + Copy>(
    node: Node<'_>,
    min: T,
    max: T,
) -> Result<T, Refusal> {
    let value = node.integer();
    let value = value.ok_or_else(|| Refusal::new("be an integer"))?;
    T::try_from(value).map_err(|_| {
        Refusal::new(if value < 0 {
            format!("be at least {min}")
        } else {
            format!("be at most {max}")
        })
    })
}

fn float(node: Node<'_>) -> Result<f64, Refusal> {
    match *node.entry {
        #[expect(
            clippy::cast_precision_loss,
            reason = "JSON numbers are what f64 makes of them"
        )]
        Entry::Unsigned(value) => Ok(value as f64),
        #[expect(
            clippy::cast_precision_loss,
            reason = "JSON numbers are what f64 makes of them"
        )]
        Entry::Signed(value) => Ok(value as f64),
        Entry::Float(value) => Ok(value),
        _ => Err(Refusal::new("be a number")),
    }
}
