//! Hand-written handlers: what they lack, and what becomes of them when their endpoint changes.

use crate::support::{ECHO, HANDLED, Project};

#[test]
fn a_handler_that_lacks_a_method_is_told_with_the_stub() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    project.write("specs/chat.yaml", "version: 1\nchannels: { news: }\nendpoints:\n  desk: { path: /desk, subscribe: { news: handle }, shutdown: { notify: handle } }\n");
    let run = project.done(&["ws"]);
    insta::assert_snapshot!(run.stderr);
    assert!(
        !project.read("src/ws/chat/desk.rs").contains("on_news"),
        "the user's file was touched"
    );
}

#[test]
fn a_handler_without_its_trait_is_told() {
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
fn a_renamed_endpoint_leaves_its_code_and_says_so() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let mine = project.read("src/ws/chat/desk.rs") + "// who may enter\n";
    project.write("src/ws/chat/desk.rs", &mine);
    project.write("src/ws/chat/desk/parts.rs", "// declared by desk.rs\n");
    project.write("specs/chat.yaml", HANDLED.replace("desk:", "counter:"));
    let run = project.done(&["ws"]);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(project.read("src/ws/chat/desk.rs"), mine);
    let again = project.run(&["ws", "--check"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(
        again
            .stderr
            .contains("warning: src/ws/chat/desk.rs is not used by any spec"),
        "{}",
        again.stderr
    );
}

#[test]
fn a_removed_endpoint_takes_nothing_of_the_users_along() {
    let project = Project::with_spec(
        "chat.yaml",
        format!("{HANDLED}  echo: {{ path: /echo, on_message: echo }}\n"),
    );
    project.done(&["ws"]);
    project.write("specs/chat.yaml", ECHO);
    let run = project.done(&["ws"]);
    assert!(!project.read("src/ws/chat.rs").contains("mod desk;"));
    assert!(project.exists("src/ws/chat/desk.rs"));
    assert!(run.stderr.contains("src/ws/chat/desk.rs is not used by any spec, and so not compiled; move it, or delete it"), "{}", run.stderr);
}
