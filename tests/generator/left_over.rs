//! Generated files that nothing asks for any more: of removed specs, and of earlier configurations.

use crate::support::{ECHO, Project, configure, rename};
use std::fs;

#[test]
fn removing_the_last_spec_removes_all_generated_files() {
    for change in [
        (|project: &Project| project.remove("specs/chat.yaml")) as fn(&Project),
        |project| fs::remove_dir_all(project.at("specs")).unwrap(),
    ] {
        let project = Project::with_spec("chat.yaml", ECHO);
        project.done(&["ws"]);
        change(&project);
        assert_eq!(project.run(&["ws", "--check"]).code, 1);
        project.done(&["ws"]);
        assert!(project.tree().is_empty(), "{:?}", project.tree());
        assert_eq!(project.run(&["ws"]).code, 3);
    }
}

#[test]
fn generated_files_of_an_earlier_configuration_are_removed() {
    let moved = |line: &str, change: fn(&Project)| {
        let project = Project::with_spec("a.yaml", ECHO);
        project.write("specs/b.yaml", ECHO.replace("/echo", "/b"));
        project.done(&["ws"]);
        change(&project);
        configure(&project, line);
        assert_eq!(project.run(&["ws", "--check"]).code, 1);
        project.done(&["ws"]);
        assert_eq!(project.run(&["ws", "--check"]).code, 0);
        project
            .tree()
            .into_iter()
            .map(|(path, _)| path)
            .collect::<Vec<_>>()
    };
    let live = ["src/live/a.rs", "src/live/b.rs", "src/live/mod.rs"];
    assert_eq!(moved("out = \"src/live\"", |_| {}), live);
    let files = moved("specs = \"api\"", |project| {
        rename(project, "specs/a.yaml", "api/a.yaml");
    });
    assert_eq!(files, ["src/ws/a.rs", "src/ws/mod.rs"]);
    let files = moved("specs = \".\"", |project| {
        rename(project, "specs/a.yaml", "c.yaml");
        fs::remove_dir_all(project.at("specs")).unwrap();
    });
    assert_eq!(files, ["src/ws/c.rs", "src/ws/mod.rs"]);
}
