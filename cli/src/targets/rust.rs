//! The axum server: modules, and the skeletons of handlers.

pub mod ir;
pub mod layout;
pub mod names;
pub mod plan;
pub mod print;

use crate::output::file::Format;

/// The format of generated Rust.
pub static FORMAT: Format = Format {
    target: "rust",
    epoch: 1,
    comment: "//",
    // An outer attribute that rustfmt obeys on stable: the layout is ours, and stays so.
    preamble: "#![cfg_attr(rustfmt, rustfmt_skip)]\n",
};
