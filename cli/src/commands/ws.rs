//! `autumn-gen ws`: generate, check, or show.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::args::Ws;
use super::shell::Shell;
use crate::error::{Environment, Error};
use crate::files::{Content, File};
use crate::handlers;
use crate::pipeline::discover::{Discovered, LARGEST, is_spec};
use crate::pipeline::write::{Mode, write};
use crate::pipeline::{Generated, generate, generate_from};
use crate::project::{Folders, Project};
use crate::report::{Entry, Report, State};

const DRIFT: u8 = 1;

pub(super) fn run(ws: &Ws, shell: &Shell) -> Result<u8, Error> {
    if ws.specs.iter().any(|spec| spec.as_os_str() == "-") {
        return print_standard_input(ws, shell);
    }
    let here = current_folder()?;
    let project = Project::find(&here, &ws.overrides())?;
    let generated = generate(&project)?;
    shell.diagnostics(&generated.warnings);
    let scope = scope(ws, &here, &project, &generated)?;
    if ws.stdout {
        return print(&generated.files, scope.as_ref(), &project);
    }
    let mode = match ws {
        Ws { check: true, .. } | Ws { dry_run: true, .. } => Mode::DryRun,
        Ws { force: true, .. } => Mode::Force,
        _ => Mode::Write,
    };
    let report = write(&project, &generated.files, scope.as_ref(), mode)?;
    if ws.check {
        return Ok(tell_check(ws, &report, shell));
    }
    if ws.dry_run {
        tell_dry_run(&report, shell);
    } else {
        tell_written(&report, shell);
    }
    tell_handlers(&project, &generated.files, shell);
    Ok(0)
}

/// The files that the named specs become; `None`: all files.
fn scope(
    ws: &Ws,
    here: &Path,
    project: &Project,
    generated: &Generated,
) -> Result<Option<BTreeSet<PathBuf>>, Error> {
    if ws.specs.is_empty() {
        return Ok(None);
    }
    let mut scope = BTreeSet::new();
    for spec in &ws.specs {
        let path = std::path::absolute(here.join(spec))
            .map_err(|error| Environment::io("read", spec, error))?;
        let path = path
            .canonicalize()
            .map_err(|error| Environment::io("read", spec, error))?;
        let specs = project
            .specs()
            .canonicalize()
            .map_err(|error| Environment::io("read", project.specs(), error))?;
        let below = path
            .strip_prefix(&specs)
            .ok()
            .filter(|below| is_spec(below));
        let Some(below) = below else {
            let message = format!(
                "`{}` is not a spec in `{}`",
                spec.display(),
                project.specs_shown()
            );
            return Err(Environment::new(message, "name a `*.yaml` file in that folder, or print another one: `autumn-gen ws --stdout - < FILE`").into());
        };
        let module: PathBuf = below
            .with_extension("")
            .to_string_lossy()
            .replace('-', "_")
            .into();
        let belongs = |file: &&File| match &file.content {
            Content::Generated(_) => file.path == module.with_extension("rs"),
            Content::Handwritten(_) => file.path.parent() == Some(&module),
        };
        scope.extend(
            generated
                .files
                .iter()
                .filter(belongs)
                .map(|file| file.path.clone()),
        );
    }
    // Which specs there are is also said by the modules that gather them.
    scope.extend(
        generated
            .files
            .iter()
            .filter(|file| file.path.ends_with("mod.rs"))
            .map(|file| file.path.clone()),
    );
    Ok(Some(scope))
}

