//! The intermediate representation into text, through the templates.

mod skeleton;

use askama::Template;

use crate::error::Error;
use crate::output::file::Skeleton;
use crate::targets::rust::ir::{Action, Folder, MethodKind, Module, Pattern, Project};

/// The text of one file, not yet formatted.
#[derive(Debug)]
pub enum Rendered {
    /// A module that gathers others.
    Folder {
        /// Its path below the output folder; empty: the output folder itself.
        path: Vec<String>,
        /// The code.
        code: String,
    },
    /// The module of a spec.
    Module {
        /// Its path below the output folder.
        path: Vec<String>,
        /// The spec.
        source: String,
        /// The code.
        code: String,
    },
    /// A file that becomes the user's, complete as it is.
    Skeleton {
        /// The spec.
        source: String,
        /// The file.
        skeleton: Skeleton,
    },
}

#[derive(Template)]
#[template(path = "rust/module.rs")]
struct ModuleTemplate<'a> {
    module: &'a Module,
}

#[derive(Template)]
#[template(path = "rust/folder.rs")]
struct FolderTemplate<'a> {
    folder: &'a Folder,
}

/// Renders every file of a project.
///
/// # Errors
///
/// Only when a template is at fault.
pub fn print(project: &Project) -> Result<Vec<Rendered>, Error> {
    let mut rendered = Vec::new();
    for folder in &project.folders {
        rendered.push(Rendered::Folder {
            path: folder.path.clone(),
            code: text(&FolderTemplate { folder })?,
        });
    }
    for module in &project.modules {
        rendered.push(Rendered::Module {
            path: module.path.clone(),
            source: module.source.to_string(),
            code: text(&ModuleTemplate { module })?,
        });
        for endpoint in &module.endpoints {
            if let Some(handler) = &endpoint.handler {
                let skeleton = skeleton::skeleton(module, endpoint, handler)?;
                let source = module.source.to_string();
                rendered.push(Rendered::Skeleton { source, skeleton });
            }
        }
    }
    Ok(rendered)
}

fn text(template: &impl Template) -> Result<String, Error> {
    template.render().map_err(|error| Error::bug(&error))
}
