//! Variants of enums.

use crate::messages::{
    fault::Refusal,
    tree::{Entry, Node},
};
use serde_core::de::{
    DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor,
    value::BorrowedStrDeserializer,
};

/// A variant of an enum: `"name"`, or `{"name": value}`.
pub(super) struct Variant<'t> {
    name: &'t str,
    value: Option<Node<'t>>,
}

impl<'t> EnumAccess<'t> for Variant<'t> {
    type Error = Refusal;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'t>>(self, seed: S) -> Result<(S::Value, Self), Refusal> {
        let variant = seed.deserialize(BorrowedStrDeserializer::<Refusal>::new(self.name))?;
        Ok((variant, self))
    }
}

impl<'t> Variant<'t> {
    pub(super) const fn unit(name: &'t str) -> Self {
        let value = None;
        Self { name, value }
    }

    pub(super) const fn with(name: &'t str, value: Node<'t>) -> Self {
        let value = Some(value);
        Self { name, value }
    }

    fn read<T>(self, read: impl FnOnce(Node<'t>) -> Result<T, Refusal>) -> Result<T, Refusal> {
        match self.value {
            Some(value) => read(value).map_err(|error| error.inside(self.name)),
            None => Err(Refusal::new("be an object")),
        }
    }
}

impl<'t> VariantAccess<'t> for Variant<'t> {
    type Error = Refusal;

    fn unit_variant(self) -> Result<(), Refusal> {
        match self.value.map(|value| value.entry) {
            None | Some(Entry::Null) => Ok(()),
            Some(_) => Err(Refusal::new("be null").inside(self.name)),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'t>>(self, seed: S) -> Result<S::Value, Refusal> {
        self.read(|value| seed.deserialize(value))
    }

    fn tuple_variant<V: Visitor<'t>>(self, len: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.read(|value| value.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'t>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.read(|value| value.deserialize_map(visitor))
    }
}
