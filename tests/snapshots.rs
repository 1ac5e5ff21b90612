//! Every spec in `specs/` pins what it becomes; every spec in `specs/invalid/` pins what is said about it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

mod support;

use std::fmt::Write as _;

use autumn_gen::Content;
use insta::assert_snapshot;
use support::{generate_alone, specs, stem};

#[test]
fn specs_become_this_code() {
    for spec in specs("specs") {
        let files =
            generate_alone(&spec).unwrap_or_else(|error| panic!("{}: {error}", spec.display()));
        let mut text = String::new();
        for file in files.iter().filter(|file| !file.path.ends_with("mod.rs")) {
            let code = match &file.content {
                Content::Generated(code) => code,
                Content::Handwritten(skeleton) => &skeleton.code,
            };
            let _ = writeln!(text, "==> {} <==\n{code}", file.path.display());
        }
        assert_snapshot!(stem(&spec), text);
    }
}

#[test]
fn mistakes_are_reported_like_this() {
    for spec in specs("specs/invalid") {
        let error = generate_alone(&spec).expect_err(&spec.display().to_string());
        assert_eq!(error.exit_code(), 2, "{}", spec.display());
        assert_snapshot!(format!("invalid__{}", stem(&spec)), error.to_string());
    }
}
