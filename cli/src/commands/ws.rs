//! `autumn-gen ws`: generate, check, or show.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::args::Ws;
use super::shell::Shell;
use super::tell;
use crate::compile::{generate, generate_from};
use crate::discover::{Discovered, LARGEST, is_spec, module};
use crate::error::{Environment, Error};
use crate::output::file::{File, Ownership};
use crate::output::write::{Mode, write};
use crate::project::{Folders, Project};

const REFUSED: u8 = 4;

pub(super) fn run(ws: &Ws, shell: &Shell) -> Result<u8, Error> {
    if ws.specs.iter().any(|spec| spec.as_os_str() == "-") {
        return print_standard_input(ws, shell);
    }
    let here = current_folder()?;
    let project = Project::find(&here, &ws.overrides())?;
    let named = named(ws, &here, &project)?;
    let generated = generate(&project)?;
    shell.diagnostics(&generated.warnings);
    let named = named.map(|modules| files_of(&modules, &generated.files));
    if ws.stdout {
        return print(&generated.files, named.as_ref(), &project);
    }
    let scope = named.map(|named| with_parents(named, &generated.files));
    let mode = match ws {
        Ws { check: true, .. } | Ws { dry_run: true, .. } => Mode::DryRun,
        Ws { force: true, .. } => Mode::Force,
        _ => Mode::Write,
    };
    let report = match write(&project, &generated.files, scope.as_ref(), mode) {
        Err(Error::Refused(report)) => {
            tell::refused(ws, &report, shell);
            return Ok(REFUSED);
        }
        done => done?,
    };
    if ws.check {
        tell::unused(&report, shell);
        tell::handlers(&project, &generated.files, shell);
        return Ok(tell::check(ws, &project, &report, shell));
    }
    if ws.dry_run {
        tell::dry_run(ws, &report, shell);
    } else {
        tell::written(&report, shell);
    }
    tell::unused(&report, shell);
    tell::handlers(&project, &generated.files, shell);
    Ok(0)
}

/// The modules of the named specs; `None`: none is named.
fn named(ws: &Ws, here: &Path, project: &Project) -> Result<Option<Vec<PathBuf>>, Error> {
    if ws.specs.is_empty() {
        return Ok(None);
    }
    let module_of = |spec: &PathBuf| {
        let path = canonical(&here.join(spec))?;
        let specs = project.specs().canonicalize().unwrap_or_default();
        let below = path.strip_prefix(&specs).ok();
        let Some(below) = below.filter(|below| is_spec(below)) else {
            let message = format!("`{}` is not a spec of this project", spec.display());
            let help = format!(
                "name `*.yaml` files in `{}`, or print another one: `autumn-gen ws --stdout - < FILE`",
                project.specs_shown()
            );
            return Err(Environment::new(message, help).into());
        };
        Ok(module(below).iter().collect())
    };
    ws.specs
        .iter()
        .map(module_of)
        .collect::<Result<_, _>>()
        .map(Some)
}

/// The files of these modules, below the output folder.
fn files_of(modules: &[PathBuf], files: &[File]) -> BTreeSet<PathBuf> {
    let belongs = |file: &&File| {
        modules.iter().any(|module| match &file.ownership {
            Ownership::Generated(_) => file.path == module.with_extension("rs"),
            Ownership::Handwritten(_) => file.path.parent() == Some(module),
        })
    };
    let files = files.iter().filter(belongs);
    files.map(|file| file.path.clone()).collect()
}

fn canonical(path: &Path) -> Result<PathBuf, Error> {
    path.canonicalize().map_err(|error| {
        let message = format!("cannot read `{}`: {error}", path.display());
        Environment::new(
            message,
            "a spec is named by its path from the current folder",
        )
        .into()
    })
}

/// The named files and the modules that declare them: these say which specs there are.
fn with_parents(named: BTreeSet<PathBuf>, files: &[File]) -> BTreeSet<PathBuf> {
    let is_parent = |file: &&File| {
        file.path.ends_with("mod.rs")
            || named
                .iter()
                .any(|path| path.starts_with(file.path.with_extension("")))
    };
    let parents: Vec<PathBuf> = files
        .iter()
        .filter(is_parent)
        .map(|file| file.path.clone())
        .collect();
    named.into_iter().chain(parents).collect()
}

fn print(
    files: &[File],
    named: Option<&BTreeSet<PathBuf>>,
    project: &Project,
) -> Result<u8, Error> {
    let is_asked = |file: &&File| named.is_none_or(|named| named.contains(&file.path));
    let code: Vec<(String, &str)> = files
        .iter()
        .filter(is_asked)
        .filter_map(|file| {
            let path = project.shown(&project.out().join(&file.path));
            Some((path, file.generated()?))
        })
        .collect();
    let mut out = String::new();
    for (path, text) in &code {
        if code.len() > 1 {
            out.push_str("// ==> ");
            out.push_str(path);
            out.push_str(" <==\n");
        }
        out.push_str(text);
    }
    put(&out)
}

pub(super) fn put(text: &str) -> Result<u8, Error> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(0),
        Err(error) => Err(Environment::io("write to", Path::new("standard output"), error).into()),
        Ok(()) => Ok(0),
    }
}

fn print_standard_input(ws: &Ws, shell: &Shell) -> Result<u8, Error> {
    if !ws.stdout || ws.specs.len() > 1 {
        return Err(Environment::new(
            "a spec from standard input can only be printed",
            "run `autumn-gen ws --stdout -`",
        )
        .into());
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin()
        .lock()
        .take(LARGEST + 1)
        .read_to_end(&mut bytes);
    read.map_err(|error| Environment::io("read", Path::new("standard input"), error))?;
    let is_too_large = u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST);
    let mut discovered = Discovered::default();
    discovered.add(
        "-",
        vec!["stdin".to_owned()],
        (!is_too_large).then_some(bytes),
    );
    let generated = generate_from(&discovered, &Folders::default())?;
    shell.diagnostics(&generated.warnings);
    let module = generated
        .files
        .iter()
        .filter(|file| !file.path.ends_with("mod.rs"));
    let code = module.filter_map(File::generated);
    put(&code.collect::<String>())
}

fn current_folder() -> Result<PathBuf, Error> {
    std::env::current_dir().map_err(|error| Environment::io("find", Path::new("."), error).into())
}
