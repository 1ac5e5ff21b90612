//! `autumn-gen clean`: remove what was generated.

use super::{args::Clean, setup, shell::Shell, ws::current_folder};
use crate::{
    compile::clean,
    error::Error,
    output::{Mode, clean::Cleaned},
    project::Project,
};

pub(super) fn run(arguments: &Clean, shell: &Shell) -> Result<u8, Error> {
    let overrides = arguments.project.overrides(arguments.dry_run);
    let project = Project::find(&current_folder()?, &overrides)?;
    let (mode, verb) = match arguments {
        Clean { dry_run: true, .. } => (Mode::DryRun, "Remove"),
        Clean { force: true, .. } => (Mode::Force, "Removed"),
        _ => (Mode::Write, "Removed"),
    };
    let cleaned = clean(&project, mode)?;
    for path in &cleaned.removed {
        shell.status(verb, path);
    }
    explain_kept(arguments, &cleaned, shell);
    let is_all = cleaned.edited.is_empty() && cleaned.needed.is_empty();
    match (is_all, cleaned.removed.is_empty()) {
        (true, true) => shell.status("Unchanged", "there is no generated code"),
        (true, false) => setup::explain_removal(&project, shell),
        (false, _) => {}
    }
    Ok(0)
}

/// Says what stays, why, and what can be done about it.
fn explain_kept(arguments: &Clean, cleaned: &Cleaned, shell: &Shell) {
    for path in &cleaned.edited {
        let force = arguments.again(true);
        shell.warning(&format!(
            "{path} stays: it was edited by hand; `{force}` removes it"
        ));
    }
    for path in &cleaned.needed {
        shell.detail("Kept", path);
    }
    if cleaned.handlers.is_empty() || cleaned.needed.is_empty() {
        return;
    }
    let (files, those) = match cleaned.handlers.as_slice() {
        [path] => (path.clone(), "that file"),
        paths => (paths.join(", "), "those files"),
    };
    let count = match cleaned.needed.len() {
        1 => "1 generated file stays".to_owned(),
        count => format!("{count} generated files stay"),
    };
    shell.note(&format!(
        "{count}, since hand-written code needs them: {files}; move {those} out of the folder of generated code, or delete {those}, then run `{}` again",
        arguments.again(false)
    ));
}
