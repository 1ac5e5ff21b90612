//! The library, as build scripts use it.

use crate::support::{ECHO, Project};
use autumn_gen::{Error, Mode, Overrides, generate, write};

/// What a build script does, but for what it prints.
fn build(project: &Project) -> Result<(), Error> {
    let found = autumn_gen::Project::find(project.path(), &Overrides::default())?;
    let generated = generate(&found)?;
    write(&found, &generated, None, Mode::Write).map(drop)
}

/// `main` prints the errors that it returns by `Debug`.
fn printed(project: &Project) -> String {
    format!("Error: {:?}", build(project).unwrap_err())
}

#[test]
fn a_build_script_prints_what_is_wrong_and_where() {
    let project = Project::with_spec(
        "chat.yaml",
        ECHO.replace("on_message: echo", "on_message: ecko"),
    );
    let message = printed(&project);
    for part in [
        "\nerror[E0",
        "--> specs/chat.yaml:3:",
        "did you mean `echo`?",
    ] {
        assert!(message.contains(part), "{message}");
    }
    project.write("specs/chat.yaml", ECHO);
    build(&project).unwrap();
    project.write(
        "src/ws/chat.rs",
        project.read("src/ws/chat.rs") + "// Mine.\n",
    );
    let message = printed(&project);
    assert!(
        message.contains("src/ws/chat.rs: edited by hand"),
        "{message}"
    );
    assert!(message.contains("`autumn-gen ws` says"), "{message}");
    project.remove("specs/chat.yaml");
    project.remove("src/ws/chat.rs");
    project.remove("src/ws/mod.rs");
    let message = printed(&project);
    assert!(message.contains("= help: "), "{message}");
}

#[test]
fn a_build_script_depends_on_everything_that_changes_its_output() {
    let project = Project::new();
    project.write("Cargo.toml", "[workspace]\nmembers = [\"app\"]\n");
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[package.metadata.autumn-gen]\nspecs = \"../api\"\n";
    project.write("app/Cargo.toml", manifest);
    let inputs = |overrides: &Overrides| -> Vec<String> {
        let found = autumn_gen::Project::find(&project.at("app"), overrides).unwrap();
        let shown = found.inputs().map(|path| found.shown(path));
        shown.collect()
    };
    let in_place = inputs(&Overrides::default());
    assert_eq!(
        in_place,
        ["Cargo.toml", "../Cargo.toml", "../api", "src/ws"]
    );
    let aside = inputs(&Overrides {
        out: Some("/elsewhere/ws".into()),
        ..Overrides::default()
    });
    assert_eq!(aside, ["Cargo.toml", "../Cargo.toml", "../api"]);
}

/// Tests have no `OUT_DIR`, as any program that cargo does not run as a build script.
#[test]
fn only_a_build_script_builds() {
    let error = autumn_gen::build().unwrap_err().to_string();
    assert!(
        error.contains("call `autumn_gen::build` from a build script"),
        "{error}"
    );
}
