//! Messages that are not accepted.

use super::{
    fault::Fault,
    kind::{Tag, Wire},
    request_id::RequestId,
};
use serde_core::ser::{Serialize, SerializeStruct, Serializer};
use std::{borrow::Cow, error::Error, fmt};

/// A message that was not accepted, and why.
///
/// It serializes as the content of the `$invalid` that answers it:
/// `{"errors":[{"at":"/text","must":"have at most 500 characters"}]}`.
#[derive(Clone, Debug)]
pub struct Invalid {
    faults: Vec<Fault>,
    id: Option<RequestId>,
    kind: InvalidKind,
}

/// The kind of a message that was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InvalidKind {
    /// It has no tag that can be read.
    None,
    /// A tag that the endpoint does not take.
    Unknown,
    /// A kind that the endpoint takes.
    Known(Tag<'static>),
}

impl InvalidKind {
    /// Its name in logs and metrics. Kinds of a spec cannot begin with `$`.
    pub(super) fn label(self) -> Cow<'static, str> {
        match self {
            Self::None => "$none".into(),
            Self::Unknown => "$unknown".into(),
            Self::Known(Tag::Text(text)) => text.into(),
            Self::Known(Tag::Number(number)) => number.to_string().into(),
        }
    }
}

impl Invalid {
    pub(super) const fn new(faults: Vec<Fault>, id: Option<RequestId>, kind: InvalidKind) -> Self {
        Self { faults, id, kind }
    }

    /// What is wrong: one place where the shape is wrong, else up to 8 where a range is broken.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The message's `$id`, if it had one.
    #[must_use]
    pub const fn id(&self) -> Option<&RequestId> {
        self.id.as_ref()
    }

    /// Whether the endpoint has no such kind. This may be a client that is newer than the server.
    #[must_use]
    pub fn is_unknown_kind(&self) -> bool {
        self.kind == InvalidKind::Unknown
    }

    pub(super) const fn kind(&self) -> InvalidKind {
        self.kind
    }

    /// The same for a message whose content is in a field of its own.
    pub(super) fn inside(mut self, wire: &Wire) -> Self {
        if let Some(content) = wire.content {
            let faults = self.faults.into_iter();
            self.faults = faults.map(|fault| fault.inside(content)).collect();
        }
        self
    }
}

impl Serialize for Invalid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut content = serializer.serialize_struct("Invalid", 1)?;
        content.serialize_field("errors", &self.faults)?;
        content.end()
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid message")?;
        for (index, fault) in self.faults.iter().enumerate() {
            let separator = if index == 0 { ": " } else { ", " };
            write!(f, "{separator}{fault}")?;
        }
        Ok(())
    }
}

impl Error for Invalid {}
