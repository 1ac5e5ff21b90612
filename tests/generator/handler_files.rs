//! Which hand-written files are handlers, or belong to one.

use crate::{
    handlers_out_of_use::{DESK, project},
    support::{ECHO, Project},
};

#[test]
fn a_handler_is_recognised_however_it_is_written() {
    for text in [
        "use super::DeskHandler as Trait;\nimpl Trait for Desk {}\n",
        "impl<T> super::DeskHandler for Desk<T> {}\n",
        "use crate::ws::chat::{DeskHandler};\nimpl DeskHandler\n    for Desk {}\n",
        "use super::*;\nmod inner {\n    impl super::OldHandler for Desk {}\n}\n",
        "impl super::DeskHandler for Desk { fn unfinished( {}\n",
    ] {
        let project = Project::with_spec("chat.yaml", ECHO);
        project.done(&["ws"]);
        project.write(DESK, text);
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 4, "{text}: {}", run.stderr);
    }
}

#[test]
fn a_handler_is_recognised_by_its_place() {
    for text in [
        "crate::desk_with_rules!(Desk);\n",
        "mod entry;\npub use entry::Desk;\n",
        "not Rust (",
    ] {
        let project = project();
        project.write(DESK, text);
        project.remove("specs/chat.yaml");
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 4, "{text}: {}", run.stderr);
        assert!(run.stderr.contains(DESK), "{text}: {}", run.stderr);
    }
}

#[test]
fn other_hand_written_code_only_gets_a_warning() {
    for text in [
        "// impl super::DeskHandler for Desk {}\n",
        "const HELP: &str = \"impl super::DeskHandler for Desk {}\";\n",
        "use crate::events::EventHandler;\nimpl EventHandler for Desk {}\n",
        "trait DeskHandler {}\nimpl DeskHandler for Desk {}\n",
    ] {
        let project = Project::with_spec("chat.yaml", ECHO);
        project.done(&["ws"]);
        project.write(DESK, text);
        let run = project.done(&["ws"]);
        let warning = "warning: neither generated code nor a handler declares these files, so they may not be compiled: src/ws/chat/desk.rs;";
        assert!(run.stderr.contains(warning), "{text}: {}", run.stderr);
        assert_eq!(project.run(&["ws", "--check"]).code, 0);
    }
}

#[test]
fn modules_of_a_handler_that_is_in_use_are_in_use() {
    let project = project();
    let own = project.read(DESK);
    project.write(
        DESK,
        "mod entry;\n#[path = \"../shared/rules.rs\"]\nmod rules;\npub use entry::Desk;\n",
    );
    let entry = own.replace("use super::", "use super::super::") + "mod deeper;\n";
    project.write("src/ws/chat/desk/entry.rs", &entry);
    project.write(
        "src/ws/chat/desk/entry/deeper.rs",
        "impl super::super::super::DeskHandler for () {}",
    );
    project.write("src/ws/shared/rules.rs", "");
    let run = project.done(&["ws"]);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    // A new skeleton in its place would not declare them.
    project.write(DESK, own.replace("// only owners\n", ""));
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 4);
    assert!(
        run.stderr
            .contains("src/ws/chat/desk/entry.rs is not used by any spec"),
        "{}",
        run.stderr
    );
}