fn print(
    files: &[File],
    scope: Option<&BTreeSet<PathBuf>>,
    project: &Project,
) -> Result<u8, Error> {
    let is_asked = |file: &&File| {
        scope.is_none_or(|scope| scope.contains(&file.path) && !file.path.ends_with("mod.rs"))
    };
    let code: Vec<(String, &str)> = files
        .iter()
        .filter(is_asked)
        .filter_map(|file| match &file.content {
            Content::Generated(text) => Some((
                project.shown(&project.out().join(&file.path)),
                text.as_str(),
            )),
            Content::Handwritten(_) => None,
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

fn put(text: &str) -> Result<u8, Error> {
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
        "-".to_owned(),
        vec!["stdin".to_owned()],
        (!is_too_large).then_some(bytes),
    );
    let generated = generate_from(&discovered, &Folders::default())?;
    shell.diagnostics(&generated.warnings);
    let module = generated
        .files
        .iter()
        .filter(|file| !file.path.ends_with("mod.rs"));
    let code = module.filter_map(|file| match &file.content {
        Content::Generated(text) => Some(text.as_str()),
        Content::Handwritten(_) => None,
    });
    put(&code.collect::<String>())
}

fn current_folder() -> Result<PathBuf, Error> {
    std::env::current_dir().map_err(|error| Environment::io("find", Path::new("."), error).into())
}

fn tell_written(report: &Report, shell: &Shell) {
    for Entry { path, state } in &report.entries {
        if state.is_drift() {
            shell.status(state.verb(), path);
        } else {
            shell.detail(state.verb(), path);
        }
    }
    if report.is_clean() {
        shell.status("Unchanged", &count(report.entries.len()));
    }
}

fn count(files: usize) -> String {
    if files == 1 {
        "1 file".to_owned()
    } else {
        format!("all {files} files")
    }
}

fn tell_dry_run(report: &Report, shell: &Shell) {
    for Entry { path, state } in &report.entries {
        let verb = match state.verb() {
            _ if state.is_refused() => "Refused",
            "Created" => "Create",
            "Updated" => "Update",
            "Removed" => "Remove",
            other => other,
        };
        if state.is_drift() {
            shell.status(verb, &format!("{path} ({})", state.reason()));
        } else {
            shell.detail(verb, path);
        }
    }
    if report.is_clean() {
        shell.status("Unchanged", &count(report.entries.len()));
    }
}

fn tell_check(ws: &Ws, report: &Report, shell: &Shell) -> u8 {
    if report.is_clean() {
        shell.status(
            "Checked",
            &format!("{}, no difference", count(report.entries.len())),
        );
        return 0;
    }
    for Entry { path, state } in report.drift() {
        shell.wrong("Differs", &format!("{path}: {}", state.reason()));
    }
    let differing = report.drift().count();
    let (noun, verb) = if differing == 1 {
        ("file", "differs")
    } else {
        ("files", "differ")
    };
    shell.error(
        &format!("{differing} {noun} {verb} from what the specs generate"),
        &fix(ws, report),
    );
    DRIFT
}

/// What makes the difference go away.
fn fix(ws: &Ws, report: &Report) -> String {
    let has = |is: fn(State) -> bool| report.entries.iter().any(|entry| is(entry.state));
    let mut help = format!(
        "run `{}` and commit the result",
        ws.fix(has(State::is_edited))
    );
    if has(State::is_edited) {
        help.push_str("; it throws away what was edited by hand, so save that first");
    }
    if has(|state| state == State::Foreign) {
        help.push_str("; before that, move away what is not written by autumn-gen");
    }
    if has(|state| state == State::LineEndings) {
        help.push_str("; a line `src/ws/** text eol=lf` in `.gitattributes` keeps git from changing line endings");
    }
    help
}

/// Tells which files would have been overwritten.
pub(super) fn tell_refused(report: &Report, shell: &Shell) {
    for Entry { path, state } in &report.entries {
        shell.wrong("Refused", &format!("{path}: {}", state.reason()));
    }
    let noun = if report.entries.len() == 1 {
        "a file"
    } else {
        "files"
    };
    let help = if report.entries.iter().all(|entry| entry.state.is_edited()) {
        "move the changes into the spec or a handler, or throw them away with `autumn-gen ws --force`"
    } else {
        "move away what is not written by autumn-gen: not even --force overwrites it"
    };
    shell.error(
        &format!("would overwrite {noun} with somebody's work in it; nothing was written"),
        help,
    );
}

fn tell_handlers(project: &Project, files: &[File], shell: &Shell) {
    for missing in handlers::missing(project.out(), files) {
        let path = project.shown(&project.out().join(&missing.path));
        let stubs = missing.stubs.join("\n\n");
        shell.note(&format!(
            "`{}` in {path} lacks methods that its spec asks for; paste these:\n\n{stubs}\n",
            missing.trait_name
        ));
    }
}
