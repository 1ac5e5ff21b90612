//! `autumn-gen new`: a project that runs.

use super::{args::New, shell::Shell};
use crate::{
    compile::generate,
    error::{Environment, Error},
    output::{Mode, stage::replace, write},
    project::{Overrides, Project},
    schema::json_schema,
};
use askama::Template;
use std::path::Path;

#[derive(Template)]
#[template(path = "new/manifest.toml")]
struct Manifest<'a> {
    name: &'a str,
    runtime: &'a str,
    runtime_for_tests: &'a str,
    is_in_workspace: bool,
}

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
    let path = std::path::absolute(&new.path)
        .map_err(|error| Environment::io("create", &new.path, error))?;
    let name = package_name(&path)?;
    refuse_existing(&path, &new.path)?;
    let parent = path.parent().unwrap_or(Path::new("/"));
    std::fs::create_dir_all(parent).map_err(|error| Environment::io("create", parent, error))?;
    let manifest = manifest(&name, &path, new.runtime_path.as_deref())?;
    // The project is made beside its place and moved there when it is whole.
    let folder =
        temporary_folder(parent).map_err(|error| Environment::io("create", &path, error))?;
    fill(folder.path(), &name, &manifest)?;
    let folder = folder.keep();
    std::fs::rename(&folder, &path).map_err(|error| Environment::io("create", &path, error))?;
    if new.runtime_path.is_none() {
        shell
            .note("the runtime is taken from crates.io, where it has to be first; `--runtime-path` takes it from a checkout");
    }
    shell.status(
        "Created",
        &format!("project `{name}` in {}", new.path.display()),
    );
    shell.note(&format!(
        "run it with `cd {} && cargo run`, then connect to ws://127.0.0.1:3000/echo; change specs/chat.yaml and run `autumn-gen ws`",
        new.path.display()
    ));
    Ok(0)
}

/// The last part of the path, if cargo takes it as the name of a package with our dependencies.
fn package_name(path: &Path) -> Result<String, Error> {
    const TAKEN: &[&str] = &[
        "alloc",
        "autumn-ws",
        "autumn_ws",
        "axum",
        "core",
        "proc_macro",
        "serde",
        "std",
        "test",
        "tokio",
    ];
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let is_keyword = syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_err();
    if is_plain && !is_keyword && !TAKEN.contains(&name.as_str()) {
        return Ok(name);
    }
    let help = "begin with a letter, go on with letters, digits, `-` and `_`; no keyword of Rust and no dependency's name";
    Err(Environment::new(format!("`{name}` cannot be the name of a package"), help).into())
}

/// An empty folder may be there already.
fn refuse_existing(path: &Path, shown: &Path) -> Result<(), Error> {
    let is_free = match std::fs::symlink_metadata(path) {
        Err(_) => true,
        Ok(metadata) => {
            metadata.is_dir()
                && std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
        }
    };
    if is_free {
        return Ok(());
    }
    Err(Error::Occupied(shown.to_owned()))
}

fn manifest(name: &str, path: &Path, runtime: Option<&Path>) -> Result<String, Error> {
    let version = concat!(
        env!("CARGO_PKG_VERSION_MAJOR"),
        ".",
        env!("CARGO_PKG_VERSION_MINOR")
    );
    let (runtime, runtime_for_tests) = match runtime {
        None => (
            format!("\"{version}\""),
            format!("{{ version = \"{version}\", features = [\"testing\"] }}"),
        ),
        Some(runtime) => {
            let relative = relative(path, runtime)?;
            let relative = toml::Value::String(relative);
            (
                format!("{{ path = {relative} }}"),
                format!("{{ path = {relative}, features = [\"testing\"] }}"),
            )
        }
    };
    let manifest = Manifest {
        name,
        runtime: &runtime,
        runtime_for_tests: &runtime_for_tests,
        is_in_workspace: path.ancestors().skip(1).any(is_workspace),
    };
    Ok(manifest.render().map_err(|error| Error::bug(&error))? + "\n")
}

/// The way from a folder that is to be created to the runtime crate.
fn relative(from: &Path, runtime: &Path) -> Result<String, Error> {
    let io = |error| Environment::io("find the runtime crate in", runtime, error);
    let runtime = runtime.canonicalize().map_err(io)?;
    if !runtime.join("Cargo.toml").is_file() {
        let message = format!("there is no crate in `{}`", runtime.display());
        return Err(Environment::new(
            message,
            "give `--runtime-path` the folder `runtime` of a checkout of autumn-gen",
        )
        .into());
    }
    let Some((existing, rest)) = from
        .ancestors()
        .find_map(|folder| Some((folder.canonicalize().ok()?, from.strip_prefix(folder).ok()?)))
    else {
        return Ok(runtime.display().to_string());
    };
    Ok(crate::paths::relative(&existing.join(rest), &runtime))
}

fn is_workspace(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest
        .parse::<toml::Table>()
        .is_ok_and(|table| table.contains_key("workspace"))
}

fn temporary_folder(parent: &Path) -> std::io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".autumn-gen-");
    // A temporary folder is its owner's alone; a project's is what the umask says.
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
        // Named by the first line of the spec: editors complete and check it.
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
