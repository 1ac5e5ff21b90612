//! What `autumn-gen ws` says about its results.

use super::{args::Ws, shell::Shell};
use crate::{
    output::{
        difference::Difference,
        file::File,
        handlers::missing,
        report::{Entry, Report, State},
    },
    paths::quoted,
    project::Project,
};

/// How many lines of differences are shown without `--diff`, in all files together.
const FEW_LINES: usize = 40;

/// What was created, updated and removed.
pub(super) fn written(report: &Report, shell: &Shell) {
    for Entry { path, state, .. } in &report.entries {
        match state {
            State::Touched => {
                shell.status(
                    state.verb(),
                    &format!("{path} (a handler was moved below it)"),
                );
            }
            state if state.is_drift() => shell.status(state.verb(), path),
            state => shell.detail(state.verb(), path),
        }
    }
    unchanged(report, shell);
}

/// What would be created, updated and removed.
pub(super) fn dry_run(ws: &Ws, report: &Report, shell: &Shell) {
    let mut lines_left = usize::MAX;
    for Entry {
        path,
        state,
        difference,
    } in &report.entries
    {
        let verb = match state.verb() {
            _ if state.is_refused(ws.force) => "Refuse",
            "Created" => "Create",
            "Updated" => "Update",
            "Removed" => "Remove",
            "Touched" => "Touch",
            other => other,
        };
        if state.is_drift() {
            shell.status(verb, &format!("{path} ({})", state.reason()));
        } else {
            shell.detail(verb, path);
        }
        if ws.diff {
            show(difference.as_ref(), &mut lines_left, shell);
        }
    }
    unchanged(report, shell);
}

fn unchanged(report: &Report, shell: &Shell) {
    if report.is_clean() {
        shell.status("Unchanged", &count(report));
    }
}

fn count(report: &Report) -> String {
    let is_ours = |entry: &&Entry| entry.state != State::Undeclared;
    match report.entries.iter().filter(is_ours).count() {
        1 => "1 file".to_owned(),
        files => format!("all {files} files"),
    }
}

/// What differs, why, and what fixes it. Returns whether anything does.
pub(super) fn check(ws: &Ws, project: &Project, report: &Report, shell: &Shell) -> bool {
    if report.is_clean() {
        shell.status("Checked", &format!("{}, no difference", count(report)));
        return false;
    }
    let mut lines_left = if ws.diff { usize::MAX } else { FEW_LINES };
    let differing: Vec<&Entry> = report
        .drift()
        .filter(|entry| entry.state != State::OutOfUse)
        .collect();
    for Entry {
        path,
        state,
        difference,
    } in &differing
    {
        shell.wrong("Differs", &format!("{path}: {}", state.reason()));
        show(difference.as_ref(), &mut lines_left, shell);
    }
    let (noun, verb) = if differing.len() == 1 {
        ("file", "differs")
    } else {
        ("files", "differ")
    };
    if !differing.is_empty() {
        shell.error(
            &format!(
                "{} {noun} {verb} from what the specs generate",
                differing.len()
            ),
            &fix(ws, project, report),
        );
    }
    out_of_use(project, report, "", shell);
    true
}

/// Shows a difference, in no more lines than are left.
fn show(difference: Option<&Difference>, lines_left: &mut usize, shell: &Shell) {
    let Some(difference) = difference.filter(|_| *lines_left > 0) else {
        return;
    };
    let lines = difference.lines(lines_left.saturating_add(1));
    for (sign, line) in lines.iter().take(*lines_left) {
        shell.difference(*sign, line);
    }
    if lines.len() > *lines_left {
        shell.note("there is more: `--diff` shows all of it");
    }
    *lines_left = lines_left.saturating_sub(lines.len());
}

/// How to update this tool.
const UPDATE: &str = "update autumn-gen with `cargo install autumn-gen`";

fn is_foreign(state: State) -> bool {
    matches!(state, State::Foreign | State::Twin)
}

/// What removes the difference.
fn fix(ws: &Ws, project: &Project, report: &Report) -> String {
    let is_newer = |state| state == State::Newer;
    if report.drift().all(|entry| is_newer(entry.state)) {
        return UPDATE.to_owned();
    }
    let is_forced = report.has(State::is_edited);
    let mut steps = Vec::new();
    if report.has(is_newer) {
        steps.push(format!("first {UPDATE}"));
    }
    if report.has(is_foreign) {
        steps.push("first move files away that were not written by autumn-gen".to_owned());
    }
    if report.has(|state| state == State::OutOfUse) {
        steps.push("first choose what becomes of the handlers below".to_owned());
    }
    let then = if steps.is_empty() { "" } else { "then " };
    steps.push(format!(
        "{then}run `{}` and commit the result",
        ws.fix(is_forced)
    ));
    if is_forced {
        steps.push("this throws away what was edited by hand, so save that first".to_owned());
    }
    if report.has(|state| state == State::LineEndings) {
        let out = project.shown(project.out());
        steps.push(format!(
            "a line `{out}/** text eol=lf` in `.gitattributes` keeps git from changing line endings"
        ));
    }
    steps.join("; ")
}

