//! The locks and the randomness of this crate, in one place, so that a model checker can replace them.

use std::sync::PoisonError;
pub(crate) use std::{
    hash::RandomState,
    sync::{Arc, Mutex, MutexGuard, Weak},
};

/// Locks a mutex.
///
/// No lock of this crate is held while foreign code runs, so a poisoned one is still sound.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
