//! Characters that nobody sees, in names, texts and arguments: every message shows them.

use crate::support::{ECHO, HANDLED, Project, Run};

/// Turns the direction of text.
const TURN: char = '\u{202e}';

/// Makes a terminal write in red.
const RED: &str = "\u{1b}[31m";

/// What a run says, which has no such character as it is.
#[track_caller]
fn said(run: &Run) -> String {
    let said = format!("{}{}", run.stdout, run.stderr);
    let is_raw = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == TURN;
    assert!(!said.contains(is_raw), "{said:?}");
    said
}

#[test]
fn in_names_of_specs() {
    for name in [format!("ch{TURN}at"), format!("ch{RED}at")] {
        let project = Project::with_spec(&format!("{name}.yaml"), ECHO);
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 2);
        assert!(said(&run).contains("specs/ch\\u{"), "{}", run.stderr);
    }
}

#[test]
fn in_paths_on_the_command_line() {
    let project = Project::with_spec("chat.yaml", ECHO);
    for arguments in [
        vec![format!("specs/{RED}.yaml")],
        vec!["--specs".to_owned(), format!("{RED}specs")],
        vec!["--manifest-path".to_owned(), format!("{TURN}/Cargo.toml")],
        vec!["-p".to_owned(), format!("{RED}app")],
        vec![format!("--{RED}")],
    ] {
        let mut all = vec!["ws"];
        all.extend(arguments.iter().map(String::as_str));
        let run = project.run(&all);
        assert_eq!(run.code, 3);
        assert!(said(&run).contains("\\u{"), "{}", run.stderr);
    }
    let out = format!("src/{TURN}ws");
    for arguments in [
        &["ws", "--out", &out][..],
        &["ws", "--stdout", "--out", &out],
    ] {
        let run = project.done(arguments);
        assert!(said(&run).contains("src/\\u{202e}ws/chat.rs"));
    }
}

#[test]
fn in_names_of_packages_and_settings() {
    let project = Project::new();
    let run = project.run(&["new", &format!("app{RED}")]);
    assert!(said(&run).contains("app\\u{1b}"), "{}", run.stderr);

    let project = Project::with_spec("chat.yaml", ECHO);
    let manifest = project.read("Cargo.toml");
    let setting = "[package.metadata.autumn-gen]\nspecs = \"\\u001b[31m\"\n";
    project.write("Cargo.toml", manifest + setting);
    let run = project.run(&["ws"]);
    assert!(said(&run).contains("`\\u{1b}[31m`"), "{}", run.stderr);
}

#[test]
fn in_a_notice() {
    let project = Project::with_spec("chat.yaml", ECHO);
    let manifest = project.read("Cargo.toml");
    let setting = "[package.metadata.autumn-gen]\nheader = \"© ACME\\u202e\\u001b\"\n";
    project.write("Cargo.toml", manifest + setting);
    project.done(&["ws"]);
    let code = project.read("src/ws/chat.rs");
    assert!(code.starts_with("// © ACME\\u{202e}\\u{1b}\n"), "{code}");
    project.done(&["ws", "--check"]);
}

#[test]
fn in_differences_and_handlers_out_of_use() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let code = project.read("src/ws/chat.rs");
    project.write("src/ws/chat.rs", format!("{code}// {TURN}{RED}\n"));
    let run = project.run(&["ws", "--check", "--diff"]);
    assert!(said(&run).contains("-// \\u{202e}\\u{1b}[31m"), "{run:?}");
    project.write("src/ws/chat.rs", code);

    let moved = format!("src/ws/{RED}/desk.rs");
    project.write(&moved, project.read("src/ws/chat/desk.rs"));
    project.remove("src/ws/chat/desk.rs");
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 4);
    assert!(said(&run).contains("\\u{1b}[31m/desk.rs"), "{run:?}");
}
