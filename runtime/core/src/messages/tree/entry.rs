//! The parts of a tree.

use crate::messages::number;
use std::iter;

/// One value, or one key.
#[derive(Debug)]
pub(in crate::messages) enum Entry<'a> {
    Null,
    Bool(bool),
    Unsigned(u64),
    /// Below zero.
    Signed(i64),
    Float(f64),
    /// A text, or a key, as it is in the message.
    Borrowed(&'a str),
    /// The same with escapes resolved.
    Owned(Box<str>),
    /// How many elements there are, and how many entries they take: those that follow.
    Array {
        len: usize,
        span: usize,
    },
    /// As an array. Each value comes after its key.
    Object {
        len: usize,
        span: usize,
    },
}

impl Entry<'_> {
    pub(in crate::messages) fn text(&self) -> Option<&str> {
        match self {
            Self::Borrowed(text) => Some(text),
            Self::Owned(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is not a number that is beyond all numbers.
    pub(super) fn is_finite(&self) -> bool {
        !matches!(self, Self::Float(value) if !value.is_finite())
    }

    /// How many of the entries that follow belong to this one.
    const fn span(&self) -> usize {
        match self {
            Self::Array { span, .. } | Self::Object { span, .. } => *span,
            _ => 0,
        }
    }
}

/// A value in a tree.
#[derive(Clone, Copy, Debug)]
pub(in crate::messages) struct Node<'t> {
    pub(in crate::messages) entry: &'t Entry<'t>,
    /// The entries of what it contains.
    inside: &'t [Entry<'t>],
}

impl<'t> Node<'t> {
    pub(super) const NULL: Self = Node::leaf(&Entry::Null);

    /// An object without anything in it.
    pub(in crate::messages) const EMPTY: Self = Node::leaf(&Entry::Object { len: 0, span: 0 });

    const fn leaf(entry: &'t Entry<'t>) -> Self {
        Self { entry, inside: &[] }
    }

    pub(in crate::messages) const fn children(self) -> Children<'t> {
        Children { rest: self.inside }
    }

    /// The keys and values of an object.
    pub(in crate::messages) fn members(self) -> impl Iterator<Item = (&'t str, Self)> {
        let mut children = self.children();
        iter::from_fn(move || children.next_member())
    }

    /// The number, if it is a whole one: `5.0` is, too.
    pub(in crate::messages) fn integer(self) -> Option<i128> {
        match *self.entry {
            Entry::Unsigned(value) => Some(value.into()),
            Entry::Signed(value) => Some(value.into()),
            Entry::Float(value) => number::whole(value),
            _ => None,
        }
    }
}

/// What remains of the content of an array or object.
#[derive(Clone, Debug)]
pub(in crate::messages) struct Children<'t> {
    rest: &'t [Entry<'t>],
}

impl<'t> Children<'t> {
    pub(super) const fn of(entries: &'t [Entry<'t>]) -> Self {
        Self { rest: entries }
    }

    /// The next key and value of an object.
    pub(in crate::messages) fn next_member(&mut self) -> Option<(&'t str, Node<'t>)> {
        let key = self.next()?.entry.text()?;
        Some((key, self.next()?))
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        let (entry, rest) = self.rest.split_first()?;
        let (inside, rest) = rest.split_at_checked(entry.span())?;
        self.rest = rest;
        Some(Node { entry, inside })
    }
}
