//! How the parts of a spec are read, by their types.

use super::{
    reader::{Fields, Node, Reader},
    scalars,
};
use crate::{
    place::At,
    spec::{Entry, Keyed},
    value::{Form, Mistake, Scalar},
};
use serde_yaml::Value;

/// A field of a section, whether the author writes its key or not.
pub(super) trait ReadField: Sized {
    /// Reads the value of the key; `None` where the author does not write it.
    fn read(node: Option<&Node>, reader: &mut Reader) -> Self;
}

/// A value.
pub(super) trait ReadValue: Sized {
    /// Reads the value; `None` where it cannot be read, which is then noted.
    fn read(node: &Node, reader: &mut Reader) -> Option<Self>;
}

/// A section: a mapping whose keys are the format's own.
pub(super) trait ReadSection: Keyed + Sized {
    /// What says which one of its kind it is.
    type Id;

    /// Reads the values of all keys.
    fn read(id: Self::Id, fields: &Fields, reader: &mut Reader) -> Self;
}

/// An entry under a name that the author chooses.
pub(super) trait ReadEntry: Entry + Sized {
    /// Reads it; `None` where its name cannot be read, which is then noted.
    fn read(name: &At<&str>, node: &Node, reader: &mut Reader) -> Option<Self>;
}

impl<V: ReadValue> ReadField for Option<At<V>> {
    fn read(node: Option<&Node>, reader: &mut Reader) -> Self {
        let node = node?;
        let value = V::read(node, reader)?;
        Some(At::new(value, node.place.clone()))
    }
}

impl<E: ReadEntry> ReadField for Vec<E> {
    fn read(node: Option<&Node>, reader: &mut Reader) -> Self {
        let Some(node) = node.filter(|node| !node.value.is_null()) else {
            return Vec::new();
        };
        if E::NAMES.may_be_number() {
            let entries = reader.numbered(node).into_iter();
            let read = |(name, node): (At<String>, Node)| {
                E::read(&At::new(&name.value, name.place), &node, reader)
            };
            return entries.filter_map(read).collect();
        }
        let entries = reader.entries(node).into_iter();
        entries
            .filter_map(|(name, node)| E::read(&name, &node, reader))
            .collect()
    }
}

impl<S: ReadSection<Id = ()> + Default> ReadField for S {
    fn read(node: Option<&Node>, reader: &mut Reader) -> Self {
        let node = node.filter(|node| !node.value.is_null());
        match node.and_then(|node| reader.fields(node, S::SECTION)) {
            Some(fields) => ReadSection::read((), &fields, reader),
            None => S::default(),
        }
    }
}

impl<S: Scalar> ReadValue for S {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let read = match node.value {
            Value::String(text) => {
                let parse =
                    |text: &str| S::parse(text).map_err(|mistake| advised::<S>(mistake, text));
                reader.parsed(text, node.place.clone(), parse)
            }
            Value::Number(number) if S::MAY_BE_NUMBER => {
                reader.parsed(&scalars::written(number), node.place.clone(), S::parse)
            }
            _ if S::MAY_BE_NUMBER || matches!(S::FORM, Form::Choices(_)) => {
                reader.wrong_type(node, &S::FORM)
            }
            _ => reader.not_text(node, &S::FORM),
        };
        read.map(|at| at.value)
    }
}

/// A mistake, with advice where the text is meant as a number.
pub(super) fn advised<S: Scalar>(mistake: Mistake, text: &str) -> Mistake {
    let help = S::MAY_BE_NUMBER.then(|| scalars::instead_of_number(text));
    mistake.help_if(help.flatten())
}
