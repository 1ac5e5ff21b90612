//! Which request is meant.

use super::{fault::Fault, number::LARGEST_INT, tree::Node};
use serde_core::ser::{Serialize, Serializer};
use std::fmt;

/// The most bytes of an id that is a text.
const MOST_BYTES: usize = 64;

/// A request's `$id`, which its replies carry as well: an integer within ±(2⁵³−1), or a text of at
/// most 64 bytes. The client makes it up.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(Repr);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    Number(i64),
    Text(Box<str>),
}

impl RequestId {
    /// Takes the id out of a message.
    pub(super) fn read(node: Node<'_>) -> Result<Self, Fault> {
        let number = node.integer().and_then(|value| i64::try_from(value).ok());
        let number = number.filter(|value| (-LARGEST_INT..=LARGEST_INT).contains(value));
        let text = node.entry.text().filter(|text| text.len() <= MOST_BYTES);
        let repr = match (number, text) {
            (Some(number), _) => Repr::Number(number),
            (None, Some(text)) => Repr::Text(text.into()),
            (None, None) => {
                return Err(Fault::here("be an integer or a string of at most 64 bytes"));
            }
        };
        Ok(Self(repr))
    }
}

impl Serialize for RequestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Number(number) => serializer.serialize_i64(*number),
            Repr::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Number(number) => number.fmt(f),
            Repr::Text(text) => fmt::Debug::fmt(text, f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RequestId;
    use crate::messages::tree::Tree;

    fn id(json: &str) -> Option<String> {
        let tree = Tree::parse(json).unwrap();
        let id = RequestId::read(tree.root()).ok()?;
        Some(serde_json::to_string(&id).unwrap())
    }

    #[test]
    fn ids_are_echoed() {
        for json in ["7", "-9007199254740991", "\"a\\\"b\"", "\"\""] {
            assert_eq!(id(json).as_deref(), Some(json));
        }
        assert_eq!(id("7.0").as_deref(), Some("7"));
        let longest = format!("\"{}\"", "x".repeat(64));
        assert_eq!(id(&longest), Some(longest));
    }

    #[test]
    fn anything_else_is_not_an_id() {
        let too_long = format!("\"{}\"", "x".repeat(65));
        for json in [
            "9007199254740992",
            "1e300",
            "1.5",
            "null",
            "true",
            "[7]",
            &too_long,
        ] {
            assert_eq!(id(json), None, "{json}");
        }
    }
}
