//! What `autumn-gen ws` says about its results.

use super::args::Ws;
use super::shell::Shell;
use crate::output::file::File;
use crate::output::handlers;
use crate::output::report::{Entry, Report, State};
use crate::project::Project;

const DRIFT: u8 = 1;

/// What was created, updated and removed.
pub(super) fn written(report: &Report, shell: &Shell) {
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

/// What would be.
pub(super) fn dry_run(ws: &Ws, report: &Report, shell: &Shell) {
    for Entry { path, state } in &report.entries {
        let verb = match state.verb() {
            _ if state.is_refused(ws.force) => "Refuse",
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

/// What differs, why, and what mends it; returns the exit code.
pub(super) fn check(ws: &Ws, project: &Project, report: &Report, shell: &Shell) -> u8 {
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
        &fix(ws, project, report),
    );
    DRIFT
}

/// What makes the difference go away.
fn fix(ws: &Ws, project: &Project, report: &Report) -> String {
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
        help.push_str("; a line `");
        help.push_str(&project.shown(project.out()));
        help.push_str("/** text eol=lf` in `.gitattributes` keeps git from changing line endings");
    }
    help
}

/// Tells which files would have been overwritten.
pub(super) fn refused(ws: &Ws, report: &Report, shell: &Shell) {
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
pub(super) fn unused(report: &Report, shell: &Shell) {
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

/// What hand-written code lacks.
pub(super) fn handlers(project: &Project, files: &[File], shell: &Shell) {
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
