//! The lines that were written by hand.

use std::{fs, path::Path, process::Command};

#[test]
fn the_readme_shows_how_many_lines_were_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let counted = Command::new("bash").arg(folder.join("lines")).output();
    let counted = counted.unwrap();
    assert!(counted.status.success(), "{counted:?}");
    let counted = String::from_utf8(counted.stdout).unwrap();
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    assert!(
        readme.contains(counted.trim_end()),
        "README.md must show:\n{counted}"
    );
}
