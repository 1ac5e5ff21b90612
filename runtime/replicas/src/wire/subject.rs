//! Subjects, on which replicas publish and to which they subscribe.

use std::{fmt, sync::Arc};

/// The target of a publish or a subscription: a channel, or a line between replicas.
///
/// To an engine it is text, of any content. An engine that cannot carry any text has to encode it,
/// so that different subjects stay different.
#[derive(Clone, PartialEq, Eq)]
pub struct Subject {
    scope: &'static str,
    name: Arc<str>,
}

const CHANNEL: &str = "channel:";
const REPLICA: &str = "replica:";
const REPLICAS: &str = "replicas";

impl Subject {
    /// The channel of a name.
    pub(crate) const fn channel(name: Arc<str>) -> Self {
        let scope = CHANNEL;
        Self { scope, name }
    }

    /// The subject of one replica: only it listens.
    pub(crate) fn replica(id: u64) -> Self {
        Self {
            scope: REPLICA,
            name: format!("{id:016x}").into(),
        }
    }

    /// The subject to which all replicas listen.
    pub(crate) fn replicas() -> Self {
        Self {
            scope: REPLICAS,
            name: "".into(),
        }
    }

    /// Its text in two parts, which saves a copy.
    #[must_use]
    pub fn parts(&self) -> [&str; 2] {
        [self.scope, &self.name]
    }

    /// The length of its text, in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.scope.len() + self.name.len()
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scope)?;
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// Who a received subject is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recipients<'a> {
    Channel(&'a str),
    Replica(&'a str),
    Replicas,
}

impl<'a> Recipients<'a> {
    pub(crate) fn parse(subject: &'a str) -> Option<Self> {
        if let Some(name) = subject.strip_prefix(CHANNEL) {
            return Some(Self::Channel(name));
        }
        if subject == REPLICAS {
            return Some(Self::Replicas);
        }
        subject.strip_prefix(REPLICA).map(Self::Replica)
    }
}

#[cfg(test)]
mod tests {
    use super::{Recipients, Subject};

    #[test]
    fn a_subject_comes_back_as_what_it_was() {
        for name in ["lobby", "", "replicas", "channel:", "replica:0", "\0é {}"] {
            let subject = Subject::channel(name.into());
            assert_eq!(subject.to_string().len(), subject.len());
            assert_eq!(subject.parts().concat(), subject.to_string());
            assert_eq!(
                Recipients::parse(&subject.to_string()),
                Some(Recipients::Channel(name))
            );
        }
        let replica = Subject::replica(0xab).to_string();
        assert_eq!(
            Recipients::parse(&replica),
            Some(Recipients::Replica("00000000000000ab"))
        );
        let replicas = Subject::replicas().to_string();
        assert_eq!(Recipients::parse(&replicas), Some(Recipients::Replicas));
        assert_eq!(Recipients::parse("lobby"), None);
        assert_eq!(Recipients::parse("replicas:"), None);
    }
}
