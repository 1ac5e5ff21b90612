//! The intermediate representation into text, through the templates.

mod skeleton;

use askama::Template;

use crate::files::Skeleton;
use crate::ir::{Action, Folder, MethodKind, Module, Pattern, Project};

/// The text of one file, not yet formatted.
#[derive(Debug)]
pub enum Rendered {
    /// Generated code; formatted and headed later.
    Module {
        /// The module's path below the output folder.
        path: Vec<String>,
        /// Whether it is a `mod.rs`.
        is_folder: bool,
        /// The spec it comes from; `None`: from all of them.
        source: Option<String>,
        /// The code.
        code: String,
    },
    /// A file that becomes the user's, complete as it is.
    Skeleton(Skeleton),
}

#[derive(Template)]
#[template(path = "module.rs")]
struct ModuleTemplate<'a> {
    module: &'a Module,
}

#[derive(Template)]
#[template(path = "folder.rs")]
struct FolderTemplate<'a> {
    folder: &'a Folder,
}

/// Renders every file of a project.
///
/// # Errors
///
/// Only when a template is at fault.
pub fn render(project: &Project) -> Result<Vec<Rendered>, askama::Error> {
    let mut rendered = Vec::new();
    for folder in &project.folders {
        rendered.push(Rendered::Module {
            path: folder.path.clone(),
            is_folder: true,
            source: None,
            code: FolderTemplate { folder }.render()?,
        });
    }
    for module in &project.modules {
        rendered.push(Rendered::Module {
            path: module.path.clone(),
            is_folder: false,
            source: Some(module.source.clone()),
            code: ModuleTemplate { module }.render()?,
        });
        for endpoint in &module.endpoints {
            if let Some(handler) = &endpoint.handler {
                rendered.push(Rendered::Skeleton(skeleton::skeleton(
                    module, endpoint, handler,
                )?));
            }
        }
    }
    Ok(rendered)
}
