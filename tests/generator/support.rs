//! What the tests of the generator share: the repository, and projects in temporary folders.

use autumn_gen::{Discovered, Error, File, Surroundings, generate_from};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use walkdir::WalkDir;

/// The root of this repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// The specs in a folder of the repository, sorted.
pub fn specs(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository().join(folder)).unwrap();
    let mut specs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    specs.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    });
    specs.sort();
    assert!(!specs.is_empty(), "{folder} has no specs");
    specs
}

/// The name of a spec without its ending.
pub fn stem(spec: &Path) -> String {
    spec.file_stem().unwrap().to_string_lossy().into_owned()
}

/// Generates the files of one spec, as if it stood alone in a project.
pub fn generate_alone(spec: &Path) -> Result<Vec<File>, Error> {
    let mut discovered = Discovered::default();
    let name = spec.file_name().unwrap().to_string_lossy();
    discovered.add(
        &format!("specs/{name}"),
        vec![stem(spec)],
        Some(fs::read(spec).unwrap()),
    );
    let generated = generate_from(&discovered, &Surroundings::default())?;
    Ok(generated.files)
}

/// Generates the files of all specs in a folder and below it.
pub fn generate_folder(folder: &Path) -> Result<Vec<File>, Error> {
    let mut discovered = Discovered::default();
    for (below, text) in specs_below(folder) {
        let module = below.with_extension("");
        let module = module
            .iter()
            .map(|part| part.to_string_lossy().into_owned());
        let path = format!("specs/{}", below.display());
        discovered.add(&path, module.collect(), Some(text.into_bytes()));
    }
    let generated = generate_from(&discovered, &Surroundings::default())?;
    Ok(generated.files)
}

/// The specs in a folder and below it, each with its path in there.
pub fn specs_below(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    let paths = entries.map(|entry| entry.unwrap().into_path());
    let specs = paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(folder).unwrap().to_owned(), text)
    };
    specs.map(read).collect()
}

/// A cargo project in a temporary folder.
pub struct Project {
    folder: tempfile::TempDir,
}

/// The results of a run of the tool.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

pub const ECHO: &str = "version: 1\nendpoints:\n  echo: { path: /echo, on_message: echo }\n";
pub const HANDLED: &str = "version: 1\nendpoints:\n  desk: { path: /desk }\n";

impl Project {
    pub fn new() -> Self {
        let project = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        project.write(
            "Cargo.toml",
            "[package]\nname = \"sample\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
        );
        project
    }

    pub fn with_spec(name: &str, text: impl AsRef<[u8]>) -> Self {
        let project = Self::new();
        project.write(&format!("specs/{name}"), text);
        project
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn exists(&self, path: &str) -> bool {
        self.at(path).exists()
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.at(path)).unwrap();
    }

    /// Every file below `src`, with its text, sorted.
    pub fn tree(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        let mut folders = vec![self.at("src")];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(&folder) else {
                continue;
            };
            for path in entries.map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let shown = path
                        .strip_prefix(self.path())
                        .unwrap()
                        .display()
                        .to_string();
                    files.push((shown, fs::read_to_string(&path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autumn-gen"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        finish(&mut self.command(arguments))
    }

    /// Runs a command that must succeed.
    pub fn done(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        run
    }
}

pub fn finish(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Where projects are built, so that what they have in common is built once.
fn target() -> PathBuf {
    repository().join("target/generated")
}

/// A program that was built in a project.
pub fn built(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// Runs cargo in a project, which must succeed.
pub fn cargo(folder: &Path, arguments: &[&str]) {
    let run = finish(&mut cargo_command(folder, arguments));
    let Run {
        code,
        stdout,
        stderr,
    } = &run;
    assert_eq!(*code, 0, "cargo {arguments:?}\n{stdout}\n{stderr}");
}

/// A run of cargo in a project.
pub fn cargo_command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        .env("RUSTDOCFLAGS", "-D warnings")
        .env_remove("RUSTFLAGS");
    command
}

/// Moves a file or folder of a project.
pub fn rename(project: &Project, from: &str, to: &str) {
    fs::create_dir_all(project.at(to).parent().unwrap()).unwrap();
    fs::rename(project.at(from), project.at(to)).unwrap();
}

/// Adds a line to the settings in the manifest, which has none.
pub fn configure(project: &Project, line: &str) {
    let manifest = project.read("Cargo.toml");
    project.write(
        "Cargo.toml",
        format!("{manifest}[package.metadata.autumn-gen]\n{line}\n"),
    );
}
