//! Channels on which the other replicas may have missed something.

use std::{collections::BTreeSet, mem, sync::Arc};

/// The names of channels, as long as they are not too many: then it is all of them.
#[derive(Debug)]
pub(super) struct Missed {
    many: usize,
    names: BTreeSet<Arc<str>>,
    all: bool,
}

/// More names than this are not worth to be told one by one, in any case.
const MANY: usize = 1024;

/// What the others have to be told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Notices {
    Channels(Vec<Arc<str>>),
    Everything,
}

impl Missed {
    /// So many names are told one by one.
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

    /// Answers everything that was noted, and forgets it.
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
    fn each_name_is_told_once() {
        let mut missed = Missed::new(usize::MAX);
        for name in ["b", "a", "b"] {
            missed.note(&name.into());
        }
        let names = vec!["a".into(), "b".into()];
        assert_eq!(missed.take(), Notices::Channels(names));
        assert_eq!(missed.take(), Notices::Channels(Vec::new()));
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
