//! `autumn-gen ws`: generate, check, or show.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::args::Ws;
use super::shell::Shell;
use crate::error::{Environment, Error};
use crate::files::{Content, File};
use crate::handlers;
use crate::pipeline::discover::{Discovered, LARGEST, is_spec, module};
use crate::pipeline::write::{Mode, write};
use crate::pipeline::{generate, generate_from};
use crate::project::{Folders, Project};
use crate::report::{Entry, Report, State};

const DRIFT: u8 = 1;
const REFUSED: u8 = 4;

pub(super) fn run(ws: &Ws, shell: &Shell) -> Result<u8, Error> {
    if ws.specs.iter().any(|spec| spec.as_os_str() == "-") {
        return print_standard_input(ws, shell);
    }
    let here = current_folder()?;
    let project = Project::find(&here, &ws.overrides())?;
    let generated = generate(&project)?;
    shell.diagnostics(&generated.warnings);
    let named = named(ws, &here, &project, &generated.files)?;
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
            tell_refused(ws, &report, shell);
            return Ok(REFUSED);
        }
        done => done?,
    };
    if ws.check {
        tell_unused(&report, shell);
        tell_handlers(&project, &generated.files, shell);
        return Ok(tell_check(ws, &report, shell));
    }
    if ws.dry_run {
        tell_dry_run(ws, &report, shell);
    } else {
        tell_written(&report, shell);
    }
    tell_unused(&report, shell);
    tell_handlers(&project, &generated.files, shell);
    Ok(0)
}

/// The files that the named specs become, below the output folder; `None`: none is named.
fn named(
    ws: &Ws,
    here: &Path,
    project: &Project,
    files: &[File],
) -> Result<Option<BTreeSet<PathBuf>>, Error> {
    if ws.specs.is_empty() {
        return Ok(None);
    }
    let specs = canonical(project.specs())?;
    let mut named = BTreeSet::new();
    for spec in &ws.specs {
        let path = canonical(&here.join(spec))?;
        let Some(below) = path
            .strip_prefix(&specs)
            .ok()
            .filter(|below| is_spec(below))
        else {
            let message = format!("`{}` is not a spec of this project", spec.display());
            let help = format!(
                "name `*.yaml` files in `{}`, or print another one: `autumn-gen ws --stdout - < FILE`",
                project.specs_shown()
            );
            return Err(Environment::new(message, help).into());
        };
        let module: PathBuf = module(below).iter().collect();
        let belongs = |file: &&File| match &file.content {
            Content::Generated(_) => file.path == module.with_extension("rs"),
            Content::Handwritten(_) => file.path.parent() == Some(&module),
        };
        named.extend(files.iter().filter(belongs).map(|file| file.path.clone()));
    }
    Ok(Some(named))
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

fn tell_dry_run(ws: &Ws, report: &Report, shell: &Shell) {
    for Entry { path, state } in &report.entries {
        let is_refused = if ws.force {
            *state == State::Foreign
        } else {
            state.is_refused()
        };
        let verb = match state.verb() {
            _ if is_refused => "Refuse",
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
fn tell_refused(ws: &Ws, report: &Report, shell: &Shell) {
    for Entry { path, state } in &report.entries {
        shell.wrong("Refused", &format!("{path}: {}", state.reason()));
    }
    let noun = if report.entries.len() == 1 {
        "a file"
    } else {
        "files"
    };
    let help = if report.entries.iter().all(|entry| entry.state.is_edited()) {
        let fix = ws.fix(true);
        format!("move the changes into the spec or a handler, or throw them away with `{fix}`")
    } else {
        "move away what is not written by autumn-gen: not even --force overwrites it".to_owned()
    };
    shell.error(
        &format!("would overwrite {noun} with somebody's work in it; nothing was written"),
        &help,
    );
}

/// A handler whose endpoint was renamed is dead code, and a fresh skeleton lets everybody in: that must not go unseen.
fn tell_unused(report: &Report, shell: &Shell) {
    let unused: Vec<&str> = report
        .entries
        .iter()
        .filter(|entry| entry.state == State::Unused)
        .map(|entry| entry.path.as_str())
        .collect();
    if unused.is_empty() {
        return;
    }
    let created = report
        .entries
        .iter()
        .any(|entry| entry.state == State::Missing && !entry.path.ends_with("mod.rs"));
    let hint = if created {
        "; if its endpoint was renamed, move its code into the file that was created for the new name"
    } else {
        "; move it, or delete it"
    };
    for path in unused {
        shell.warning(&format!(
            "{path} is not used by any spec, and so not compiled{hint}"
        ));
    }
}

fn tell_handlers(project: &Project, files: &[File], shell: &Shell) {
    for missing in handlers::missing(project.out(), files) {
        let path = project.shown(&project.out().join(&missing.path));
        let name = &missing.trait_name;
        if missing.stubs.is_empty() {
            let ty = name.strip_suffix("Handler").unwrap_or(name);
            shell.note(&format!(
                "{path} has no `impl {name} for {ty}`; if it was moved here, rename the trait, the type and the request in it"
            ));
            continue;
        }
        let (uses, stubs) = (missing.uses.join(", "), missing.stubs.join("\n\n"));
        shell.note(&format!(
            "`{name}` in {path} lacks methods that its spec asks for; paste these, and `use autumn_ws::{{{uses}}};`\n\n{stubs}\n"
        ));
    }
}
