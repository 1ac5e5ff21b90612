//! Kinds of message, and how they are told apart.

use serde_core::ser::{Serialize, Serializer};
use std::fmt;

/// A kind of message: a struct that travels as a JSON object, and the tag that says what it is.
///
/// ```
/// use autumn_ws::messages::{self, Kind, Tag};
///
/// #[derive(serde::Serialize)]
/// struct Said { text: String }
///
/// impl Kind for Said {
///     const TAG: Tag<'static> = Tag::Text("said");
/// }
///
/// let message = messages::encode(&Said { text: "hello".to_owned() })?;
/// assert_eq!(message.as_str(), r#"{"type":"said","text":"hello"}"#);
/// # Ok::<(), messages::EncodeError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message",
    label = "not a message of a spec",
    note = "types of a spec become messages when they stand under `messages`"
)]
pub trait Kind: Serialize {
    /// What stands in the tag's field.
    const TAG: Tag<'static>;

    /// Which fields are ours.
    const WIRE: Wire = Wire::DEFAULT;
}

impl<K: Kind> Kind for &K {
    const TAG: Tag<'static> = K::TAG;
    const WIRE: Wire = K::WIRE;
}

/// What says which kind a message is: the value of its field `type`, by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag<'a> {
    /// A text.
    Text(&'a str),
    /// A whole number.
    Number(i64),
}

impl Serialize for Tag<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(number),
        }
    }
}

impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// Which fields of a message are not the application's.
///
/// ```
/// use autumn_ws::messages::Wire;
///
/// // {"op": "say", "nonce": 7, "d": {"text": "hello"}}
/// const WIRE: Wire = Wire {
///     tag: "op",
///     id: "nonce",
///     content: Some("d"),
///     ..Wire::DEFAULT
/// };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The field of the [tag](Tag).
    pub tag: &'static str,
    /// The field of a [request's id](super::RequestId), beside the tag.
    pub id: &'static str,
    /// The field that has the message's own fields in it. `None`: they stand beside the tag.
    pub content: Option<&'static str>,
    /// Whether `$`-messages are sent and understood.
    pub built_in: bool,
}

impl Wire {
    /// `{"type": "say", "$id": 7, "text": "hello"}`, and the `$`-messages.
    pub const DEFAULT: Self = Self {
        tag: "type",
        id: "$id",
        content: None,
        built_in: true,
    };
}

impl Default for Wire {
    fn default() -> Self {
        Self::DEFAULT
    }
}
