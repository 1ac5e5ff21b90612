//! Specs of a project as a whole, and inputs that are barely specs.

use crate::support::{ECHO, Project};

#[test]
fn mistakes_across_specs_name_both_places() {
    let project = Project::with_spec(
        "a.yaml",
        "version: 1\nstate: crate::App\nchannels: { room: \"room:{id}\" }\nendpoints:\n  one: { path: \"/x/{id}\", subscribe: [room], on_message: echo }\n",
    );
    project.write("specs/b.yaml", "version: 1\nchannels: { hall: \"room:hall\" }\nendpoints:\n  two: { path: \"/x/{other}\", subscribe: [hall], on_message: echo }\n");
    project.write("specs/c-d.yaml", ECHO);
    project.write("specs/c_d.yaml", ECHO.replace("/echo", "/other"));
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn a_spec_may_not_have_the_name_of_a_crate_used_in_types() {
    let project = Project::with_spec("sample.yaml", format!("state: sample::App\n{ECHO}"));
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("a spec cannot be called `sample`"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_state_is_a_type_that_the_application_can_write_from_ref_for() {
    for state in [
        "crate::App",
        "shared::App",
        "Box<crate::App>",
        "std::sync::Arc<crate::App>",
        "::std::sync::Arc<shared::App>",
        "std::sync::Arc<std::sync::Arc<crate::App>>",
    ] {
        let project = Project::with_spec("chat.yaml", format!("state: {state}\n{ECHO}"));
        project.done(&["ws"]);
        let own = state
            .trim_start_matches("::")
            .trim_start_matches("std::sync::Arc<")
            .trim_end_matches(['>']);
        let own = own.replace("Box<crate::App", "Box<crate::App>");
        let help = format!("implement this for `{own}`");
        assert!(project.read("src/ws/mod.rs").contains(&help), "{state}");
    }
    for state in [
        "String",
        "Vec<crate::App>",
        "std::sync::Mutex<crate::App>",
        "std::sync::Arc<std::sync::Mutex<crate::App>>",
        "std::sync::Arc<tokio::sync::RwLock<crate::App>>",
        "std::sync::Arc<(crate::App, u32)>",
        "axum::Extension<crate::App>",
    ] {
        let project = Project::with_spec("chat.yaml", format!("state: {state}\n{ECHO}"));
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 2, "{state}");
        let help = "write `state: crate::App`, or `state: std::sync::Arc<crate::App>`";
        assert!(run.stderr.contains(help), "{}", run.stderr);
    }
}

#[test]
fn a_spec_is_not_called_like_a_device_of_windows() {
    for path in ["con.yaml", "admin/aux.yaml", "prn/chat.yaml", "com1.yml"] {
        let project = Project::with_spec(path, ECHO);
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 2, "{path}");
        let help = format!("rename `specs/{path}`");
        assert!(run.stderr.contains(&help), "{}", run.stderr);
    }
    for path in ["console.yaml", "com10.yaml", "nulls.yaml"] {
        Project::with_spec(path, ECHO).done(&["ws"]);
    }
}

#[test]
fn a_warning_stops_nothing() {
    let project = Project::with_spec(
        "chat.yaml",
        format!("{ECHO}defaults: {{ origins: [\"null\"] }}\n"),
    );
    let run = project.done(&["ws"]);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(project.done(&["ws", "-q"]).stderr, "");
}

#[test]
fn a_spec_that_is_not_text_is_reported() {
    let project = Project::with_spec("binary.yaml", [0xff, 0xfe, 0x00]);
    project.write("specs/zero.yaml", "version: 1\0");
    project.write("specs/large.yaml", vec![b'#'; 10 * 1024 * 1024]);
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr);
}

/// A scanner that looks at every open bracket again for each token would take most of an hour.
#[test]
fn a_spec_of_brackets_is_refused_at_once() {
    for before in [
        "",
        "a: ",
        "a:\n- ",
        "a: [\"]\", ']', it's, # ]\n",
        "a: |\n  x\nb: ",
    ] {
        let start = format!("version: 1\n{before}");
        let project = Project::with_spec(
            "deep.yaml",
            start.clone() + &"[".repeat((1 << 20) - start.len()),
        );
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 2, "{before:?}");
        assert!(run.stderr.contains("nested too deeply"), "{}", run.stderr);
    }
}

#[test]
fn a_description_of_brackets_is_a_description() {
    let start = ECHO.to_owned() + "description: \"";
    for piece in ["[", "[a](", "[a](/"] {
        let pieces = piece.repeat(((1 << 20) - start.len() - 2) / piece.len());
        let project = Project::with_spec("deep.yaml", format!("{start}{pieces}\"\n"));
        project.done(&["ws"]);
    }
}
