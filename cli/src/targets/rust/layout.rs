//! Rendered code into files, to the last byte.
//!
//! prettyplease prints the syntax tree, in which there are neither comments nor blank lines. Comments therefore travel
//! through it as attributes, and blank lines are put in afterwards.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::{io, thread};

use proc_macro2::Literal;
use syn::Item;

use super::print::Rendered;
use crate::error::{Environment, Error};
use crate::output::file::{File, Ownership};
use crate::targets::rust::FORMAT;
use crate::targets::rust::ir::code::Comment;

/// The stack of a thread that formats, in bytes. Syntax trees are walked by recursion, and the router of a project with as
/// many specs as there may be is a chain of as many calls.
const STACK: usize = 64 * 1024 * 1024;

/// Formats what was rendered, on all cores, and leaves the header to `output`. `specs` is what people call the folder of specs.
///
/// # Errors
///
/// Only when a template is at fault, or the system gives no thread.
pub fn layout(rendered: &[Rendered], specs: &str) -> Result<Vec<File>, Error> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = rendered.len().div_ceil(threads).max(1);
    let shares = thread::scope(|scope| {
        let running: Vec<_> = rendered
            .chunks(share)
            .map(|share| {
                let format = move || share.iter().map(|rendered| file(rendered, specs)).collect();
                thread::Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, format)
            })
            .collect();
        running
            .into_iter()
            .map(joined)
            .collect::<Result<Vec<Vec<File>>, Error>>()
    })?;
    let mut files = shares.concat();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn joined(
    thread: io::Result<thread::ScopedJoinHandle<Result<Vec<File>, Error>>>,
) -> Result<Vec<File>, Error> {
    let thread = thread.map_err(|error| {
        Environment::new(
            format!("cannot start a thread: {error}"),
            "see what the system says",
        )
    })?;
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

fn file(rendered: &Rendered, specs: &str) -> Result<File, Error> {
    let (path, from, ownership) = match rendered {
        Rendered::Folder { path, code } => {
            let from = format!("{}/", Comment::new(specs));
            let code = format_code(code)?;
            (folder_file(path), from, Ownership::Generated(code))
        }
        Rendered::Module { path, source, code } => {
            let code = format_code(code)?;
            (
                module_file(path),
                source.clone(),
                Ownership::Generated(code),
            )
        }
        Rendered::Skeleton { source, skeleton } => (
            module_file(&skeleton.path),
            source.clone(),
            Ownership::Handwritten(skeleton.clone()),
        ),
    };
    Ok(File {
        path,
        format: &FORMAT,
        from: vec![from],
        ownership,
    })
}

/// `["admin", "audit"]` as `admin/audit.rs`.
fn module_file(path: &[String]) -> PathBuf {
    path.iter().collect::<PathBuf>().with_extension("rs")
}

/// `["admin", "audit"]` as `admin/audit/mod.rs`.
fn folder_file(path: &[String]) -> PathBuf {
    path.iter().collect::<PathBuf>().join("mod.rs")
}

fn format_code(code: &str) -> Result<String, Error> {
    laid_out(code).map_err(|error| Error::bug(&error))
}

fn laid_out(code: &str) -> Result<String, syn::Error> {
    let file = syn::parse_file(&comments_to_attributes(code))?;
    let mut out = prettyplease::unparse(&syn::File {
        items: Vec::new(),
        ..file.clone()
    });
    let mut previous = None;
    for item in file.items {
        if previous
            .as_ref()
            .is_none_or(|previous| is_apart(previous, &item))
        {
            out.push('\n');
        }
        let alone = syn::File {
            shebang: None,
            attrs: Vec::new(),
            items: vec![item.clone()],
            frontmatter: None,
        };
        out.push_str(&prettyplease::unparse(&alone));
        previous = Some(item);
    }
    Ok(spaced(&attributes_to_comments(&out)))
}

/// Whether a blank line goes between two items: not between the lines of a list of `use` or `mod`.
fn is_apart(previous: &Item, item: &Item) -> bool {
    match (previous, item) {
        (Item::Use(previous), Item::Use(item)) => is_std(previous) != is_std(item),
        (Item::Mod(_), Item::Mod(_)) => false,
        _ => true,
    }
}

fn is_std(item: &syn::ItemUse) -> bool {
    matches!(&item.tree, syn::UseTree::Path(path) if path.ident == "std")
}

const ATTRIBUTE: &str = "#[comment = ";

fn comments_to_attributes(code: &str) -> String {
    let line = |line: &str| {
        let text = line.trim_start();
        let comment = text
            .strip_prefix("//")
            .filter(|rest| !rest.starts_with(['/', '!']));
        comment.map_or_else(
            || line.to_owned(),
            |comment| format!("{ATTRIBUTE}{}]", Literal::string(comment)),
        )
    };
    code.lines().map(|text| line(text) + "\n").collect()
}

fn attributes_to_comments(code: &str) -> String {
    let line = |line: &str| {
        let (indent, text) = line.split_at(line.len() - line.trim_start().len());
        let literal = text
            .strip_prefix(ATTRIBUTE)
            .and_then(|rest| rest.strip_suffix(']'));
        let comment = literal.and_then(|literal| syn::parse_str::<syn::LitStr>(literal).ok());
        comment.map_or_else(
            || line.to_owned(),
            |comment| format!("{indent}//{}", comment.value().trim_end()),
        )
    };
    code.lines().map(|text| line(text) + "\n").collect()
}

/// Sets documented members and commented statements off from what is before them.
fn spaced(code: &str) -> String {
    let mut out = String::new();
    let mut previous = "";
    for line in code.lines() {
        let text = line.trim_start();
        let is_doc = text.starts_with("///") && text.len() < line.len();
        let is_comment = text.starts_with("// ");
        let member_before = previous.ends_with([';', '}']);
        if (is_doc && member_before)
            || (is_comment && previous.ends_with(';') && !previous.trim_start().starts_with("//"))
        {
            out.push('\n');
        }
        out.push_str(line);
        // An arm that became a block: what ends it is a statement.
        if line.ends_with(".await?") && !text.starts_with("//") {
            out.push(';');
        }
        out.push('\n');
        previous = line;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn comments_and_blank_lines_survive() {
        let code = "//! Doc.\nuse std::a;\nuse b::c;\nfn f() {\n    let a = 1;\n    // Why \"b\".\n    let b = 2;\n}\nfn g() { match x { // not alone on its line\n A => {}\n // Because.\n B => {} } }";
        let code = code.replace("// not alone on its line", "");
        let formatted = laid_out(&code).unwrap();
        assert_eq!(
            formatted,
            "//! Doc.\n\nuse std::a;\n\nuse b::c;\n\nfn f() {\n    let a = 1;\n\n    // Why \"b\".\n    let b = 2;\n}\n\nfn g() {\n    match x {\n        A => {}\n        // Because.\n        B => {}\n    }\n}\n"
        );
    }
}
