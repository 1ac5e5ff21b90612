//! Hand-written handlers that the specs no longer use: nothing is written until somebody decides what to do with them.

use crate::support::{ECHO, HANDLED, Project, configure, finish, rename};
use autumn_gen::{Mode, Overrides, generate, write};
use std::{fs, path::Path, process::Command};

/// A change to a project that leaves a handler unused.
type Change = (&'static str, fn(&Project));

const PLAIN: &str = "version: 1\nendpoints:\n  plain: { path: /plain, on_message: echo }\n";
pub const DESK: &str = "src/ws/chat/desk.rs";

/// A project with the handler `desk`, which checks who may connect.
pub fn project() -> Project {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.write("specs/other.yaml", ECHO);
    project.done(&["ws"]);
    project.write(DESK, project.read(DESK) + "// only owners\n");
    project
}

const CHANGES: &[Change] = &[
    ("the endpoint is renamed", |project| {
        project.write("specs/chat.yaml", HANDLED.replace("desk:", "counter:"));
    }),
    ("the endpoint is removed", |project| {
        project.write("specs/chat.yaml", PLAIN);
    }),
    ("the endpoint handles nothing any more", |project| {
        project.write(
            "specs/chat.yaml",
            HANDLED.replace("/desk", "/desk, on_message: ignore"),
        );
    }),
    ("the endpoint moves to another spec", |project| {
        project.write("specs/chat.yaml", PLAIN);
        project.write("specs/other.yaml", HANDLED);
    }),
    ("the spec is renamed", |project| {
        rename(project, "specs/chat.yaml", "specs/talk.yaml");
    }),
    ("the spec is removed", |project| {
        project.remove("specs/chat.yaml");
    }),
    ("the spec moves to a folder", |project| {
        rename(project, "specs/chat.yaml", "specs/admin/chat.yaml");
    }),
    ("the last spec is removed", |project| {
        project.remove("specs/chat.yaml");
        project.remove("specs/other.yaml");
    }),
    ("the folder of specs is removed", |project| {
        fs::remove_dir_all(project.at("specs")).unwrap();
    }),
    ("`out` changes", |project| {
        configure(project, "out = \"src/live\"");
    }),
    ("`specs` changes with the specs", |project| {
        rename(project, "specs/chat.yaml", "api/talk.yaml");
        rename(project, "specs/other.yaml", "api/other.yaml");
        configure(project, "specs = \"api\"");
    }),
    ("`specs` changes and the old specs stay", |project| {
        project.write("api/other.yaml", ECHO);
        configure(project, "specs = \"api\"");
    }),
    ("`specs` and `out` change", |project| {
        rename(project, "specs", "api");
        configure(project, "specs = \"api\"\nout = \"src/live\"");
    }),
    ("a new spec takes its place", |project| {
        project.write("specs/chat.yaml", PLAIN);
        project.write("specs/chat/desk.yaml", ECHO.replace("/echo", "/new"));
    }),
    ("a new spec takes its folder", |project| {
        project.write("specs/chat.yaml", PLAIN);
        project.write("specs/chat/desk/more.yaml", ECHO.replace("/echo", "/new"));
    }),
    (
        "`specs` and `out` change and the specs move down",
        |project| {
            configure(project, "specs = \".\"\nout = \"src/ws\"");
            rename(project, "specs/chat.yaml", "chat.yaml");
            rename(project, "specs/other.yaml", "other.yaml");
            project.done(&["ws"]);
            rename(project, "chat.yaml", "specs/chat.yaml");
            rename(project, "other.yaml", "specs/other.yaml");
            let manifest = project
                .read("Cargo.toml")
                .replace("specs = \".\"", "specs = \"specs\"");
            project.write("Cargo.toml", manifest.replace("src/ws", "src/live"));
        },
    ),
    ("an earlier version has already dropped it", |project| {
        project.write("specs/chat.yaml", PLAIN);
        let mine = project.read(DESK);
        project.remove(DESK);
        project.done(&["ws"]);
        project.write(DESK, mine);
    }),
];

#[test]
fn nothing_is_written_while_a_handler_is_out_of_use() {
    for (what, change) in CHANGES {
        let project = project();
        change(&project);
        let before = project.tree();
        for arguments in [
            &["ws"][..],
            &["ws", "--force"],
            &["ws", "-q"],
            &["ws", "--dry-run"],
        ] {
            let run = project.run(arguments);
            assert_eq!(run.code, 4, "{what}, {arguments:?}: {}", run.stderr);
            let message = format!("{DESK} is not used by any spec");
            assert!(run.stderr.contains(&message), "{what}: {}", run.stderr);
            assert_eq!(project.tree(), before, "{what}, {arguments:?}");
        }
        let check = project.run(&["ws", "--check"]);
        assert_eq!(check.code, 1, "{what}: {}", check.stderr);
        assert!(check.stderr.contains(DESK), "{what}: {}", check.stderr);
        let advice = "help: run `autumn-gen ws`";
        assert!(!check.stderr.contains(advice), "{what}: {}", check.stderr);
        assert_eq!(project.tree(), before, "{what}");
    }
}

#[test]
fn every_change_is_resolved_by_moving_or_deleting_the_file() {
    for (what, change) in CHANGES {
        let project = project();
        change(&project);
        project.remove(DESK);
        project.done(&["ws"]);
        // Without a spec there is nothing left to check.
        let code = if project.exists("src/ws/mod.rs") || project.exists("src/live") {
            0
        } else {
            3
        };
        assert_eq!(project.run(&["ws", "--check"]).code, code, "{what}");
    }
}

#[test]
fn the_library_reports_a_handler_that_is_out_of_use() {
    let project = project();
    project.remove("specs/chat.yaml");
    let found = autumn_gen::Project::find(project.path(), &Overrides::default()).unwrap();
    let generated = generate(&found).unwrap();
    let report = write(&found, &generated, None, Mode::DryRun).unwrap();
    assert!(!report.is_clean());
    assert_eq!(report.out_of_use.len(), 1);
    for mode in [Mode::Write, Mode::Force] {
        let refused = write(&found, &generated, None, mode).unwrap_err();
        assert_eq!(refused.exit_code(), 4);
        assert!(
            refused
                .to_string()
                .contains("delete it     rm src/ws/chat/desk.rs"),
            "{refused}"
        );
    }
}

#[test]
fn one_message_lists_all_of_them_with_commands_to_paste() {
    let project = Project::with_spec(
        "chat.yaml",
        "version: 1\nchannels: { news: }\nendpoints:\n  desk: { path: /desk }\n  board: { path: /board, subscribe: { news: handle } }\n  quiet: { path: /quiet }\n",
    );
    project.write("specs/old.yaml", HANDLED.replace("/desk", "/old"));
    project.done(&["ws"]);
    rename(&project, "src/ws/chat/quiet.rs", "src/ws/chat/quiet/mod.rs");
    project.write("src/ws/chat/board/parts.rs", "// declared by board.rs\n");
    project.write("src/ws/old/notes.rs", "// declared by nothing\n");
    project.remove("specs/old.yaml");
    project.write(
        "specs/chat.yaml",
        "version: 1\nchannels: { news: }\nendpoints:\n  counter: { path: /desk }\n  wall: { path: /board, subscribe: { news: handle } }\n  quiet: { path: /quiet, on_message: ignore }\n",
    );
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 4);
    insta::assert_snapshot!(run.stderr);
}

