//! Values of one of several types.

use super::{
    fault::{Fault, Refusal, one_of as any_of},
    tree::{Entry, Node, Tree},
};
use serde_core::de::{DeserializeOwned, Deserializer, Error};

/// Reads an object whose field `tag` says which of several types it is: the `Deserialize` of an enum
/// with a variant for each, which serializes with `#[serde(tag = "…")]`.
///
/// Serde's own code for that loses the places of faults, and takes `5.0` for an integer nowhere.
///
/// ```
/// use autumn_ws::messages;
/// use serde::{Deserialize, Deserializer};
///
/// #[derive(Deserialize)]
/// struct User { name: String }
///
/// #[derive(Deserialize)]
/// struct Place { lat: f64, lon: f64 }
///
/// enum Target {
///     User(User),
///     Place(Place),
/// }
///
/// impl<'de> Deserialize<'de> for Target {
///     fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
///         messages::one_of(deserializer, "kind")?
///             .member("user", Self::User)
///             .member("place", Self::Place)
///             .read()
///     }
/// }
///
/// let target = serde_json::from_str(r#"{"kind":"user","name":"Ada"}"#)?;
/// assert!(matches!(target, Target::User(user) if user.name == "Ada"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// Those of the deserializer.
pub fn one_of<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    tag: &'static str,
) -> Result<OneOf<'de, T>, D::Error> {
    Ok(OneOf {
        tree: Tree::read(deserializer)?,
        tag,
        members: Vec::new(),
        found: None,
    })
}

/// A value that is one of several types. Made by [`one_of`].
#[derive(Debug)]
#[must_use = "it reads nothing until `read`"]
pub struct OneOf<'de, T> {
    tree: Tree<'de>,
    tag: &'static str,
    /// The tags that are known.
    members: Vec<&'static str>,
    found: Option<Result<T, Fault>>,
}

impl<T> OneOf<'_, T> {
    /// One of the types: the tag that stands for it, and what makes the enum of it.
    pub fn member<M: DeserializeOwned>(mut self, tag: &'static str, wrap: fn(M) -> T) -> Self {
        self.members.push(tag);
        let value = self.tree.root();
        if self.found.is_none() && self.tag_of(value) == Some(tag) {
            let read = M::deserialize(value).map(wrap);
            self.found = Some(read.map_err(Refusal::into_fault));
        }
        self
    }

    /// Returns the value.
    ///
    /// # Errors
    ///
    /// Where the value is not an object, has none of the tags, or is not as its type should be. The
    /// error's text is that of a [`Fault`].
    pub fn read<E: Error>(self) -> Result<T, E> {
        let value = self.tree.root();
        let read = match self.found {
            Some(read) => read,
            None => Err(self.fault(value)),
        };
        read.map_err(E::custom)
    }

    fn tag_of<'t>(&self, value: Node<'t>) -> Option<&'t str> {
        let is_tag = |(key, _): &(&str, _)| *key == self.tag;
        let (_, tag) = value.members().find(is_tag)?;
        tag.entry.text()
    }

    /// Why no member was found.
    fn fault(&self, value: Node<'_>) -> Fault {
        if !matches!(value.entry, Entry::Object { .. }) {
            return Fault::here("be an object");
        }
        Fault::here(any_of(&self.members)).inside(self.tag)
    }
}
