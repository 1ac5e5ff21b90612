//! JSON that was parsed, before it is known what it should be.

mod builder;
mod entry;

pub(super) use self::entry::{Children, Entry, Node};

use self::builder::{Builder, Seed};
use super::fault::Fault;
use serde_core::de::{DeserializeSeed, Deserializer, Error};

/// A JSON value: all of its parts in one list, in the order of the text.
///
/// Making it takes time and memory in proportion to the text.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    entries: Vec<Entry<'a>>,
}

impl<'a> Tree<'a> {
    /// Parses one JSON value. The fault of a text that is not JSON is that of the whole message.
    pub(super) fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let mut builder = Builder::new();
        Seed(&mut builder)
            .deserialize(&mut deserializer)
            .and_then(|()| deserializer.end())
            .map_err(|_| builder.take_fault().unwrap_or(Fault::here("be JSON")))?;
        Ok(Self {
            entries: builder.into_entries(),
        })
    }

    /// Takes a value out of any deserializer that says what it has. Places pass through its error.
    pub(super) fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        let mut builder = Builder::new();
        match Seed(&mut builder).deserialize(deserializer) {
            Ok(()) => Ok(Self {
                entries: builder.into_entries(),
            }),
            Err(error) => Err(builder.take_fault().map_or(error, D::Error::custom)),
        }
    }

    /// The value at the top.
    pub(super) fn root(&self) -> Node<'_> {
        Children::of(&self.entries).next().unwrap_or(Node::NULL)
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Fault, Tree};

    fn fault(text: &str) -> Fault {
        Tree::parse(text).err().unwrap()
    }

    #[test]
    fn an_entry_is_small() {
        assert_eq!(size_of::<Entry<'_>>(), 24);
    }

    #[test]
    fn what_is_not_json_is_refused_as_a_whole() {
        let texts = [
            "",
            "{",
            "{}{}",
            "[1,]",
            "nul",
            r#"{"a":"\ud800"}"#,
            r#"{"a":1e999}"#,
            "{'a':1}",
        ];
        for text in texts {
            assert_eq!(fault(text), Fault::new("", "be JSON"), "{text}");
        }
    }

    #[test]
    fn a_repeated_key_is_refused_wherever_it_is() {
        let repeated = |at: &str| Fault::new(at, "not be repeated");
        assert_eq!(fault(r#"{"a":1,"b":2,"a":3}"#), repeated("/a"));
        assert_eq!(
            fault(r#"[0,{"x":{"a/":1,"\u0061/":2}}]"#),
            repeated("/1/x/a~1")
        );
        let many: Vec<_> = (0..100).map(|number| format!("\"{number}\":0")).collect();
        let many = many.join(",");
        assert!(Tree::parse(&format!("{{{many}}}")).is_ok());
        assert_eq!(fault(&format!("{{{many},\"7\":1}}")), repeated("/7"));
    }

    #[test]
    fn at_most_64_levels_are_read() {
        let nested = |levels| "[".repeat(levels) + &"]".repeat(levels);
        assert!(Tree::parse(&nested(64)).is_ok());
        let refused = fault(&nested(65));
        assert_eq!(refused.must(), "be at most 64 levels deep");
        assert_eq!(refused.at(), "/0".repeat(64));
        assert_eq!(fault(&nested(100_000)).at(), "/0".repeat(64));
    }
}
