//! The prefix that separates applications on one server.

use crate::EngineError;

/// The default prefix.
pub(super) const DEFAULT_PREFIX: &str = "autumn-ws";

/// Checks that a prefix can be a part of names in every engine.
pub(super) fn checked(prefix: &str) -> Result<&str, EngineError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if prefix.is_empty() || !prefix.bytes().all(is_plain) {
        return Err(EngineError::refused(format_args!(
            "`{prefix}` is not a prefix: expected letters, digits, `-` or `_`"
        )));
    }
    Ok(prefix)
}
