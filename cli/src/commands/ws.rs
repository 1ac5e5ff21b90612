//! `autumn-gen ws`: generate, check, or show.

use super::{
    args::Ws,
    messages,
    named::{Named, project},
    setup,
    shell::Shell,
};
use crate::{
    characters::visible,
    compile::{generate, generate_from},
    discover::{Discovered, LARGEST},
    error::{Environment, Error},
    output::{Mode, file::File, generated::Generated, report::Report, write},
    project::{Project, Surroundings},
};
use std::{
    collections::BTreeSet,
    io::{Read, Write},
    path::{Path, PathBuf},
};

const DONE: u8 = 0;
const DRIFT: u8 = 1;
const REFUSED: u8 = 4;

pub(super) fn run(ws: &Ws, shell: &Shell) -> Result<u8, Error> {
    if ws.specs.iter().any(|spec| spec.as_os_str() == "-") {
        return print_standard_input(ws, shell);
    }
    let here = current_folder()?;
    let project = project(ws, &here)?;
    let named = Named::find(ws, &here, &project)?;
    let generated = generate(&project)?;
    shell.diagnostics(&generated.warnings);
    let named = named.map(|named| named.files(&generated.files));
    if ws.stdout {
        return print(&project, &generated, named.as_ref(), shell);
    }
    let scope = named.map(|named| with_parents(named, &generated.files));
    let mode = match ws {
        ws if ws.is_check() || ws.dry_run => Mode::DryRun,
        Ws { force: true, .. } => Mode::Force,
        _ => Mode::Write,
    };
    match write(&project, &generated, scope.as_ref(), mode) {
        Err(Error::Refused(report)) => {
            messages::refused(ws, &project, &report, shell);
            Ok(REFUSED)
        }
        done => Ok(explain(ws, &project, &generated, &done?, shell)),
    }
}

/// Says what a run has found and done, and returns the exit code.
fn explain(
    ws: &Ws,
    project: &Project,
    generated: &Generated,
    report: &Report,
    shell: &Shell,
) -> u8 {
    if !ws.is_check() && !ws.dry_run {
        messages::written(report, shell);
    }
    messages::beside(report, shell);
    messages::missing_methods(project, &generated.files, shell);
    setup::explain(project, &generated.files, shell);
    if ws.is_check() {
        let differs = messages::check(ws, project, report, shell);
        return if differs { DRIFT } else { DONE };
    }
    if ws.dry_run {
        messages::dry_run(ws, report, shell);
    }
    let is_out_of_use = messages::out_of_use(project, report, "", shell);
    if is_out_of_use { REFUSED } else { DONE }
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
    project: &Project,
    generated: &Generated,
    named: Option<&BTreeSet<PathBuf>>,
    shell: &Shell,
) -> Result<u8, Error> {
    let is_asked = |file: &&File| named.is_none_or(|named| named.contains(&file.path));
    let code: Vec<(String, &str)> = generated
        .files
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
            out.push_str(&visible(path));
            out.push_str(" <==\n");
        }
        out.push_str(text);
    }
    put(&out)?;
    let report = write(project, generated, None, Mode::DryRun)?;
    Ok(if messages::out_of_use(project, &report, "", shell) {
        REFUSED
    } else {
        DONE
    })
}

pub(super) fn put(text: &str) -> Result<(), Error> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        // The reader has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Environment::io("write to", Path::new("standard output"), error).into()),
        Ok(()) => Ok(()),
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
    let generated = generate_from(&discovered, &Surroundings::default())?;
    shell.diagnostics(&generated.warnings);
    let module = generated
        .files
        .iter()
        .filter(|file| !file.path.ends_with("mod.rs"));
    put(&module.filter_map(File::generated).collect::<String>())?;
    Ok(DONE)
}

pub(super) fn current_folder() -> Result<PathBuf, Error> {
    std::env::current_dir().map_err(|error| Environment::io("find", Path::new("."), error).into())
}
