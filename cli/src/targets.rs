//! What a contract becomes.

pub mod rust;