/// Which files a run would have overwritten, or no longer compiled.
pub(super) fn refused(ws: &Ws, project: &Project, report: &Report, shell: &Shell) {
    let overwritten: Vec<&Entry> = report
        .entries
        .iter()
        .filter(|entry| entry.state != State::OutOfUse)
        .collect();
    for Entry { path, state, .. } in &overwritten {
        shell.wrong("Refused", &format!("{path}: {}", state.reason()));
    }
    if !overwritten.is_empty() {
        let is_newer = |entry: &&Entry| entry.state == State::Newer;
        let message = match overwritten.as_slice() {
            files if files.iter().all(is_newer) => "a newer autumn-gen made these files",
            [_] => "this would overwrite a file with somebody's work in it",
            _ => "this would overwrite files with somebody's work in them",
        };
        shell.error(
            &format!("{message}; nothing was written"),
            &way_out(ws, &overwritten),
        );
    }
    out_of_use(project, report, "; nothing was written", shell);
}

fn way_out(ws: &Ws, overwritten: &[&Entry]) -> String {
    let has = |is: fn(State) -> bool| overwritten.iter().any(|entry| is(entry.state));
    let mut ways = Vec::new();
    if has(|state| state == State::Newer) {
        ways.push(format!("{UPDATE}, or delete what a newer version made"));
    }
    if has(is_foreign) {
        ways.push(
            "move files away that were not written by autumn-gen: not even --force overwrites them"
                .to_owned(),
        );
    }
    if has(State::is_edited) {
        ways.push(format!(
            "move the changes into the spec or a handler, or throw them away with `{}`",
            ws.fix(true)
        ));
    }
    let is_only_above = |entry: &&Entry| {
        entry.difference.as_ref().is_some_and(|difference| {
            !difference.after.is_empty() && difference.before.ends_with(&difference.after)
        })
    };
    if overwritten.iter().any(is_only_above) {
        ways.push(
            "`header = \"…\"` in `[package.metadata.autumn-gen]` puts a text above every header"
                .to_owned(),
        );
    }
    ways.join("; ")
}

/// Handlers that would drop out of the build, with what can become of them. Returns whether there are any.
pub(super) fn out_of_use(
    project: &Project,
    report: &Report,
    consequence: &str,
    shell: &Shell,
) -> bool {
    let (handlers, they) = match report.out_of_use.len() {
        0 => return false,
        1 => ("a hand-written handler".to_owned(), "it"),
        count => (format!("{count} hand-written handlers"), "they"),
    };
    let list: Vec<String> = report.out_of_use.iter().map(ToString::to_string).collect();
    let stash = if project.is_in_git() {
        "; if you have just switched branches, `git stash -u` puts it away"
    } else {
        ""
    };
    shell.error_with_list(
        &format!(
            "the specs no longer use {handlers}, so {they} would not be compiled{consequence}"
        ),
        &list.join("\n"),
        &format!("choose one way for each file, then run `autumn-gen ws` again{stash}"),
    );
    true
}

/// Hand-written files that nothing seems to use, and folders that this run does not look after.
pub(super) fn beside(report: &Report, shell: &Shell) {
    let undeclared: Vec<&str> = report
        .entries
        .iter()
        .filter(|entry| entry.state == State::Undeclared)
        .map(|entry| entry.path.as_str())
        .collect();
    if !undeclared.is_empty() {
        shell.warning(&format!(
            "neither generated code nor a handler declares these files, so they may not be compiled: {}; declare them in a handler, or move them out of the output folder",
            undeclared.join(", ")
        ));
    }
    for (folder, specs) in &report.others {
        shell.note(&format!(
            "{folder} is generated from `{specs}`, which this run leaves alone: `autumn-gen ws --specs {} --out {}`",
            quoted(specs),
            quoted(folder)
        ));
    }
}

/// What hand-written code lacks.
pub(super) fn missing_methods(project: &Project, files: &[File], shell: &Shell) {
    let runtime = project.surroundings().crates.autumn_ws;
    for missing in missing(project.out(), files) {
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
            "`{name}` in {path} lacks methods that its spec asks for; paste these, and `use {runtime}::{{{uses}}};`\n\n{stubs}\n"
        ));
    }
}
