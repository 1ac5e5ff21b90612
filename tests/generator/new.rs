//! `autumn-gen new`.

use crate::support::{Project, finish, repository};
use std::fs;

#[test]
fn a_new_project_is_complete_and_overwrites_nothing() {
    let project = Project::new();
    project.done(&["new", "demo"]);
    for path in [
        "Cargo.toml",
        "README.md",
        ".gitignore",
        "specs/chat.yaml",
        "specs/.schema.json",
        "src/main.rs",
        "src/tests.rs",
        "src/ws/mod.rs",
        "src/ws/chat.rs",
        "src/ws/chat/greeter.rs",
    ] {
        assert!(project.exists(&format!("demo/{path}")), "{path} is missing");
    }
    // The project around it is a workspace, to which the new one does not belong.
    assert!(project.read("demo/Cargo.toml").contains("\n[workspace]\n"));
    assert_eq!(
        project
            .run(&["ws", "--check", "--manifest-path", "demo/Cargo.toml"])
            .code,
        0
    );
    let again = project.run(&["new", "demo"]);
    assert_eq!(again.code, 4);
    assert!(
        again.stderr.contains("`demo` is a package already"),
        "{}",
        again.stderr
    );
    for (name, why) in [
        ("build", "cargo has a folder of that name"),
        ("core", "a crate that comes with Rust has that name"),
        ("tokio", "it will depend on a package of that name"),
        ("nul", "Windows keeps it for a device"),
        ("fn", "it is a keyword of Rust"),
        ("über", "it does not begin with a letter"),
    ] {
        let run = project.run(&["new", name]);
        assert_eq!(run.code, 3, "{name}");
        assert!(run.stderr.contains(why), "{name}: {}", run.stderr);
        assert!(!project.exists(name));
    }
    let entries = fs::read_dir(project.path()).unwrap().count();
    assert_eq!(entries, 2, "something was left beside Cargo.toml and demo");
}

#[cfg(unix)]
#[test]
fn a_new_project_fills_the_empty_current_folder() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    let project = Project::new();
    let folder = project.at("demo");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    let identity = || {
        let metadata = fs::metadata(&folder).unwrap();
        (metadata.ino(), metadata.mode())
    };
    let before = identity();
    let run = finish(project.command(&["new", "."]).current_dir(&folder));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(identity(), before, "the folder was replaced");
    assert!(
        run.stderr.contains("Created project `demo`"),
        "{}",
        run.stderr
    );
    let names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 6, "{names:?}");
    let again = finish(project.command(&["new", "."]).current_dir(&folder));
    assert_eq!(again.code, 4);
    for part in [
        "error: this is a package already\n",
        "help: put a spec in specs/ and run `autumn-gen ws`",
    ] {
        assert!(again.stderr.contains(part), "{}", again.stderr);
    }
}

#[test]
fn a_new_project_keeps_what_is_in_its_folder() {
    let project = Project::new();
    project.write("demo/.git/HEAD", "ref: refs/heads/main\n");
    project.write("demo/LICENSE", "mine\n");
    project.write("demo/README.md", "# Mine\n");
    project.write("demo/.gitignore", "*.log\ntarget/");
    project.write("demo/.gitattributes", "*.png binary");
    project.write("demo/src/notes.txt", "mine\n");
    project.done(&["new", "demo"]);
    for (path, text) in [
        ("demo/.git/HEAD", "ref: refs/heads/main\n"),
        ("demo/LICENSE", "mine\n"),
        ("demo/README.md", "# Mine\n"),
        ("demo/.gitignore", "*.log\ntarget/"),
        ("demo/src/notes.txt", "mine\n"),
    ] {
        assert_eq!(project.read(path), text, "{path}");
    }
    let attributes = project.read("demo/.gitattributes");
    assert!(attributes.starts_with("*.png binary\n"), "{attributes}");
    assert!(
        attributes.ends_with("\nsrc/ws/** text eol=lf\n"),
        "{attributes}"
    );
    let check = project.run(&["ws", "--check", "--manifest-path", "demo/Cargo.toml"]);
    assert_eq!(check.code, 0, "{}", check.stderr);
}

#[test]
fn a_new_project_names_every_file_that_it_would_overwrite() {
    let project = Project::new();
    project.write("demo/src/main.rs", "fn main() {}\n");
    project.write("demo/specs", "a file, and not a folder\n");
    let before = project.tree();
    let run = project.run(&["new", "demo"]);
    assert_eq!(run.code, 4);
    let message = "`specs`, `src/main.rs` exist already, and a new project overwrites nothing";
    assert!(run.stderr.contains(message), "{}", run.stderr);
    assert_eq!(project.tree(), before);
    project.write("file", "");
    let run = project.run(&["new", "file"]);
    assert_eq!(run.code, 4);
    assert!(
        run.stderr.contains("`file` exists already"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_next_steps_work_as_they_are_printed() {
    let project = Project::new();
    let run = project.done(&["new", "published"]);
    assert!(
        run.stderr.contains("`cargo run` works once"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("run it with"), "{}", run.stderr);
    let runtime = repository().join("runtime").display().to_string();
    let run = project.done(&["new", "demo", "--runtime-path", &runtime]);
    let command = format!("run `{} ws`", env!("CARGO_BIN_EXE_autumn-gen"));
    for part in ["run it with `cd demo && cargo run`", &command] {
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
}

#[test]
fn a_new_package_becomes_a_member_if_the_workspace_says_so() {
    let project = Project::new();
    project.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"other\"]\n",
    );
    project.write(
        "crates/a/Cargo.toml",
        "[package]\nname = \"a\"\nversion = \"0.1.0\"\n",
    );
    project.write("crates/a/src/lib.rs", "");
    for (path, is_own_workspace) in [
        ("crates/demo", false),
        ("demo", true),
        ("other/demo", false),
    ] {
        project.done(&["new", path]);
        let manifest = project.read(&format!("{path}/Cargo.toml"));
        assert_eq!(manifest.contains("[workspace]"), is_own_workspace, "{path}");
    }
    let mut cargo = std::process::Command::new(env!("CARGO"));
    let metadata = [
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
    ];
    let run = finish(cargo.args(metadata).current_dir(project.path()));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("crates/demo"), "{}", run.stdout);
}
