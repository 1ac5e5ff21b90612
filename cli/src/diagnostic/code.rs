//! The stable codes of diagnostics: one constant each, never reused for something else.

use std::fmt;

/// A stable name for one kind of mistake, such as `E0104`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// The code as it is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

// E00xx: the document.

/// The text is not YAML.
pub const SYNTAX: Code = Code("E0001");
/// A value has another type than the key takes.
pub const WRONG_TYPE: Code = Code("E0002");
/// A key that the format does not have.
pub const UNKNOWN_KEY: Code = Code("E0003");
/// A required key is missing.
pub const MISSING_KEY: Code = Code("E0004");
/// A version of the format that this tool does not read.
pub const VERSION: Code = Code("E0005");
/// The file is too large, or not UTF-8 text.
pub const UNREADABLE: Code = Code("E0006");
/// A value that is not one of those that the key takes.
pub const UNKNOWN_VALUE: Code = Code("E0007");

// E01xx: names and channels.

/// A name that cannot be a name in Rust.
pub const BAD_NAME: Code = Code("E0101");
/// Two names that become the same name in Rust.
pub const NAMES_COLLIDE: Code = Code("E0102");
/// A channel name that is malformed.
pub const BAD_CHANNEL_NAME: Code = Code("E0103");
/// A channel that is not declared.
pub const UNKNOWN_CHANNEL: Code = Code("E0104");
/// A `{placeholder}` of a channel that the endpoint cannot fill.
pub const UNFILLED: Code = Code("E0105");
/// Two channels that can have the same name.
pub const CHANNELS_OVERLAP: Code = Code("E0106");
/// A name that generated code needs for itself.
pub const RESERVED_NAME: Code = Code("E0107");

// E02xx: paths.

/// A path that axum's router would refuse.
pub const BAD_PATH: Code = Code("E0201");
/// Two paths that axum's router cannot tell apart.
pub const PATHS_OVERLAP: Code = Code("E0202");
/// A param that the path does not have.
pub const NOT_IN_PATH: Code = Code("E0203");

// E03xx: Rust types.

/// Not a Rust type.
pub const BAD_TYPE: Code = Code("E0301");
/// A type that is not in scope in the generated module.
pub const NOT_IN_SCOPE: Code = Code("E0302");
/// A type that cannot be used where it is written.
pub const UNFIT_TYPE: Code = Code("E0303");
/// A default that is not a value of its type.
pub const BAD_DEFAULT: Code = Code("E0304");

// E04xx: values.

/// Not a duration, or one out of range.
pub const BAD_DURATION: Code = Code("E0401");
/// Not a size, or one out of range.
pub const BAD_SIZE: Code = Code("E0402");
/// Not a count, or one out of range.
pub const BAD_COUNT: Code = Code("E0403");
/// A close code that a server may not send.
pub const BAD_CLOSE_CODE: Code = Code("E0404");
/// A close reason that does not fit into a close frame.
pub const BAD_REASON: Code = Code("E0405");
/// Not an origin.
pub const BAD_ORIGIN: Code = Code("E0406");
/// Not a subprotocol name, or one named twice.
pub const BAD_SUBPROTOCOL: Code = Code("E0407");
/// A heartbeat that is not shorter than the idle timeout.
pub const HEARTBEAT_TOO_SLOW: Code = Code("E0408");
/// A duplicate.
pub const DUPLICATE: Code = Code("E0409");
/// Not a rate.
pub const BAD_RATE: Code = Code("E0410");
/// A spread that is not shorter than the drain time.
pub const SPREAD_TOO_LONG: Code = Code("E0411");
/// Connections that are counted by what is not extracted.
pub const NOT_EXTRACTED: Code = Code("E0412");

// E05xx: all specs together.

/// Two specs, or a spec and an endpoint, that need the same file.
pub const FILES_COLLIDE: Code = Code("E0501");
/// Specs that disagree on the state type.
pub const STATES_DIFFER: Code = Code("E0502");
/// More of something than a Rust function or axum can take.
pub const TOO_MANY: Code = Code("E0503");

// E06xx: types and messages.

/// A type that no spec declares.
pub const UNKNOWN_TYPE: Code = Code("E0601");
/// A range that is malformed, is impossible, or stands where there is none.
pub const BAD_RANGE: Code = Code("E0602");
/// A type that contains itself without an end.
pub const ENDLESS_TYPE: Code = Code("E0603");
/// An example that is not a value of its type.
pub const BAD_EXAMPLE: Code = Code("E0604");
/// A type that cannot be what its keys say, or not there.
pub const UNFIT_SHAPE: Code = Code("E0605");
/// A kind that no message can have, or that two have.
pub const BAD_KIND: Code = Code("E0606");
/// A spec that cannot be used by another.
pub const BAD_USE: Code = Code("E0607");
/// Fields of the wire that contradict each other, or those of messages.
pub const BAD_WIRE: Code = Code("E0608");
/// A kind that no message has.
pub const UNKNOWN_MESSAGE: Code = Code("E0609");

// W: warnings, which stop nothing. W0001 was a channel that no endpoint uses.

/// Pages that any site can have may connect.
pub const NULL_ORIGIN: Code = Code("W0002");
