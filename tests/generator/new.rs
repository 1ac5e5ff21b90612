//! `autumn-gen new`.

use crate::support::Project;
use std::fs;

#[test]
fn a_new_project_is_complete_and_never_lands_on_something() {
    let project = Project::new();
    project.done(&["new", "demo"]);
    for path in [
        "Cargo.toml",
        "README.md",
        ".gitignore",
        "specs/chat.yaml",
        "src/main.rs",
        "src/tests.rs",
        "src/ws/mod.rs",
        "src/ws/chat.rs",
        "src/ws/chat/greeter.rs",
    ] {
        assert!(project.exists(&format!("demo/{path}")), "{path} is missing");
    }
    // The project around it is a workspace, to which the new one does not belong.
    assert!(project.read("demo/Cargo.toml").contains("\n[workspace]\n"));
    assert_eq!(
        project
            .run(&["ws", "--check", "--manifest-path", "demo/Cargo.toml"])
            .code,
        0
    );
    let again = project.run(&["new", "demo"]);
    assert_eq!(again.code, 4);
    assert!(
        again.stderr.contains("`demo` exists already"),
        "{}",
        again.stderr
    );
    for name in ["1st", "fn", "tokio", "a b", "über"] {
        assert_eq!(project.run(&["new", name]).code, 3, "{name}");
        assert!(!project.exists(name));
    }
    let entries = fs::read_dir(project.path()).unwrap().count();
    assert_eq!(entries, 2, "something was left beside Cargo.toml and demo");
}
