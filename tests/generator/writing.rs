//! What runs write, and when they write nothing.

use crate::support::{ECHO, HANDLED, Project};
use std::{
    fs,
    process::Stdio,
    time::{Duration, SystemTime},
};

#[test]
fn a_run_creates_what_is_missing_and_a_second_one_touches_nothing() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    let run = project.done(&["ws"]);
    insta::assert_snapshot!(run.stderr, @r"
         Created src/ws/chat/desk.rs
         Created src/ws/chat.rs
         Created src/ws/mod.rs
    ");
    let modified = |path: &str| fs::metadata(project.at(path)).unwrap().modified().unwrap();
    let before = ["src/ws/chat.rs", "src/ws/chat/desk.rs", "src/ws/mod.rs"].map(modified);
    let again = project.done(&["ws"]);
    insta::assert_snapshot!(again.stderr, @"   Unchanged all 3 files");
    assert_eq!(
        before,
        ["src/ws/chat.rs", "src/ws/chat/desk.rs", "src/ws/mod.rs"].map(modified)
    );
    assert!(
        project
            .done(&["ws", "-v"])
            .stderr
            .contains("Unchanged src/ws/chat/desk.rs")
    );
    assert_eq!(project.done(&["ws", "-q"]).stderr, "");
}

#[test]
fn check_writes_nothing_and_names_each_file_its_reason_and_the_fix() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.write("specs/echo.yaml", ECHO);
    project.write("specs/old.yaml", ECHO.replace("/echo", "/old"));
    project.done(&["ws"]);
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
    project.write(
        "src/ws/chat.rs",
        project
            .read("src/ws/chat.rs")
            .replace("chat.desk", "chat.mine"),
    );
    project.write(
        "src/ws/echo.rs",
        project.read("src/ws/echo.rs").replace('\n', "\r\n"),
    );
    project.remove("specs/old.yaml");
    project.remove("src/ws/chat/desk.rs");
    let before = project.tree();
    let run = project.run(&["ws", "--check"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(project.tree(), before);
}

#[test]
fn a_dry_run_says_what_would_happen() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("specs/old.yaml", ECHO.replace("/echo", "/old"));
    project.done(&["ws"]);
    project.remove("specs/old.yaml");
    project.write("specs/new.yaml", HANDLED);
    project.write("specs/chat.yaml", ECHO.replace("/echo", "/elsewhere"));
    let before = project.tree();
    let run = project.done(&["ws", "--dry-run"]);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(project.tree(), before);
}

#[test]
fn force_can_be_rehearsed() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.done(&["ws"]);
    let edited = project.read("src/ws/chat.rs") + "// mine\n";
    project.write("src/ws/chat.rs", &edited);
    project.write("src/ws/other.rs", "// not ours\n");
    project.write("specs/other.yaml", ECHO.replace("/echo", "/other"));
    let report = project.done(&["ws", "--dry-run"]).stderr;
    assert!(
        report.contains("Refuse src/ws/chat.rs (edited by hand)"),
        "{report}"
    );
    let forced = project.done(&["ws", "--dry-run", "--force"]).stderr;
    assert!(
        forced.contains("Update src/ws/chat.rs (edited by hand)"),
        "{forced}"
    );
    assert!(
        forced.contains("Refuse src/ws/other.rs (not written by autumn-gen)"),
        "{forced}"
    );
    assert_eq!(project.read("src/ws/chat.rs"), edited);
}

#[test]
fn one_bad_spec_means_nothing_is_written() {
    let project = Project::with_spec("good.yaml", ECHO);
    project.write(
        "specs/bad.yaml",
        "version: 1\nendpoints:\n  e: { path: nowhere }\n",
    );
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("specs/bad.yaml:3:14"), "{}", run.stderr);
    assert!(!project.exists("src"));
}

