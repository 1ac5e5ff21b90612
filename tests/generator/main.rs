//! The generator: what specs become, what commands do to files, and what the repository asks of itself.

// A test fails by a panic.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod agreement;
mod architecture;
mod arguments;
mod clean;
mod compile;
mod crates;
mod determinism;
mod file_system;
#[cfg(unix)]
mod first_project;
mod handler_files;
mod handlers;
mod handlers_kept;
mod handlers_out_of_use;
mod hidden_characters;
mod left_over;
mod library;
mod merges;
mod moved_handlers;
mod new;
mod ownership;
mod public_items;
mod refused_code;
mod repository;
mod rooms;
mod schema;
mod snapshots;
mod specs;
mod support;
mod writing;
