//! From a project's specs to its files, stage by stage. Everything but `discover` and `write` is pure.

pub mod discover;
mod format;
mod parse;
mod render;
mod resolve;
mod validate;
pub mod write;

use std::path::PathBuf;

use crate::error::Error;
use crate::files::{Content, File, with_header};
use crate::project::{Folders, Project};
use crate::report::Diagnostics;
use crate::source::Source;
use render::Rendered;

/// What a run generates.
#[derive(Debug)]
pub struct Generated {
    /// Every file of the project, sorted by path.
    pub files: Vec<File>,
    /// What is worth a look, though nothing is wrong.
    pub warnings: Diagnostics,
}

/// Generates the files of a project. Nothing is written.
///
/// # Errors
///
/// [`Error::Environment`] when specs cannot be read, [`Error::Specs`] with everything that is wrong in all of them.
pub fn generate(project: &Project) -> Result<Generated, Error> {
    let discovered = discover::discover(project)?;
    generate_from(
        &discovered.sources,
        &project.folders(),
        discovered.diagnostics,
    )
}

/// Generates files from texts that are at hand.
///
/// # Errors
///
/// [`Error::Specs`] with everything that is wrong.
pub fn generate_from(
    sources: &[Source],
    folders: &Folders,
    mut diagnostics: Vec<crate::diagnostic::Diagnostic>,
) -> Result<Generated, Error> {
    let (parsed, mistakes) = parse::parse(sources);
    diagnostics.extend(mistakes);
    diagnostics.extend(validate::validate(sources, &parsed));
    let diagnostics = Diagnostics::new(sources, &diagnostics);
    if diagnostics.has_errors() {
        return Err(Error::Specs(diagnostics));
    }
    let resolved = resolve::resolve(sources, &parsed, &folders.out);
    let rendered = render::render(&resolved).map_err(|error| Error::bug(&error))?;
    let mut files = rendered
        .into_iter()
        .map(|rendered| file(rendered, &folders.specs))
        .collect::<Result<Vec<_>, _>>()?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Generated {
        files,
        warnings: diagnostics,
    })
}

fn file(rendered: Rendered, specs: &str) -> Result<File, Error> {
    Ok(match rendered {
        Rendered::Module {
            path,
            is_folder,
            source,
            code,
        } => {
            let code = format::format(&code).map_err(|error| Error::bug(&error))?;
            let source = source.unwrap_or_else(|| format!("{specs}/"));
            File {
                path: module_file(&path, is_folder),
                content: Content::Generated(with_header(&code, &source)),
            }
        }
        Rendered::Skeleton(skeleton) => File {
            path: module_file(&skeleton.path, false),
            content: Content::Handwritten(skeleton),
        },
    })
}

/// `["admin", "audit"]` as `admin/audit.rs`, or `admin/audit/mod.rs`.
fn module_file(path: &[String], is_folder: bool) -> PathBuf {
    let mut file: PathBuf = path.iter().collect();
    if is_folder {
        file.push("mod.rs");
    } else {
        file.set_extension("rs");
    }
    file
}
