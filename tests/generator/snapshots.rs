//! Every spec in `specs/` pins what it becomes, every spec in `specs/invalid/` what is said about it: the snapshot stands
//! beside the spec.

use crate::support::{generate_alone, generate_folder, repository, stem};
use autumn_gen::{Error, File, Ownership};
use insta::{Settings, assert_snapshot, glob};
use std::{fmt::Write as _, path::Path};

/// Compares a text with the snapshot beside a spec: `specs/chat.snap` for `specs/chat.yaml`.
fn compare(spec: &Path, text: &str) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path(spec.parent().unwrap());
    settings.set_prepend_module_to_snapshot(false);
    settings.remove_snapshot_suffix();
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(stem(spec), text));
}

#[test]
fn specs_become_this_code() {
    glob!("../../specs", "*.yaml", |spec| {
        compare(spec, &shown(generate_alone(spec)));
    });
}

/// What comes from a run, file by file.
fn shown(generated: Result<Vec<File>, Error>) -> String {
    let files = match generated {
        Ok(files) => files,
        Err(error) => return format!("refused: {error}"),
    };
    let mut text = String::new();
    for file in files.iter().filter(|file| !file.path.ends_with("mod.rs")) {
        let code = match &file.ownership {
            Ownership::Generated(code) => code,
            Ownership::Handwritten(skeleton) => &skeleton.code,
        };
        let _ = writeln!(text, "==> {} <==\n{code}", file.path.display());
    }
    text
}

#[test]
fn specs_that_use_each_other_become_this_code() {
    let folder = repository().join("specs/uses");
    compare(&folder.join("all"), &shown(generate_folder(&folder)));
}

#[test]
fn mistakes_of_specs_that_use_each_other_are_reported_like_this() {
    let folder = repository().join("specs/invalid/uses");
    let error = generate_folder(&folder).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    compare(&folder.join("all"), &error.to_string());
}

#[test]
fn mistakes_are_reported_like_this() {
    glob!("../../specs/invalid", "*.yaml", |spec| {
        let text = match generate_alone(spec) {
            Ok(_) => "generated".to_owned(),
            Err(error) if error.exit_code() == 2 => error.to_string(),
            Err(error) => format!("exit code {}: {error}", error.exit_code()),
        };
        compare(spec, &text);
    });
}
