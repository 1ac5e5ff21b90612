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
            ":\n    cargo add --path ../autumn-gen/runtime\n    cargo add axum\n    cargo add serde --features derive\n",
        ] {
            assert!(run.stderr.contains(line), "{}", run.stderr);
        }
    }
    project.write("src/main.rs", "pub mod ws;\n\nfn main() {}\n");
    let manifest = project.read("Cargo.toml");
    let dependencies = "[dependencies]\naxum = \"0.8\"\n[dependencies.serde]\nversion = \"1\"\nfeatures = [\"derive\"]\n[target.'cfg(unix)'.dependencies]\nautumn_ws = \"0.1\"\n";
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

#[test]
fn missing_features_are_reported_with_the_command_that_adds_them() {
    let spec = "version: 1\nendpoints:\n  desk: { path: /desk, query: { name: String } }\n";
    let project = Project::with_spec("chat.yaml", spec);
    project.write("src/main.rs", "mod ws;\n\nfn main() {}\n");
    let manifest = project.read("Cargo.toml");
    let note = |dependencies: &str| {
        let text = format!("{manifest}[dependencies]\nautumn-ws = \"0.1\"\n{dependencies}");
        project.write("Cargo.toml", text);
        project.done(&["ws"]).stderr
    };
    let complete = "axum = \"0.8\"\nserde = { version = \"1\", features = [\"derive\"] }\n";
    assert!(!note(complete).contains("cargo add"));
    let bare = "axum = { version = \"0.8\", default-features = false }\nmy_ser = { package = \"serde\", version = \"1\" }\n";
    let commands = "\n    cargo add axum --features query\n    cargo add serde --rename my_ser --features derive\n";
    let said = note(bare);
    assert!(said.contains(commands), "{said}");
    let inherited = "axum = { workspace = true }\nserde.workspace = true\n[workspace.dependencies]\naxum = { version = \"0.8\", default-features = false, features = [\"query\"] }\nserde = { version = \"1\", features = [\"derive\"] }\n";
    let said = note(inherited);
    assert!(!said.contains("cargo add"), "{said}");
}

#[test]
fn an_edition_without_async_is_reported() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    let manifest = project.read("Cargo.toml");
    for (edition, is_reported) in [
        ("", true),
        ("edition = \"2015\"", true),
        ("edition = \"2018\"", false),
        (
            "edition.workspace = true\n[workspace.package]\nedition = \"2021\"",
            false,
        ),
    ] {
        project.write(
            "Cargo.toml",
            manifest.replace("edition = \"2024\"", edition),
        );
        project.write("src/main.rs", "fn main() {}\n");
        let said = project.done(&["ws"]).stderr;
        assert_eq!(
            said.contains("a later edition"),
            is_reported,
            "{edition}: {said}"
        );
    }
}

#[test]
fn a_declaration_in_a_comment_does_not_count() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    for (code, is_declared) in [
        ("// mod ws;", false),
        ("const HOW: &str = \"mod ws;\";", false),
        ("pub(crate) mod ws;", true),
        ("#[path = \"ws/mod.rs\"]\nmod sockets;", true),
        ("mod ws { include!(\"ws/mod.rs\"); }", true),
    ] {
        project.write("src/main.rs", format!("{code}\n\nfn main() {{}}\n"));
        let said = project.done(&["ws"]).stderr;
        assert_ne!(
            said.contains("add `mod ws;`"),
            is_declared,
            "{code}: {said}"
        );
    }
}
