//! Links, pipes, and folders that cannot be written.

use crate::support::{ECHO, HANDLED, Project};
use std::fs;

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_project_are_refused() {
    let outside = Project::with_spec("secret.yaml", ECHO);
    let project = Project::with_spec("chat.yaml", ECHO);
    std::os::unix::fs::symlink(outside.at("specs"), project.at("specs/linked")).unwrap();
    let read = project.run(&["ws"]);
    assert_eq!(read.code, 3);
    assert!(
        read.stderr
            .contains("`specs/linked` is a symbolic link that leads out of the project"),
        "{}",
        read.stderr
    );
    fs::remove_file(project.at("specs/linked")).unwrap();
    fs::create_dir_all(project.at("src")).unwrap();
    std::os::unix::fs::symlink(outside.path(), project.at("src/ws")).unwrap();
    let written = project.run(&["ws"]);
    assert_eq!(written.code, 3);
    assert!(!outside.exists("chat.rs"));
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_reported() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    fs::create_dir_all(project.at("src/ws/chat")).unwrap();
    std::os::unix::fs::symlink("nowhere", project.at("src/ws/chat/desk.rs")).unwrap();
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("src/ws/chat/desk.rs"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_spec_that_is_a_link_to_nothing_is_reported() {
    let project = Project::with_spec("chat.yaml", ECHO);
    std::os::unix::fs::symlink("nowhere", project.at("specs/gone.yaml")).unwrap();
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 3);
    let message = "`specs/gone.yaml` is a symbolic link that leads nowhere";
    assert!(run.stderr.contains(message), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_spec_that_is_a_pipe_does_not_hang() {
    let project = Project::with_spec("chat.yaml", ECHO);
    let made = std::process::Command::new("mkfifo")
        .arg(project.at("specs/pipe.yaml"))
        .status()
        .unwrap();
    assert!(made.success());
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("not a regular file"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_does_not_hang() {
    for place in ["src/ws/chat.rs", "src/ws/chat/desk.rs"] {
        let project = Project::with_spec("chat.yaml", HANDLED);
        fs::create_dir_all(project.at("src/ws/chat")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(project.at(place))
            .status()
            .unwrap();
        assert!(made.success());
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert!(run.stderr.contains("not a regular file"), "{}", run.stderr);
    }
}

#[test]
fn a_file_in_the_place_of_a_folder_is_reported() {
    let project = Project::with_spec("chat.yaml", ECHO);
    // A file in the place of a folder stops even root, which permissions do not.
    project.write("src/ws", "in the way");
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("src/ws"), "{}", run.stderr);
    assert_eq!(project.read("src/ws"), "in the way");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_reported() {
    let project = Project::with_spec("chat.yaml", ECHO);
    // Not even root may create files here.
    let run = project.run(&["ws", "--out", "/proc/sockets"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains("cannot write `/proc/sockets/"),
        "{}",
        run.stderr
    );
}

#[cfg(unix)]
#[test]
fn locks_of_editors_and_links_that_are_not_specs_may_lead_nowhere() {
    let project = Project::with_spec("chat.yaml", ECHO);
    for name in [".#chat.yaml", ".hidden", "README.md"] {
        std::os::unix::fs::symlink("nowhere", project.at(&format!("specs/{name}"))).unwrap();
    }
    project.done(&["ws"]);
    std::os::unix::fs::symlink("nowhere", project.at("specs/lost.yaml")).unwrap();
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("specs/lost.yaml"), "{}", run.stderr);
}

#[test]
fn the_extension_of_a_spec_may_be_in_capitals() {
    let project = Project::with_spec("chat.YAML", ECHO);
    project.write("specs/other.Yml", ECHO.replace("/echo", "/other"));
    project.done(&["ws"]);
    assert!(project.exists("src/ws/chat.rs") && project.exists("src/ws/other.rs"));
}

#[cfg(unix)]
#[test]
fn runs_that_only_read_follow_links_out_of_the_project() {
    let real = Project::with_spec("chat.yaml", HANDLED);
    real.done(&["ws"]);
    let sandbox = Project::new();
    for path in [
        "specs/chat.yaml",
        "src/ws/mod.rs",
        "src/ws/chat.rs",
        "src/ws/chat/desk.rs",
    ] {
        fs::create_dir_all(sandbox.at(path).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(real.at(path), sandbox.at(path)).unwrap();
    }
    for arguments in [
        &["ws", "--check"][..],
        &["ws", "--diff"],
        &["ws", "--dry-run"],
        &["ws", "--stdout"],
    ] {
        sandbox.done(arguments);
    }
    assert_eq!(sandbox.run(&["ws"]).code, 3);
    sandbox.remove("specs/chat.yaml");
    sandbox.write("specs/chat.yaml", ECHO);
    let run = sandbox.run(&["ws", "--check"]);
    assert!(
        run.stderr.contains("src/ws/chat/desk.rs is not used"),
        "{}",
        run.stderr
    );
}
