//! What the package around generated code calls the crates that it needs, and what it lacks.

use crate::support::{HANDLED, Project};

#[test]
fn missing_dependencies_are_reported_with_the_line_to_add() {
    let spec = "version: 1\nendpoints:\n  desk: { path: \"/desk/{id}\" }\n";
    let project = Project::with_spec("chat.yaml", spec);
    project.write("src/main.rs", "fn main() {}\n");
    for arguments in [&["ws"][..], &["ws", "--check"]] {
        let run = project.done(arguments);
        for line in [
            "add `mod ws;` to src/main.rs",
            "cargo add autumn-ws && cargo add axum && cargo add serde --features derive",
        ] {
            assert!(run.stderr.contains(line), "{}", run.stderr);
        }
    }
    project.write("src/main.rs", "pub mod ws;\n\nfn main() {}\n");
    let manifest = project.read("Cargo.toml");
    let dependencies = "[dependencies]\naxum = \"0.8\"\n[dependencies.serde]\nversion = \"1\"\n[target.'cfg(unix)'.dependencies]\nautumn_ws = \"0.1\"\n";
    project.write("Cargo.toml", manifest + dependencies);
    let run = project.done(&["ws"]);
    assert!(!run.stderr.contains("note"), "{}", run.stderr);
}

#[test]
fn generated_code_names_crates_as_the_settings_do() {
    let spec = "version: 1\nendpoints:\n  desk: { path: \"/desk/{id}\" }\n";
    let project = Project::with_spec("chat.yaml", spec);
    let manifest = project.read("Cargo.toml");
    let crates = "[dependencies]\nframework = \"1\"\nautumn-ws = \"0.1\"\n[package.metadata.autumn-gen.crates]\naxum = \"framework::axum\"\nserde = \"framework::serde\"\n";
    project.write("Cargo.toml", format!("{manifest}{crates}"));
    project.write("src/main.rs", "mod ws;\n\nfn main() {}\n");
    let run = project.done(&["ws"]);
    assert!(!run.stderr.contains("cargo add"), "{}", run.stderr);
    let module = project.read("src/ws/chat.rs");
    for line in [
        "use framework::axum::{",
        "#[derive(framework::serde::Deserialize)]\n#[serde(crate = \"framework::serde\")]",
    ] {
        assert!(module.contains(line), "{line}:\n{module}");
    }
    let wrong = crates.replace("framework::axum", "my-axum");
    project.write("Cargo.toml", format!("{manifest}{wrong}"));
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("`crates.axum = \"my-axum\"` is not a path"),
        "{}",
        run.stderr
    );
}

#[test]
fn no_module_hides_a_crate_with_another_name() {
    let project = Project::with_spec("web.yaml", HANDLED);
    let dependency = "[dependencies]\nweb = { package = \"axum\", version = \"0.8\" }\n";
    project.write("Cargo.toml", project.read("Cargo.toml") + dependency);
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("a spec cannot be called `web`"),
        "{}",
        run.stderr
    );
}
