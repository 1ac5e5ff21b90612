//! The intermediate representation into files, through the templates.

mod skeleton;

use super::{
    FORMAT,
    ir::{
        Action, Crates, Endpoint, Folder, MethodKind, Module, Project,
        messages::{Body, Messages},
        tokens::Comment,
    },
    layout::laid_out,
};
use crate::{
    error::Error,
    output::file::{File, Ownership},
};
use askama::Template;
use std::path::{Path, PathBuf};

#[derive(Template)]
#[template(path = "rust/module.rs")]
struct ModuleTemplate<'a> {
    module: &'a Module,
    crates: &'a Crates,
    is_included: bool,
    inner_doc: &'a str,
}

#[derive(Template)]
#[template(path = "rust/folder.rs")]
struct FolderTemplate<'a> {
    folder: &'a Folder,
    crates: &'a Crates,
    is_included: bool,
    inner_doc: &'a str,
}

#[derive(Template)]
#[template(path = "rust/messages.rs")]
struct MessagesTemplate<'a> {
    messages: &'a Messages,
    crates: &'a Crates,
    is_included: bool,
    inner_doc: &'a str,
}

/// The files of a project, in the order of their paths. `specs` is what people call the folder of specs.
///
/// # Errors
///
/// Only when a template is at fault.
pub fn files(project: &Project, specs: &str) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    for folder in &project.folders {
        files.push(folder_file(folder, project, specs)?);
    }
    for module in &project.modules {
        files.push(module_file(module, project)?);
        // A handler in `OUT_DIR` would be nobody's.
        let handled = module.endpoints.iter().filter(|_| !project.is_included);
        for endpoint in handled {
            files.extend(skeleton_file(module, endpoint, &project.crates)?);
        }
    }
    for messages in &project.messages {
        files.push(messages_file(messages, project)?);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn folder_file(folder: &Folder, project: &Project, specs: &str) -> Result<File, Error> {
    let code = text(&FolderTemplate {
        folder,
        crates: &project.crates,
        is_included: project.is_included,
        inner_doc: inner_doc(project.is_included),
    })?;
    let path: PathBuf = folder.path.iter().collect();
    let from = format!("{}/", Comment::new(specs));
    Ok(file(
        path.join("mod.rs"),
        from,
        Ownership::Generated(laid_out(&code)),
    ))
}

fn module_file(module: &Module, project: &Project) -> Result<File, Error> {
    let code = text(&ModuleTemplate {
        module,
        crates: &project.crates,
        is_included: project.is_included,
        inner_doc: inner_doc(project.is_included),
    })?;
    let path: PathBuf = module.path.iter().collect();
    let from = module.source.to_string();
    Ok(file(
        path.with_extension("rs"),
        from,
        Ownership::Generated(laid_out(&code)),
    ))
}

fn messages_file(messages: &Messages, project: &Project) -> Result<File, Error> {
    let code = text(&MessagesTemplate {
        messages,
        crates: &project.crates,
        is_included: project.is_included,
        inner_doc: inner_doc(project.is_included),
    })?;
    let path: PathBuf = messages.path.iter().collect();
    let from = messages.source.to_string();
    Ok(file(
        path.with_extension("rs"),
        from,
        Ownership::Generated(laid_out(&code)),
    ))
}

/// The file that a handler begins with; none where everything is generated.
fn skeleton_file(
    module: &Module,
    endpoint: &Endpoint,
    crates: &Crates,
) -> Result<Option<File>, Error> {
    let Some(handler) = &endpoint.handler else {
        return Ok(None);
    };
    let skeleton = skeleton::skeleton(module, endpoint, handler, crates)?;
    let path: PathBuf = skeleton.path.iter().collect();
    let from = module.source.to_string();
    Ok(Some(file(
        path.with_extension("rs"),
        from,
        Ownership::Handwritten(skeleton),
    )))
}

fn file(path: impl AsRef<Path>, from: String, ownership: Ownership) -> File {
    File {
        path: path.as_ref().to_owned(),
        format: &FORMAT,
        from: vec![from],
        ownership,
    }
}

/// Where code is included, the docs of its file are ordinary comments.
fn inner_doc(is_included: bool) -> &'static str {
    if is_included { "//" } else { "//!" }
}

fn text(template: &impl Template) -> Result<String, Error> {
    template.render().map_err(|error| Error::bug(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        check,
        discover::Discovered,
        options::Options,
        project, read,
        targets::{
            self,
            rust::{Rust, plan::plan},
        },
    };
    use proc_macro2::{TokenStream, TokenTree};

    /// The tokens of code, but for commas behind the last element of a list.
    fn tokens(code: TokenStream) -> Vec<String> {
        let mut out = Vec::new();
        for token in code {
            match token {
                TokenTree::Group(group) => {
                    out.push(format!("{:?}", group.delimiter()));
                    out.extend(tokens(group.stream()));
                    out.push("end".to_owned());
                }
                token => out.push(token.to_string()),
            }
        }
        if out.last().is_some_and(|last| last == ",") {
            out.pop();
        }
        out
    }

    fn assert_same(code: &str, name: &str) {
        let laid_out = laid_out(code);
        let before = tokens(code.parse().unwrap());
        let after = tokens(laid_out.parse().unwrap());
        assert_eq!(before, after, "{name}:\n{laid_out}");
    }

    #[test]
    fn layout_changes_no_tokens() {
        let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
        let mut count = 0;
        for entry in std::fs::read_dir(specs).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            count += 1;
            let name = path.display().to_string();
            let mut discovered = Discovered::default();
            let bytes = std::fs::read(&path).unwrap();
            discovered.add("specs/a.yaml", vec!["a".to_owned()], Some(bytes));
            let (specs, mistakes) = read::read(&discovered.sources);
            let target = Rust {
                is_included: false,
                crates: project::Crates::default(),
                types: project::RustTypes::default(),
            };
            let targets = targets::of(&Options::default(), &project::Surroundings::default());
            let checked = check::check(&discovered.sources, &specs, mistakes, &targets);
            let planned = plan(&checked.unwrap().contract, "ws", &target);
            for module in &planned.modules {
                let template = ModuleTemplate {
                    module,
                    crates: &planned.crates,
                    is_included: false,
                    inner_doc: "//!",
                };
                assert_same(&text(&template).unwrap(), &name);
            }
            for messages in &planned.messages {
                let template = MessagesTemplate {
                    messages,
                    crates: &planned.crates,
                    is_included: false,
                    inner_doc: "//!",
                };
                assert_same(&text(&template).unwrap(), &name);
            }
        }
        assert!(count > 10, "specs are missing");
    }
}