/// Runs a command of a message as a person would paste it.
fn paste(project: &Project, command: &str) {
    let done = finish(
        Command::new("sh")
            .args(["-c", command])
            .current_dir(project.path()),
    );
    assert_eq!(done.code, 0, "{command}: {}", done.stderr);
}

/// The command that a message offers for this purpose.
fn offered(message: &str, purpose: &str) -> String {
    let lines = message.lines().map(str::trim);
    let mut offers = lines.filter_map(|line| line.strip_prefix(purpose));
    let offer = offers
        .next()
        .unwrap_or_else(|| panic!("no offer to {purpose}: {message}"));
    offer.trim().to_owned()
}

/// What git knows of a project when a handler falls out of use.
const TRACKED: &[(&str, &str)] = &[
    ("there is no git", "true"),
    ("git tracks nothing", "git init -q ."),
    (
        "git tracks the handler",
        "git init -q . && git add -A && git -c user.name=a -c user.email=a@example.com commit -qm all",
    ),
];

#[test]
fn every_command_works_as_it_is_pasted() {
    for (what, commands) in TRACKED {
        for purpose in ["rename it", "set it aside", "delete it"] {
            for folder in [false, true] {
                let project = project();
                if folder {
                    rename(&project, DESK, "src/ws/chat/desk/mod.rs");
                }
                paste(&project, commands);
                rename(&project, "specs/chat.yaml", "specs/talk.yaml");
                let run = project.run(&["ws"]);
                assert_eq!(run.code, 4);
                let command = offered(&run.stderr, purpose);
                assert_eq!(
                    command.contains("git"),
                    *what == "git tracks the handler",
                    "{what}: {command}"
                );
                assert_eq!(run.stderr.contains("git stash"), *what != "there is no git");
                paste(&project, &command);
                project.done(&["ws"]);
                assert_eq!(project.run(&["ws", "--check"]).code, 0, "{what}, {purpose}");
                let tree = project.tree().into_iter();
                let texts = tree.filter(|(_, text)| text.contains("only owners"));
                let is_deleted = purpose == "delete it";
                assert_eq!(texts.count() == 0, is_deleted, "{what}, {purpose}");
            }
        }
    }
}

#[test]
fn git_does_what_it_can_and_the_rest_is_done_without_it() {
    let project = project();
    paste(&project, TRACKED[2].1);
    project.write("src/ws/chat/desk/parts.rs", "// of the handler\n");
    project.remove("specs/chat.yaml");
    let run = project.run(&["ws"]);
    assert_eq!(
        offered(&run.stderr, "set it aside"),
        "git mv src/ws/chat/desk.rs src/desk.rs && mv src/ws/chat/desk src/desk"
    );
    let delete = offered(&run.stderr, "delete it");
    assert_eq!(
        delete,
        "git rm src/ws/chat/desk.rs && rm -r src/ws/chat/desk"
    );
    paste(&project, &delete);
    project.done(&["ws"]);
}

