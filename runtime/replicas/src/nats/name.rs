//! Names that NATS can carry.

use crate::Subject;
use std::fmt::Write;

/// A subject as one token: letters, digits, `-` and `_` stay, any other byte becomes `=` and two
/// digits. So different subjects stay different, and none has a special meaning.
pub(super) fn token(prefix: &str, subject: &Subject) -> String {
    let mut token = String::with_capacity(prefix.len() + subject.len() * 2);
    token.push_str(prefix);
    for byte in subject.parts().iter().flat_map(|part| part.bytes()) {
        if is_plain(byte) {
            token.push(byte.into());
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(token, "={byte:02X}");
        }
    }
    token
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::token;
    use crate::Subject;
    use std::collections::BTreeSet;

    #[test]
    fn a_subject_is_one_token() {
        let token = |name: &str| token("p.", &Subject::channel(name.into()));
        assert_eq!(token("Lobby-1_2"), "p.channel=3ALobby-1_2");
        assert_eq!(
            token("a.b *>=\0é"),
            "p.channel=3Aa=2Eb=20=2A=3E=3D=00=C3=A9"
        );
        let names = ["a", "=61", "=", "=3D", "", ".", "..", "a.b", "a=2Eb"];
        let tokens: BTreeSet<_> = names.map(token).into();
        assert_eq!(tokens.len(), names.len());
    }
}
