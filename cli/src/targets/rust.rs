//! The axum server: modules, and the skeletons of handlers.

pub mod ir;
pub mod layout;
pub mod names;
pub mod plan;
pub mod print;
