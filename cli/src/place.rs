//! Where something is in a spec: a source, the keys that lead to it, and which part of it is meant.
//!
//! Values carry a place, not a position: a place costs almost nothing to make, and only the few that
//! end up in a diagnostic are ever looked up in the text (by `report`).

use std::{ops::Range, sync::Arc};

/// The number of a spec among the sources of one run.
pub type SourceId = usize;

/// One step on the way from the top of a document to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value of this key of a mapping.
    Key(String),
    /// This element of a sequence.
    Index(usize),
}

/// The part of a node that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The node itself.
    Value,
    /// The key of the node.
    Key,
    /// These bytes of the scalar's text.
    Within(Range<usize>),
}

/// A node of a spec, or a part of one.
#[derive(Clone, Debug)]
pub struct Place {
    source: SourceId,
    trail: Option<Arc<Trail>>,
    part: Part,
}

#[derive(Debug)]
struct Trail {
    parent: Option<Arc<Trail>>,
    step: Step,
}

impl Place {
    /// The whole document.
    #[must_use]
    pub fn document(source: SourceId) -> Self {
        Self {
            source,
            trail: None,
            part: Part::Value,
        }
    }

    /// The value of `key` in the mapping that is here.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.step(Step::Key(key.to_owned()))
    }

    /// The element `index` of the sequence that is here.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    /// The key of this node, instead of the node.
    #[must_use]
    pub fn of_key(&self) -> Self {
        self.part(Part::Key)
    }

    /// These bytes of the scalar that is here.
    #[must_use]
    pub fn within(&self, range: Range<usize>) -> Self {
        self.part(Part::Within(range))
    }

    /// The source in which this place is.
    #[must_use]
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The part of the node that is meant.
    #[must_use]
    pub fn meant(&self) -> &Part {
        &self.part
    }

    /// The key of the node, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.trail.as_deref()?.step {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        }
    }

    /// The steps from the top of the document.
    #[must_use]
    pub fn steps(&self) -> Vec<&Step> {
        let mut steps = Vec::new();
        let mut trail = self.trail.as_deref();
        while let Some(here) = trail {
            steps.push(&here.step);
            trail = here.parent.as_deref();
        }
        steps.reverse();
        steps
    }

    fn step(&self, step: Step) -> Self {
        Self {
            source: self.source,
            trail: Some(Arc::new(Trail {
                parent: self.trail.clone(),
                step,
            })),
            part: Part::Value,
        }
    }

    fn part(&self, part: Part) -> Self {
        Self {
            part,
            ..self.clone()
        }
    }
}

/// A value and the place where the spec says it.
#[derive(Clone, Debug)]
pub struct At<T> {
    /// What is said.
    pub value: T,
    /// Where.
    pub place: Place,
}

impl<T> At<T> {
    /// `value`, said at `place`.
    pub fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }
}
