//! Names of channels.

use std::{
    borrow::Cow,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// The name of a channel, together with the pattern that it was made from.
///
/// [`Channels`](crate::Channels) take plain text as well. The pattern is for monitoring: the
/// [metrics](crate::metrics) count by pattern, so that ten thousand rooms are one line. Modules that
/// autumn-gen generates have a constant or a function for each channel:
///
/// ```
/// use autumn_ws::{ChannelName, escape};
///
/// pub const LOBBY_CHANNEL: ChannelName = ChannelName::fixed("lobby");
///
/// pub fn room_channel(room: &str) -> ChannelName {
///     ChannelName::filled("room:{room}", format!("room:{}", escape(room)))
/// }
///
/// assert_eq!(LOBBY_CHANNEL, "lobby");
/// assert_eq!(room_channel("tea").to_string(), "room:tea");
/// ```
///
/// Names are equal when their texts are equal, whatever the pattern.
#[derive(Clone)]
pub struct ChannelName(Repr);

#[derive(Clone)]
enum Repr {
    Fixed(&'static str),
    Filled {
        pattern: &'static str,
        name: Arc<str>,
    },
}

impl ChannelName {
    /// A name that is always the same. It is its own pattern.
    #[must_use]
    pub const fn fixed(name: &'static str) -> Self {
        Self(Repr::Fixed(name))
    }

    /// A name that was made by filling values into a pattern. The values should be
    /// [escaped](crate::escape()).
    ///
    /// The pattern is a label of the metrics. There should be few patterns, none of them made from
    /// what a client sends.
    #[must_use]
    pub fn filled(pattern: &'static str, name: impl Into<Arc<str>>) -> Self {
        let name = name.into();
        Self(Repr::Filled { pattern, name })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Fixed(name) => name,
            Repr::Filled { name, .. } => name,
        }
    }

    /// The pattern that it was made from.
    #[must_use]
    pub const fn pattern(&self) -> &'static str {
        match &self.0 {
            Repr::Fixed(pattern) | Repr::Filled { pattern, .. } => pattern,
        }
    }
}

impl AsRef<str> for ChannelName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for ChannelName {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for ChannelName {}

impl PartialEq<str> for ChannelName {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for ChannelName {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Hash for ChannelName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Debug for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

/// What can name a channel: text of any kind, or a [`ChannelName`].
///
/// It is sealed, and only appears in the signatures of [`Channels`](crate::Channels).
pub trait AsChannelName: sealed::Sealed {}

impl<T: sealed::Sealed> AsChannelName for T {}

/// A name as the registry sees it.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    pub(crate) name: &'a str,
    /// `None`: not known.
    pub(super) pattern: Option<&'static str>,
}

impl<'a> From<&'a str> for Key<'a> {
    fn from(name: &'a str) -> Self {
        let pattern = None;
        Self { name, pattern }
    }
}

pub(super) mod sealed {
    use super::{Arc, ChannelName, Cow, Key};

    pub trait Sealed {
        fn key(&self) -> Key<'_>;
    }

    impl Sealed for ChannelName {
        fn key(&self) -> Key<'_> {
            Key {
                name: self.as_str(),
                pattern: Some(self.pattern()),
            }
        }
    }

    impl<T: Sealed + ?Sized> Sealed for &T {
        fn key(&self) -> Key<'_> {
            T::key(self)
        }
    }

    impl Sealed for str {
        fn key(&self) -> Key<'_> {
            Key::from(self)
        }
    }

    macro_rules! text {
        ($($ty:ty),*) => {
            $(impl Sealed for $ty {
                fn key(&self) -> Key<'_> {
                    Key::from(&**self)
                }
            })*
        };
    }

    text!(String, Box<str>, Arc<str>, Cow<'_, str>);
}

#[cfg(test)]
mod tests {
    use super::{AsChannelName, ChannelName};
    use std::{borrow::Cow, collections::HashSet, sync::Arc};

    const LOBBY: ChannelName = ChannelName::fixed("lobby");

    fn room(room: &str) -> ChannelName {
        ChannelName::filled("room:{room}", format!("room:{room}"))
    }

    #[test]
    fn a_name_is_its_text() {
        assert_eq!(LOBBY, *"lobby");
        assert_eq!(LOBBY.as_ref(), "lobby");
        assert_eq!(format!("{LOBBY:>6}{LOBBY:?}"), " lobby\"lobby\"");
        assert_eq!(room("a"), "room:a");
        assert_eq!(room("a"), ChannelName::fixed("room:a"));
        assert_ne!(room("a"), room("b"));
        let names: HashSet<_> = [room("a"), ChannelName::fixed("room:a"), LOBBY].into();
        assert_eq!(names.len(), 2);
    }

    #[test]
    fn a_name_keeps_its_pattern() {
        fn pattern(name: impl AsChannelName) -> Option<&'static str> {
            name.key().pattern
        }

        let room = room("a");
        let text = String::from("lobby");
        let shared = Arc::<str>::from("lobby");
        assert_eq!(pattern(LOBBY), Some("lobby"));
        assert_eq!(pattern(&room), Some("room:{room}"));
        assert_eq!(pattern(room), Some("room:{room}"));
        for unknown in [
            pattern("lobby"),
            pattern(&text),
            pattern(text),
            pattern(&shared),
            pattern(shared),
            pattern(Cow::from("lobby")),
            pattern(Box::<str>::from("lobby")),
        ] {
            assert_eq!(unknown, None);
        }
    }
}
