//! What keeps applications apart that share a server.

use crate::EngineError;

/// That of an application that asks for nothing else.
pub(super) const DEFAULT_PREFIX: &str = "autumn-ws";

/// The prefix, if it can be a part of names everywhere.
pub(super) fn checked(prefix: &str) -> Result<&str, EngineError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if prefix.is_empty() || !prefix.bytes().all(is_plain) {
        return Err(EngineError::refused(format_args!(
            "`{prefix}` is no prefix: expected letters, digits, `-` or `_`"
        )));
    }
    Ok(prefix)
}
