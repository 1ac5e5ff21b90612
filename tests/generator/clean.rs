//! `autumn-gen clean`: what was generated goes, and nobody's work drops out of the build.

use crate::support::{ECHO, HANDLED, Project, Run, configure};

/// The paths below `src`.
fn paths(project: &Project) -> Vec<String> {
    project.tree().into_iter().map(|(path, _)| path).collect()
}

/// What a run says it has removed, or would remove.
fn removed(run: &Run) -> Vec<&str> {
    let lines = run.stderr.lines();
    lines
        .filter_map(|line| line.trim().strip_prefix("Remove"))
        .map(|line| line.trim_start_matches('d').trim())
        .collect()
}

fn other(path: &str) -> String {
    ECHO.replace("/echo", path)
}

#[test]
fn everything_generated_goes_with_its_folders() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("specs/admin/audit.yaml", other("/audit"));
    project.write("src/main.rs", "mod ws;\n\nfn main() {}\n");
    project.done(&["ws"]);
    let before = project.tree();
    let rehearsal = project.done(&["clean", "--dry-run"]);
    assert_eq!(project.tree(), before);
    let run = project.done(&["clean"]);
    assert_eq!(paths(&project), ["src/main.rs"]);
    assert!(!project.exists("src/ws"));
    assert!(project.exists("specs/chat.yaml"));
    assert_eq!(removed(&run), removed(&rehearsal));
    assert_eq!(
        removed(&run),
        [
            "src/ws/admin/audit.rs",
            "src/ws/admin/mod.rs",
            "src/ws/chat.rs",
            "src/ws/mod.rs"
        ]
    );
    assert!(
        run.stderr
            .contains("src/main.rs still declares or names the module `ws`"),
        "{}",
        run.stderr
    );
    let again = project.done(&["clean"]);
    assert!(
        again.stderr.contains("there is no generated code"),
        "{}",
        again.stderr
    );
    project.done(&["ws"]);
    assert_eq!(project.tree(), before);
}

#[test]
fn specs_may_be_gone_or_wrong() {
    for break_specs in [
        |project: &Project| std::fs::remove_dir_all(project.at("specs")).unwrap(),
        |project: &Project| project.write("specs/chat.yaml", "version: 9\n"),
    ] {
        let project = Project::with_spec("chat.yaml", ECHO);
        project.done(&["ws"]);
        break_specs(&project);
        project.done(&["clean"]);
        assert_eq!(paths(&project), [""; 0]);
    }
}

#[test]
fn what_a_handler_needs_stays_until_the_handler_goes() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.write("specs/echo.yaml", ECHO);
    project.done(&["ws"]);
    let before = project.tree();
    let run = project.done(&["clean"]);
    assert_eq!(project.tree(), before);
    assert!(
        run.stderr.contains("3 generated files stay") && run.stderr.contains("src/ws/chat/desk.rs"),
        "{}",
        run.stderr
    );
    project.remove("src/ws/chat/desk.rs");
    project.done(&["clean"]);
    assert_eq!(paths(&project), [""; 0]);
}

#[test]
fn a_handler_that_no_module_declares_needs_its_trait() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let handler = project.read("src/ws/chat/desk.rs");
    project.remove("src/ws/chat/desk.rs");
    project.write("src/ws/chat/old.rs", handler);
    project.write("src/ws/notes.rs", "//! Nothing to do with sockets.\n");
    project.done(&["clean"]);
    assert_eq!(
        paths(&project),
        [
            "src/ws/chat.rs",
            "src/ws/chat/old.rs",
            "src/ws/mod.rs",
            "src/ws/notes.rs"
        ]
    );
}

#[test]
fn a_file_without_a_handler_beside_it_does_not_stop_the_rest() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.done(&["ws"]);
    project.write("src/ws/notes.rs", "//! Nothing to do with sockets.\n");
    project.done(&["clean"]);
    assert_eq!(paths(&project), ["src/ws/notes.rs"]);
}

#[test]
fn what_was_edited_by_hand_stays_unless_forced() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("specs/echo.yaml", other("/other"));
    project.done(&["ws"]);
    let text = project.read("src/ws/chat.rs");
    project.write("src/ws/chat.rs", text + "// Mine.\n");
    let before = project.tree();
    let run = project.done(&["clean"]);
    assert_eq!(project.tree(), before);
    assert!(
        run.stderr.contains(
            "src/ws/chat.rs stays: it was edited by hand; `autumn-gen clean --force` removes it"
        ),
        "{}",
        run.stderr
    );
    project.done(&["clean", "--force"]);
    assert_eq!(paths(&project), [""; 0]);
}

#[test]
fn code_of_an_earlier_folder_goes_and_that_of_other_specs_stays() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.done(&["ws"]);
    project.write("api/news.yaml", other("/news"));
    project.done(&["ws", "--specs", "api", "--out", "src/api"]);
    configure(&project, "out = \"src/live\"");
    project.done(&["clean"]);
    assert_eq!(paths(&project), ["src/api/mod.rs", "src/api/news.rs"]);
    project.done(&["clean", "--specs", "api", "--out", "src/api"]);
    assert_eq!(paths(&project), [""; 0]);
}

#[test]
fn line_endings_are_nobodys_work() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.done(&["ws"]);
    let text = project.read("src/ws/chat.rs").replace('\n', "\r\n");
    project.write("src/ws/chat.rs", text);
    project.done(&["clean"]);
    assert_eq!(paths(&project), [""; 0]);
}
