//! Channels on which other replicas may have missed messages.

use std::{collections::BTreeSet, mem, sync::Arc};

/// The names of channels. When there are too many, it is all channels.
#[derive(Debug)]
pub(super) struct Missed {
    many: usize,
    names: BTreeSet<Arc<str>>,
    all: bool,
}

/// More names than this are not worth a notice each, in any case.
const MANY: usize = 1024;

/// What to report to the other replicas.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Notices {
    Channels(Vec<Arc<str>>),
    Everything,
}

impl Missed {
    /// Up to `many` names get a notice each.
    pub(super) fn new(many: usize) -> Self {
        Self {
            many: many.min(MANY),
            names: BTreeSet::new(),
            all: false,
        }
    }

    pub(super) fn note(&mut self, name: &Arc<str>) {
        if self.all || self.names.contains(name) {
            return;
        }
        if self.names.len() < self.many {
            self.names.insert(Arc::clone(name));
        } else {
            self.note_everything();
        }
    }

    pub(super) fn note_everything(&mut self) {
        self.all = true;
        self.names.clear();
    }

    /// Notes everything that others have noted.
    pub(super) fn absorb(&mut self, other: &mut Self) {
        match other.take() {
            Notices::Channels(names) => names.iter().for_each(|name| self.note(name)),
            Notices::Everything => self.note_everything(),
        }
    }

    /// Forgets everything that was noted, and returns it.
    pub(super) fn take(&mut self) -> Notices {
        let new = Self::new(self.many);
        let Self { names, all, .. } = mem::replace(self, new);
        if all {
            return Notices::Everything;
        }
        Notices::Channels(names.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{MANY, Missed, Notices};

    #[test]
    fn each_name_is_noted_once() {
        let mut missed = Missed::new(usize::MAX);
        for name in ["b", "a", "b"] {
            missed.note(&name.into());
        }
        let names = vec!["a".into(), "b".into()];
        assert_eq!(missed.take(), Notices::Channels(names));
        assert_eq!(missed.take(), Notices::Channels(Vec::new()));
    }

    #[test]
    fn notes_of_others_are_absorbed() {
        let [mut missed, mut other] = [Missed::new(10), Missed::new(10)];
        missed.note(&"a".into());
        other.note(&"b".into());
        missed.absorb(&mut other);
        let names = vec!["a".into(), "b".into()];
        assert_eq!(missed.take(), Notices::Channels(names));
        assert_eq!(other.take(), Notices::Channels(Vec::new()));
        other.note_everything();
        missed.absorb(&mut other);
        assert_eq!(missed.take(), Notices::Everything);
    }

    #[test]
    fn too_many_names_are_all() {
        let mut missed = Missed::new(usize::MAX);
        for n in 0..MANY {
            missed.note(&n.to_string().into());
        }
        missed.note(&"0".into());
        assert!(!missed.all);
        missed.note(&"one more".into());
        missed.note(&"and one more".into());
        assert!(missed.names.is_empty());
        assert_eq!(missed.take(), Notices::Everything);
        assert_eq!(missed.take(), Notices::Channels(Vec::new()));
    }
}
