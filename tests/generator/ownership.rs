//! Files that somebody else wrote or edited are kept; generated files go with their spec.

use crate::support::{ECHO, HANDLED, Project};
use autumn_gen::Format;
use std::fs;

#[test]
fn a_file_edited_by_hand_is_kept_until_forced() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.done(&["ws"]);
    let generated = project.read("src/ws/chat.rs");
    let edited = generated.replace("chat.echo", "chat.mine");
    project.write("src/ws/chat.rs", &edited);
    project.write("specs/other.yaml", ECHO.replace("/echo", "/other"));
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 4);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(project.read("src/ws/chat.rs"), edited);
    assert!(
        !project.exists("src/ws/other.rs"),
        "written although refused"
    );
    project.done(&["ws", "--force"]);
    assert_eq!(project.read("src/ws/chat.rs"), generated);
}

#[test]
fn a_file_that_is_not_ours_is_kept() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("src/ws/chat.rs", "fn mine() {}\n");
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 4);
    assert!(
        run.stderr
            .contains("src/ws/chat.rs: not written by autumn-gen"),
        "{}",
        run.stderr
    );
    assert_eq!(project.read("src/ws/chat.rs"), "fn mine() {}\n");
}

#[test]
fn handwritten_code_is_never_touched() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let mine = project.read("src/ws/chat/desk.rs") + "// mine\n";
    project.write("src/ws/chat/desk.rs", &mine);
    project.done(&["ws", "--force"]);
    assert_eq!(project.read("src/ws/chat/desk.rs"), mine);
}

#[test]
fn a_renamed_spec_leaves_nothing_behind() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("specs/admin/audit.yaml", ECHO.replace("/echo", "/audit"));
    project.done(&["ws"]);
    fs::rename(project.at("specs/chat.yaml"), project.at("specs/talk.yaml")).unwrap();
    fs::remove_dir_all(project.at("specs/admin")).unwrap();
    project.done(&["ws"]);
    let files: Vec<String> = project.tree().into_iter().map(|(path, _)| path).collect();
    assert_eq!(files, ["src/ws/mod.rs", "src/ws/talk.rs"]);
    assert!(!project.exists("src/ws/admin"), "an empty folder is left");
}

#[test]
fn an_edited_leftover_is_kept() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("specs/old.yaml", ECHO.replace("/echo", "/old"));
    project.done(&["ws"]);
    project.remove("specs/old.yaml");
    project.write("src/ws/old.rs", project.read("src/ws/old.rs") + "// mine\n");
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 4);
    assert!(
        run.stderr
            .contains("src/ws/old.rs: left over, and edited by hand"),
        "{}",
        run.stderr
    );
    assert!(project.exists("src/ws/old.rs"));
    project.done(&["ws", "--force"]);
    assert!(!project.exists("src/ws/old.rs"));
}

#[test]
fn a_folder_without_specs_removes_nothing() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.done(&["ws"]);
    fs::create_dir(project.at("empty")).unwrap();
    let run = project.run(&["ws", "--specs", "empty"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains("there is no spec in `empty`"),
        "{}",
        run.stderr
    );
    assert!(project.exists("src/ws/chat.rs"));
}

#[test]
fn files_of_other_generators_are_left_alone() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("other/talk.yaml", ECHO.replace("/echo", "/talk"));
    project.write(
        "inner/Cargo.toml",
        "[package]\nname = \"inner\"\nversion = \"0.1.0\"\n",
    );
    project.write("inner/specs/chat.yaml", ECHO);
    project.write("src/main.rs", "fn main() {}\n");
    project.done(&["ws", "--manifest-path", "inner/Cargo.toml"]);
    project.done(&["ws", "--specs", "other", "--out", "src/ws/other"]);
    let run = project.done(&["ws"]);
    assert!(
        project.exists("src/ws/other/talk.rs"),
        "another set of specs has made it"
    );
    assert!(!run.stderr.contains("not used"), "{}", run.stderr);
    let everywhere = project.done(&["ws", "--out", "."]);
    assert!(
        project.exists("inner/src/ws/chat.rs"),
        "another package has made it"
    );
    assert!(
        !everywhere.stderr.contains("main.rs"),
        "{}",
        everywhere.stderr
    );
}

#[test]
fn text_above_a_header_is_an_edit() {
    for above in [
        "\u{feff}",
        "// SPDX-License-Identifier: MIT\n",
        "/*\n * Copyright\n */\n\n",
    ] {
        let project = Project::with_spec("chat.yaml", ECHO);
        project.done(&["ws"]);
        let generated = project.read("src/ws/chat.rs");
        project.write("src/ws/chat.rs", format!("{above}{generated}"));
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 4);
        assert!(
            run.stderr.contains("src/ws/chat.rs: edited by hand"),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("`header = \"…\"`"), "{}", run.stderr);
        project.done(&["ws", "--force"]);
        assert_eq!(project.read("src/ws/chat.rs"), generated);
    }
}

#[test]
fn a_header_of_the_project_stands_above_all_files() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    let manifest = project.read("Cargo.toml") + "[package.metadata.autumn-gen]\n";
    project.write(
        "Cargo.toml",
        format!("{manifest}header = \"Copyright ACME\\nAll rights\"\n"),
    );
    project.done(&["ws"]);
    for (path, text) in project.tree() {
        let first: Vec<&str> = text.lines().take(3).collect();
        assert_eq!(first[..2], ["// Copyright ACME", "// All rights"], "{path}");
        assert!(
            first[2].starts_with("// @generated") || first[2].starts_with("//!"),
            "{path}"
        );
    }
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
    // A different notice is not an edit.
    project.write(
        "Cargo.toml",
        format!("{manifest}header = \"Copyright 2\"\n"),
    );
    project.done(&["ws"]);
    assert!(
        project
            .read("src/ws/chat.rs")
            .starts_with("// Copyright 2\n// @generated")
    );
}

#[test]
fn a_file_of_a_newer_format_is_kept() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("specs/old.yaml", ECHO.replace("/echo", "/old"));
    project.done(&["ws"]);
    project.remove("specs/old.yaml");
    let newer = Format {
        target: "rust",
        extension: "rs",
        epoch: 999,
        comment: ("//", ""),
    };
    for name in ["chat", "old"] {
        let text = newer.sign("pub fn router() {}\n", &format!("specs/{name}.yaml"), None);
        project.write(&format!("src/ws/{name}.rs"), text);
    }
    let before = project.tree();
    for arguments in [&["ws"][..], &["ws", "--force"]] {
        let run = project.run(arguments);
        assert_eq!(run.code, 4);
        for name in ["chat", "old"] {
            let reason = format!("src/ws/{name}.rs: made by a newer autumn-gen");
            assert!(run.stderr.contains(&reason), "{}", run.stderr);
        }
        assert!(run.stderr.contains("update autumn-gen"), "{}", run.stderr);
        assert_eq!(project.tree(), before);
    }
    assert_eq!(project.run(&["ws", "--check"]).code, 1);
}

#[test]
fn a_second_file_for_a_generated_module_is_refused() {
    for twin in ["src/ws.rs", "src/ws/chat/mod.rs"] {
        let project = Project::with_spec("chat.yaml", HANDLED);
        project.write(twin, "fn mine() {}\n");
        for arguments in [&["ws"][..], &["ws", "--force"]] {
            let run = project.run(arguments);
            assert_eq!(run.code, 4, "{twin}: {}", run.stderr);
            let reason = format!("{twin}: not written by autumn-gen, and the same module");
            assert!(run.stderr.contains(&reason), "{}", run.stderr);
        }
        project.remove(twin);
        project.done(&["ws"]);
    }
}
