//! Finds the specs of a project and reads them, in the same order on every machine.

use crate::{
    characters::visible,
    diagnostic::{Diagnostic, code},
    error::{Environment, Error},
    place::Place,
    project::Project,
    source::Source,
};
use std::{
    io,
    path::{Path, PathBuf},
};
use walkdir::WalkDir;

/// The largest spec that is read, in bytes.
pub const LARGEST: u64 = 1024 * 1024;

/// The most specs that a project may have.
const MOST_SPECS: usize = 1000;

/// What was found.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The texts, in the order of their paths.
    pub sources: Vec<Source>,
    /// What cannot be taken as text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads every `*.yaml` and `*.yml` below the project's folder of specs.
///
/// # Errors
///
/// When the folder or a file in it cannot be read, or leads out of the project.
pub fn discover(project: &Project) -> Result<Discovered, Error> {
    let mut discovered = Discovered::default();
    for path in spec_files(project)? {
        project.check_inside(&path)?;
        let bytes = read(&path).map_err(|error| Environment::io("read", &path, error))?;
        let below = path.strip_prefix(project.specs()).unwrap_or(&path);
        discovered.add(&project.shown(&path), module(below), bytes);
    }
    Ok(discovered)
}

impl Discovered {
    /// Takes the bytes of one more spec; `None`: there are too many.
    pub fn add(&mut self, path: &str, module: Vec<String>, bytes: Option<Vec<u8>>) {
        let path = visible(path).into_owned();
        let refuse = |message: String, help: &str| {
            let place = Place::document(self.sources.len());
            (
                None,
                Some(Diagnostic::error(code::UNREADABLE, place, message).help(help)),
            )
        };
        let (text, refused) = match bytes.map(String::from_utf8) {
            Some(Ok(text)) if !text.contains('\0') => (Some(text), None),
            Some(Ok(_)) => refuse(
                format!("`{path}` is not a text file"),
                "a spec is YAML in UTF-8",
            ),
            Some(Err(error)) => refuse(
                format!(
                    "`{path}` is not UTF-8 from byte {} on",
                    error.utf8_error().valid_up_to()
                ),
                "save it as UTF-8",
            ),
            None => refuse(
                format!("`{path}` is larger than {LARGEST} bytes"),
                "split it: several specs make one router",
            ),
        };
        self.diagnostics.extend(refused);
        let text = text.map(|text| {
            text.strip_prefix('\u{feff}')
                .unwrap_or(&text)
                .replace("\r\n", "\n")
        });
        self.sources.push(Source { path, module, text });
    }
}

/// Why a project without specs cannot be generated.
#[must_use]
pub fn no_specs(project: &Project) -> Environment {
    let folder = project.specs_shown();
    if project.specs().is_dir() {
        let message = format!("there is no spec in `{folder}`");
        let help = "put a `*.yaml` file there, or name another folder with `--specs`";
        return Environment::new(message, help);
    }
    let help = if folder.contains('\\') {
        Environment::BACKSLASHES
    } else {
        "create it and put a spec there, or name another folder with `--specs`"
    };
    Environment::new(format!("there is no folder `{folder}`"), help)
}

/// The specs of a project; none if there is no folder.
fn spec_files(project: &Project) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    if !project.specs().is_dir() {
        return Ok(files);
    }
    let walk = WalkDir::new(project.specs())
        .follow_links(true)
        .sort_by_file_name()
        .into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.path())) {
        let entry = match entry {
            Err(error) if error.path().is_some_and(is_irrelevant_link) => continue,
            Err(error) => {
                let path = error.path().unwrap_or(project.specs()).to_owned();
                if path.is_symlink() && !path.exists() {
                    return Err(leads_nowhere(&project.shown(&path)).into());
                }
                return Err(Environment::io("read", &path, error).into());
            }
            Ok(entry) => entry,
        };
        if entry.path_is_symlink() {
            project.check_inside(entry.path())?;
        }
        if !entry.file_type().is_dir() && is_spec(entry.path()) {
            files.push(entry.into_path());
        }
        if files.len() > MOST_SPECS {
            let message = format!(
                "`{}` has more than {MOST_SPECS} specs",
                project.specs_shown()
            );
            let help = "is it the right folder? Otherwise put several endpoints into one spec";
            return Err(Environment::new(message, help).into());
        }
    }
    Ok(files)
}

fn leads_nowhere(link: &str) -> Environment {
    let message = format!("`{link}` is a symbolic link that leads nowhere");
    Environment::new(message, "remove it, or create the file that it names")
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// Whether a link leads nowhere and need not: it is an editor's lock, or not a spec.
fn is_irrelevant_link(path: &Path) -> bool {
    path.is_symlink() && !path.exists() && (is_hidden(path) || !is_spec(path))
}

/// Whether a file is a spec by its name.
#[must_use]
pub fn is_spec(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}

/// The bytes of a file, unless there are too many.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ));
    }
    if metadata.len() > LARGEST {
        Ok(None)
    } else {
        std::fs::read(path).map(Some)
    }
}

/// The module of a spec, by its path below the folder of specs: `admin/audit-log.yaml` as `["admin", "audit_log"]`.
#[must_use]
pub fn module(below: &Path) -> Vec<String> {
    let name = |part: std::path::Component| part.as_os_str().to_string_lossy().replace('-', "_");
    below.with_extension("").components().map(name).collect()
}
