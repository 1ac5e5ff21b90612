//! Hand-written handlers: where they may be, and what they lack.

use crate::support::{HANDLED, Project};

#[test]
fn a_handler_that_lacks_a_method_gets_its_stub_to_paste() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    project.write("specs/chat.yaml", "version: 1\nchannels: { news: }\nendpoints:\n  desk: { path: /desk, subscribe: { news: handle }, shutdown: { notify: handle } }\n");
    let run = project.done(&["ws"]);
    insta::assert_snapshot!(run.stderr);
    assert!(
        !project.read("src/ws/chat/desk.rs").contains("on_news"),
        "the user's file was changed"
    );
}

#[test]
fn a_handler_without_its_trait_is_reported() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let mine = project.read("src/ws/chat/desk.rs");
    project.remove("src/ws/chat/desk.rs");
    project.write("src/ws/chat/counter.rs", mine);
    project.write("specs/chat.yaml", HANDLED.replace("desk:", "counter:"));
    let run = project.done(&["ws"]);
    let note = "note: src/ws/chat/counter.rs has no `impl CounterHandler for Counter`";
    assert!(run.stderr.contains(note), "{}", run.stderr);
}

#[test]
fn a_handler_may_be_a_folder_with_a_mod_rs() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let mine = project.read("src/ws/chat/desk.rs");
    project.remove("src/ws/chat/desk.rs");
    project.write("src/ws/chat/desk/mod.rs", mine);
    let run = project.done(&["ws"]);
    assert!(
        !project.exists("src/ws/chat/desk.rs"),
        "two files for one module"
    );
    assert!(!run.stderr.contains("not used"), "{}", run.stderr);
}

#[test]
fn a_handler_of_any_shape_does_not_matter() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let deep = format!(
        "fn x() {{ {}{} }}",
        "(".repeat(200_000),
        ")".repeat(200_000)
    );
    project.write(
        "src/ws/chat/desk.rs",
        format!("impl DeskHandler for Desk {{}}\n{deep}"),
    );
    let run = project.done(&["ws"]);
    assert!(run.stderr.contains("lacks methods"), "{}", run.stderr);
}

#[test]
fn a_method_counts_however_it_is_written_but_not_in_a_comment() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let own = project.read("src/ws/chat/desk.rs");
    for (text, is_complete) in [
        (own.replace("fn on_message(", "fn on_message<'a>("), true),
        (own.replace("DeskHandler for", "DeskHandler\n    for"), true),
        (
            own.replace("DeskHandler,", "DeskHandler as Trait,")
                .replace("DeskHandler for", "Trait for"),
            true,
        ),
        (
            own.replace(
                "    async fn on_message(",
                "    // fn on_message() {}\n    async fn other<'a>(",
            ),
            false,
        ),
        (own.replace("fn on_message(", "fn other("), false),
    ] {
        project.write("src/ws/chat/desk.rs", &text);
        let run = project.done(&["ws"]);
        assert_eq!(
            !run.stderr.contains("note"),
            is_complete,
            "{text}\n{}",
            run.stderr
        );
    }
}
