//! Arrays, and objects with their keys.

use super::variant::Variant;
use crate::messages::{
    fault::Refusal,
    tree::{Children, Node},
};
use serde_core::{
    de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor},
    forward_to_deserialize_any,
};

/// The elements of an array.
pub(super) struct Elements<'t> {
    rest: Children<'t>,
    len: usize,
    read: usize,
}

impl<'t> Elements<'t> {
    pub(super) fn of(array: Node<'t>, len: usize) -> Self {
        let rest = array.children();
        Self { rest, len, read: 0 }
    }
}

impl<'t> SeqAccess<'t> for Elements<'t> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'t>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        let Some(element) = self.rest.next() else {
            return Ok(None);
        };
        let at = self.read;
        self.read += 1;
        let read = seed.deserialize(element);
        read.map(Some)
            .map_err(|error| error.inside(&at.to_string()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.len.saturating_sub(self.read))
    }
}

/// The keys and values of an object.
pub(super) struct Members<'t> {
    rest: Children<'t>,
    len: usize,
    /// The key that was read, and its value, which comes next.
    member: Option<(&'t str, Node<'t>)>,
}

impl<'t> Members<'t> {
    pub(super) fn of(object: Node<'t>, len: usize) -> Self {
        Self {
            rest: object.children(),
            len,
            member: None,
        }
    }
}

impl<'t> MapAccess<'t> for Members<'t> {
    type Error = Refusal;

    fn next_key_seed<S: DeserializeSeed<'t>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        self.member = self.rest.next_member();
        let Some((key, _)) = self.member else {
            return Ok(None);
        };
        self.len = self.len.saturating_sub(1);
        let read = seed.deserialize(Key(key));
        read.map(Some).map_err(|error| error.inside(key))
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, Refusal> {
        match self.member.take() {
            Some((key, value)) => {
                let read = seed.deserialize(value);
                read.map_err(|error| error.inside(key))
            }
            None => Err(Refusal::new("be valid")),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.len)
    }
}

/// The key of an object: a text, or a number in a text.
struct Key<'t>(&'t str);

macro_rules! numeric_keys {
    ($($method:ident $visit:ident)*) => {
        $(fn $method<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
            match self.0.parse() {
                Ok(number) => visitor.$visit(number),
                Err(_) => Err(Refusal::new("be an integer")),
            }
        })*
    };
}

impl<'t> Deserializer<'t> for Key<'t> {
    type Error = Refusal;

    forward_to_deserialize_any! {
        <V: Visitor<'t>>
        bool i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }

    numeric_keys! {
        deserialize_i8 visit_i8 deserialize_i16 visit_i16
        deserialize_i32 visit_i32 deserialize_i64 visit_i64
        deserialize_u8 visit_u8 deserialize_u16 visit_u16
        deserialize_u32 visit_u32 deserialize_u64 visit_u64
    }

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_enum(Variant::unit(self.0))
    }
}