#[test]
fn a_new_spec_named_alone_still_gives_a_tree_that_holds_together() {
    let project = Project::with_spec("a.yaml", ECHO);
    project.write("specs/b.yaml", HANDLED);
    project.write("specs/admin.yaml", ECHO.replace("/echo", "/admin"));
    project.done(&["ws", "specs/a.yaml"]);
    // `mod.rs` declares them all, so the missing ones are written too.
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
    project.write("specs/admin/audit.yaml", ECHO.replace("/echo", "/audit"));
    project.done(&["ws", "specs/admin/audit.yaml"]);
    assert!(project.read("src/ws/admin.rs").contains("pub mod audit;"));
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
}

#[test]
fn a_folder_becomes_a_spec_and_a_spec_a_folder() {
    let project = Project::with_spec("admin/audit.yaml", ECHO.replace("/echo", "/audit"));
    project.done(&["ws"]);
    assert!(project.exists("src/ws/admin/mod.rs"));
    project.write("specs/admin.yaml", ECHO);
    project.done(&["ws"]);
    assert!(
        project.exists("src/ws/admin.rs") && !project.exists("src/ws/admin/mod.rs"),
        "two files for one module"
    );
    project.remove("specs/admin.yaml");
    project.done(&["ws"]);
    assert!(
        !project.exists("src/ws/admin.rs") && project.exists("src/ws/admin/mod.rs"),
        "two files for one module"
    );
}

#[test]
fn the_largest_allowed_project_is_generated() {
    let project = Project::new();
    for index in 0..999 {
        project.write(
            &format!("specs/s{index}.yaml"),
            ECHO.replace("/echo", &format!("/{index}")),
        );
    }
    let endpoint = |index| {
        format!("  endpoint_{index}: {{ path: /many/endpoints/{index}, on_message: echo }}\n")
    };
    let endpoints: String = (0..500).map(endpoint).collect();
    project.write(
        "specs/many.yaml",
        format!("version: 1\nendpoints:\n{endpoints}"),
    );
    project.done(&["ws", "-q"]);
    assert_eq!(project.tree().len(), 1001);
}

#[test]
fn concurrent_runs_agree() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    for index in 0..20 {
        project.write(
            &format!("specs/s{index}.yaml"),
            HANDLED.replace("/desk", &format!("/{index}")),
        );
    }
    let children: Vec<_> = (0..8)
        .map(|_| {
            project
                .command(&["ws", "-q"])
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
    let leftovers: Vec<_> = project
        .tree()
        .into_iter()
        .filter(|(path, _)| path.contains(".autumn-gen-"))
        .collect();
    assert!(leftovers.is_empty(), "{leftovers:?}");
}

#[test]
fn leftovers_of_a_killed_run_are_removed() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    for path in [
        "src/ws/.autumn-gen-old",
        "src/ws/chat/.autumn-gen-new",
        "src/ws/.other-old",
    ] {
        project.write(path, "cut off");
        if path.ends_with("old") {
            let file = fs::File::options().write(true).open(project.at(path));
            let long_ago = SystemTime::now() - Duration::from_hours(2);
            file.unwrap().set_modified(long_ago).unwrap();
        }
    }
    let check = project.run(&["ws", "--check"]);
    assert_eq!(check.code, 1, "{}", check.stderr);
    let reason = "src/ws/.autumn-gen-old: left over from a run that was killed";
    assert!(check.stderr.contains(reason), "{}", check.stderr);
    assert!(!check.stderr.contains("-new"), "{}", check.stderr);
    let run = project.done(&["ws"]);
    assert!(
        run.stderr.contains("Removed src/ws/.autumn-gen-old"),
        "{}",
        run.stderr
    );
    assert!(!project.exists("src/ws/.autumn-gen-old"));
    assert!(
        project.exists("src/ws/chat/.autumn-gen-new"),
        "a run at the same time needs it"
    );
    assert!(project.exists("src/ws/.other-old"), "it is not ours");
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
}
