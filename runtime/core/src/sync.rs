//! The locks of this crate, and what it leaves to chance, in one place, so that a model checker can put its own in.

use std::sync::PoisonError;
pub(crate) use std::{
    hash::RandomState,
    sync::{Arc, Mutex, MutexGuard, Weak},
};

/// Locks a mutex.
///
/// None of ours is held while foreign code runs, so a poisoned one is still sound.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
