//! Handlers that are moved over files which cargo has compiled before.

use crate::support::{HANDLED, Project, rename};
use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, SystemTime},
};

const DESK: &str = "src/ws/chat/desk.rs";

/// The program prints the handler that was compiled into it.
const MAIN: &str = "fn main() {\n    let _ = include_str!(\"ws/chat.rs\");\n    print!(\"{}\", include_str!(\"ws/chat/desk.rs\"));\n}\n";

#[test]
fn cargo_compiles_a_handler_that_was_moved_over_a_newer_one() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    project.write("src/main.rs", MAIN);
    // The handler with the check was written long before the skeleton in its place was compiled.
    project.write("src/checked.rs", "// only owners\n");
    let written = SystemTime::now() - Duration::from_hours(1);
    let file = fs::File::options()
        .append(true)
        .open(project.at("src/checked.rs"))
        .unwrap();
    file.set_modified(written).unwrap();
    let compiled = || {
        let run = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--offline"])
            .current_dir(project.path())
            .env("CARGO_TARGET_DIR", project.at("target"))
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
        String::from_utf8(run.stdout).unwrap()
    };
    assert!(compiled().contains("impl DeskHandler"));
    rename(&project, "src/checked.rs", DESK);
    let run = project.done(&["ws"]);
    assert!(
        run.stderr.contains("Touched src/ws/chat.rs"),
        "{}",
        run.stderr
    );
    assert_eq!(compiled(), "// only owners\n");
    let modified = || {
        fs::metadata(project.at("src/ws/chat.rs"))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = modified();
    project.done(&["ws"]);
    assert_eq!(modified(), before, "touched again");
}

#[test]
fn a_folder_that_was_moved_counts_as_moved() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let mine = project.read(DESK);
    project.remove(DESK);
    project.write("src/desk/mod.rs", mine);
    let written = SystemTime::now() - Duration::from_hours(1);
    for path in ["src/desk/mod.rs", "src/desk"] {
        fs::File::open(project.at(path))
            .unwrap()
            .set_modified(written)
            .unwrap();
    }
    rename(&project, "src/desk", "src/ws/chat/desk");
    let run = project.done(&["ws"]);
    assert!(
        run.stderr.contains("Touched src/ws/chat.rs"),
        "{}",
        run.stderr
    );
    assert!(Path::new(&project.at("src/ws/chat/desk/mod.rs")).exists());
}
