//! What the runtime's `sync` module takes from the standard library, from loom.

pub(crate) use loom::sync::{Mutex, MutexGuard};

use loom::{
    alloc::Track,
    sync::atomic::{AtomicUsize, Ordering},
};
use std::{
    borrow::Borrow,
    hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher},
    ops::Deref,
    sync::PoisonError,
    thread::panicking,
};

/// A channel is always in the same shard: loom can only explore runs that repeat.
pub(crate) type RandomState = BuildHasherDefault<DefaultHasher>;

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A counted reference with weak ones, which loom's own does not have.
///
/// It counts as the standard library does, because it is its `Arc`. A write to an atomic number
/// comes first, because loom switches threads only at such operations. So both are one step, and
/// loom tries these steps in every order. A clone is not a step: no other thread can observe it.
pub struct Arc<T: ?Sized> {
    value: std::sync::Arc<T>,
    /// `None` if there are no weak references, so that nobody can see the last one go.
    steps: Option<std::sync::Arc<Steps>>,
}

pub(crate) struct Weak<T> {
    value: std::sync::Weak<T>,
    steps: Option<std::sync::Arc<Steps>>,
}

struct Steps {
    count: AtomicUsize,
    /// Loom fails the model if the last reference is never dropped.
    _leak: Track<()>,
}

impl Steps {
    fn new() -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self {
            count: AtomicUsize::new(0),
            _leak: Track::new(()),
        })
    }
}

fn step(steps: Option<&Steps>) {
    // The failure has been reported already, and loom is about to stop.
    if let Some(steps) = steps
        && !panicking()
    {
        steps.count.fetch_add(1, Ordering::AcqRel);
    }
}

impl<T> Arc<T> {
    pub(crate) fn new(value: T) -> Self {
        Self {
            value: std::sync::Arc::new(value),
            steps: Some(Steps::new()),
        }
    }

    pub(crate) fn downgrade(this: &Self) -> Weak<T> {
        Weak {
            value: std::sync::Arc::downgrade(&this.value),
            steps: this.steps.clone(),
        }
    }
}

impl<T> Weak<T> {
    pub(crate) fn upgrade(&self) -> Option<Arc<T>> {
        step(self.steps.as_deref());
        Some(Arc {
            value: self.value.upgrade()?,
            steps: self.steps.clone(),
        })
    }
}

impl<T> Clone for Weak<T> {
    fn clone(&self) -> Self {
        Self {
            value: std::sync::Weak::clone(&self.value),
            steps: self.steps.clone(),
        }
    }
}

impl<T: ?Sized> Clone for Arc<T> {
    fn clone(&self) -> Self {
        Self {
            value: std::sync::Arc::clone(&self.value),
            steps: self.steps.clone(),
        }
    }
}

impl<T: ?Sized> Drop for Arc<T> {
    fn drop(&mut self) {
        // Its fields are dropped next.
        step(self.steps.as_deref());
    }
}

impl<T: ?Sized> Deref for Arc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl From<&str> for Arc<str> {
    fn from(text: &str) -> Self {
        Self {
            value: text.into(),
            steps: None,
        }
    }
}

/// A map's key, which is looked up by its value.
impl<T: ?Sized> Borrow<T> for Arc<T> {
    fn borrow(&self) -> &T {
        self
    }
}

impl<T: Hash + ?Sized> Hash for Arc<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        T::hash(self, state);
    }
}

impl<T: PartialEq + ?Sized> PartialEq for Arc<T> {
    fn eq(&self, other: &Self) -> bool {
        T::eq(self, other)
    }
}

impl<T: Eq + ?Sized> Eq for Arc<T> {}
