//! The Markdown files of the repository, and the code blocks in them.

// What fails here fails a test, or the build of one.
#![allow(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

pub mod markdown;
