//! Messages as text.

use super::{
    kind::{Kind, Tag, Wire},
    request_id::RequestId,
};
use crate::{Bytes, Utf8Bytes};
use serde_core::{de, ser::Serialize};
use std::{error::Error, fmt};

/// Room for most messages.
const CAPACITY: usize = 256;

/// A message that cannot be written as JSON.
///
/// Messages of a spec always can, unless they contain a type of the application whose `Serialize`
/// fails.
#[derive(Debug)]
pub struct EncodeError(serde_json::Error);

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a message cannot be written as JSON: {}", self.0)
    }
}

impl Error for EncodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// Writes a message as it travels: its [tag](Kind::TAG) and its fields.
///
/// Ranges are not checked. Sending the text to many clients copies nothing.
///
/// # Errors
///
/// [`EncodeError`] when the message's `Serialize` fails, or does not make a struct or map.
pub fn encode<M: Kind>(message: &M) -> Result<Utf8Bytes, EncodeError> {
    encode_as(&M::WIRE, M::TAG, None, message)
}

/// Writes anything as the content of a message.
pub(super) fn encode_as<T: Serialize>(
    wire: &Wire,
    tag: Tag<'_>,
    id: Option<&RequestId>,
    content: &T,
) -> Result<Utf8Bytes, EncodeError> {
    let mut text = Vec::with_capacity(CAPACITY);
    write(&mut text, wire, tag, id, content).map_err(EncodeError)?;
    Utf8Bytes::try_from(Bytes::from(text)).map_err(|error| EncodeError(de::Error::custom(error)))
}

fn write<T: Serialize>(
    text: &mut Vec<u8>,
    wire: &Wire,
    tag: Tag<'_>,
    id: Option<&RequestId>,
    content: &T,
) -> serde_json::Result<()> {
    text.push(b'{');
    write_member(text, wire.tag, &tag)?;
    if let Some(id) = id {
        text.push(b',');
        write_member(text, wire.id, id)?;
    }
    match wire.content {
        Some(name) => {
            text.push(b',');
            write_member(text, name, content)?;
            text.push(b'}');
            Ok(())
        }
        None => write_members(text, content),
    }
}

fn write_member<T: Serialize>(text: &mut Vec<u8>, name: &str, value: &T) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *text, name)?;
    text.push(b':');
    serde_json::to_writer(text, value)
}

/// Writes the fields of an object after others, and the end of the object.
fn write_members<T: Serialize>(text: &mut Vec<u8>, content: &T) -> serde_json::Result<()> {
    let start = text.len();
    serde_json::to_writer(&mut *text, content)?;
    match text.get_mut(start..) {
        Some([b'{', b'}']) => drop(text.remove(start)),
        Some([brace @ b'{', ..]) => *brace = b',',
        _ => return Err(de::Error::custom("it is not an object")),
    }
    Ok(())
}
