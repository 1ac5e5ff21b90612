//! The enum of what may come.

use super::{
    messages::Written,
    tokens::{Comment, Tokens},
};

/// What may come, from a client or on a channel.
#[derive(Debug)]
pub struct Incoming {
    /// What it is called.
    pub name: Tokens,
    /// What it is for.
    pub doc: Comment,
    /// What it derives.
    pub derives: Tokens,
    /// Whether serde can write it: what nothing reads, and cannot be compared, would be unused.
    pub is_written: bool,
    /// The kinds.
    pub variants: Vec<Variant>,
    /// Whether binary frames are among them, and somebody looks at what is in them.
    pub binary: Option<bool>,
    /// How messages are written, where that is not as usual.
    pub wire: Option<Written>,
}

/// A kind of message.
#[derive(Debug)]
pub struct Variant {
    /// What it is called.
    pub ident: Tokens,
    /// What it has; `None`: nobody looks at it.
    pub payload: Option<Tokens>,
    /// What the spec calls it.
    pub kind: Comment,
    /// What it has in its tag.
    pub tag: Tokens,
    /// How it is read.
    pub read: Tokens,
}

impl Incoming {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.variants.is_empty() && self.binary.is_none()
    }
}