#[test]
fn commands_are_relative_to_the_current_folder() {
    let project = project();
    project.remove("specs/chat.yaml");
    let run = finish(project.command(&["ws"]).current_dir(project.at("src")));
    assert_eq!(offered(&run.stderr, "delete it"), "rm ws/chat/desk.rs");
}

#[test]
fn open_handle_keeps_the_handler_of_an_endpoint_that_handles_nothing() {
    let project = project();
    project.write(
        "specs/chat.yaml",
        HANDLED.replace("/desk", "/desk, on_message: ignore"),
    );
    let run = project.run(&["ws"]);
    assert_eq!(
        offered(&run.stderr, "keep it"),
        "add `open: handle` to the endpoint `desk` in specs/chat.yaml"
    );
    let kept = HANDLED.replace("/desk", "/desk, on_message: ignore, open: handle");
    project.write("specs/chat.yaml", kept);
    project.done(&["ws"]);
    assert!(project.read("src/ws/chat.rs").contains("mod desk;"));
}

#[test]
fn renames_are_suggested_by_similarity() {
    let spec = |first: &str, second: &str| {
        format!(
            "version: 1\nchannels: {{ news: }}\nendpoints:\n  {first}: {{ path: /1 }}\n  {second}: {{ path: /2, subscribe: {{ news: handle }}, on_message: ignore }}\n"
        )
    };
    let project = Project::with_spec("chat.yaml", spec("speaker", "reader"));
    project.done(&["ws"]);
    project.write("specs/chat.yaml", spec("talker", "hearer"));
    let run = project.run(&["ws"]);
    for command in [
        " mv src/ws/chat/speaker.rs src/ws/chat/talker.rs",
        " mv src/ws/chat/reader.rs src/ws/chat/hearer.rs",
    ] {
        assert!(run.stderr.contains(command), "{}", run.stderr);
    }
}

#[test]
fn a_handler_replaces_the_skeleton_of_an_earlier_version() {
    let project = project();
    let mine = project.read(DESK);
    project.remove(DESK);
    project.write("specs/chat.yaml", HANDLED.replace("desk:", "counter:"));
    project.done(&["ws"]);
    project.write(DESK, mine);
    let replace = "mv src/ws/chat/desk.rs src/ws/chat/counter.rs";
    let run = project.run(&["ws"]);
    assert_eq!(offered(&run.stderr, "rename it"), replace);
    project.write(
        "src/ws/chat/counter.rs",
        project.read("src/ws/chat/counter.rs") + "// mine\n",
    );
    let run = project.run(&["ws"]);
    assert!(!run.stderr.contains("rename it"), "{}", run.stderr);
}

#[test]
fn a_run_for_one_spec_looks_at_all_handlers() {
    let project = project();
    project.remove("specs/chat.yaml");
    assert_eq!(project.run(&["ws", "specs/other.yaml"]).code, 4);
    let printed = project.run(&["ws", "--stdout", "specs/other.yaml"]);
    assert_eq!(printed.code, 4);
    assert_eq!(printed.stdout, project.read("src/ws/other.rs"));
    assert!(printed.stderr.contains(DESK), "{}", printed.stderr);
}

#[test]
fn handlers_of_other_specs_in_the_package_are_left_alone() {
    let project = project();
    project.write("more/talk.yaml", HANDLED.replace("/desk", "/talk"));
    let more = ["ws", "--specs", "more", "--out", "src/ws/more"];
    project.done(&more);
    let run = project.done(&["ws"]);
    assert!(
        run.stderr
            .contains("note: src/ws/more is generated from `more`"),
        "{}",
        run.stderr
    );
    project.done(&more);
    assert!(project.exists("src/ws/more/talk/desk.rs") && project.exists(DESK));
    project.write("more/talk.yaml", ECHO.replace("/echo", "/talk"));
    let run = project.run(&more);
    assert_eq!(run.code, 4);
    assert!(
        run.stderr.contains("src/ws/more/talk/desk.rs"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_flag_for_a_folder_aside_leaves_the_package_alone() {
    let project = project();
    let elsewhere = tempfile::tempdir().unwrap();
    let aside = [
        elsewhere.path().join("ws"),
        project.at("target/debug/build/out/ws"),
    ];
    for out in aside.map(|out| out.display().to_string()) {
        let before = project.tree();
        project.done(&["ws", "--out", &out]);
        assert!(Path::new(&out).join("chat/desk.rs").exists());
        assert_eq!(project.tree(), before);
        assert_eq!(project.run(&["ws", "--check"]).code, 0);
    }
    let inside = project.run(&["ws", "--out", "src/live"]);
    assert_eq!(inside.code, 4, "{}", inside.stderr);
    let command = " mv src/ws/chat/desk.rs src/live/chat/desk.rs";
    assert!(inside.stderr.contains(command), "{}", inside.stderr);
}
