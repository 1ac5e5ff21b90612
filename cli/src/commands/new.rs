//! `autumn-gen new`: a project that runs.

mod manifest;
mod name;
mod place;

use self::{
    manifest::manifest,
    name::package_name,
    place::{check_folder, move_files},
};
use super::{args::New, shell::Shell};
use crate::{
    compile::generate,
    error::{Environment, Error},
    output::{Mode, replace, write},
    paths::{normal, quoted},
    project::{Overrides, Project},
    schema::json_schema,
};
use askama::Template;
use std::{fs, io, path::Path};

#[derive(Template)]
#[template(path = "new/README.md")]
struct Readme<'a> {
    name: &'a str,
}

/// Files that are the same in every new project.
const FILES: &[(&str, &str)] = &[
    (
        ".gitattributes",
        include_str!("../../templates/new/gitattributes.txt"),
    ),
    (
        ".gitignore",
        include_str!("../../templates/new/gitignore.txt"),
    ),
    (
        "specs/chat.yaml",
        include_str!("../../templates/new/specs/chat.yaml"),
    ),
    (
        "src/main.rs",
        include_str!("../../templates/new/src/main.rs"),
    ),
    (
        "src/tests.rs",
        include_str!("../../templates/new/src/tests.rs"),
    ),
];

pub(super) fn run(new: &New, shell: &Shell) -> Result<u8, Error> {
    let io = |error| Environment::io("create", &new.path, error);
    let path = normal(&std::path::absolute(&new.path).map_err(io)?);
    let name = package_name(&path)?;
    check_folder(&path, &new.path)?;
    let manifest = manifest(&name, &path, new.runtime_path.as_deref())?;
    let is_there = path.is_dir();
    let folder = if is_there {
        path.as_path()
    } else {
        path.parent().unwrap_or(Path::new("/"))
    };
    fs::create_dir_all(folder).map_err(io)?;
    // The project is written to a temporary folder, and moved into its place when it is complete.
    let temporary = temporary_folder(folder).map_err(io)?;
    fill(temporary.path(), &name, &manifest)?;
    if is_there {
        move_files(temporary.path(), &path)?;
    } else {
        fs::rename(temporary.keep(), &path).map_err(io)?;
    }
    explain(new, &name, shell);
    Ok(0)
}

fn explain(new: &New, name: &str, shell: &Shell) {
    let path = new.path.display().to_string();
    shell.status("Created", &format!("project `{name}` in {path}"));
    if new.runtime_path.is_none() {
        shell.note("`cargo run` works once the runtime is on crates.io; until then, give `autumn-ws` in Cargo.toml the path of the folder `runtime` in a checkout of autumn-gen, as `--runtime-path` does");
        return;
    }
    let enter = if path == "." {
        String::new()
    } else {
        format!("cd {} && ", quoted(&path))
    };
    shell.note(&format!(
        "run it with `{enter}cargo run`, then connect to ws://127.0.0.1:3000/echo; change specs/chat.yaml and run `{} ws`",
        this_program()
    ));
}

/// How to run this program again, from any folder: by its name where it was found by its name, else by its path.
fn this_program() -> String {
    const NAME: &str = env!("CARGO_PKG_NAME");
    let called = std::env::args_os().next().unwrap_or_default();
    if Path::new(&called).components().count() == 1 {
        return NAME.to_owned();
    }
    match std::env::current_exe() {
        Ok(path) => quoted(&path.display().to_string()),
        Err(_) => NAME.to_owned(),
    }
}

fn temporary_folder(parent: &Path) -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".autumn-gen-");
    // A temporary folder is its owner's alone; who may read a project's is up to the umask.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.tempdir_in(parent)
}

fn fill(folder: &Path, name: &str, manifest: &str) -> Result<(), Error> {
    let readme = Readme { name }
        .render()
        .map_err(|error| Error::bug(&error))?
        + "\n";
    let schema = json_schema();
    let own = [
        ("Cargo.toml", manifest),
        ("README.md", &readme),
        // The first line of the spec names it, so that editors complete and check the spec.
        ("specs/.schema.json", &schema),
    ];
    for (path, text) in FILES.iter().copied().chain(own) {
        let path = folder.join(path);
        replace(&path, text.as_bytes()).map_err(|error| Environment::io("write", &path, error))?;
    }
    let project = Project::find(folder, &Overrides::default())?;
    let generated = generate(&project)?;
    write(&project, &generated, None, Mode::Write)?;
    Ok(())
}
