//! Blocks that are files of a project.

use crate::{declaration, markdown::Block};
use autumn_gen::{Error, Mode, Overrides, Project, generate, write};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use walkdir::WalkDir;

/// The files of a project, by path.
type Files = BTreeMap<String, String>;

/// Writes the projects of a document with what their specs generate, and returns the declarations of their modules.
pub fn write_all(blocks: &[Block], out: &Path) -> String {
    projects(blocks)
        .into_iter()
        .map(|(first, files)| {
            let name = format!("project_{}", first.name());
            let folder = out.join(&name);
            match lay_out(&folder, files) {
                Ok(()) => {
                    move_into_module(&folder, &name);
                    declaration(&name, &folder.join("src/main.rs"))
                }
                Err(error) => format!(
                    "compile_error!({:?});\n",
                    format!("{}: {error}", first.place())
                ),
            }
        })
        .collect()
}

/// The projects, each with its first block. A project ends where a file is shown again, or another section shows a spec.
fn projects(blocks: &[Block]) -> Vec<(&Block, Files)> {
    let mut projects: Vec<(&Block, Files)> = Vec::new();
    let mut section = 0;
    for block in blocks.iter().filter(|block| !block.has("refused")) {
        let Some(file) = block.file() else { continue };
        let is_next = file.starts_with("specs/") && block.section != section;
        section = block.section;
        match projects.last_mut() {
            Some((_, files)) if !is_next && !files.contains_key(file) => {
                files.insert(file.to_owned(), block.text.clone());
            }
            _ => projects.push((block, Files::from([(file.to_owned(), block.text.clone())]))),
        }
    }
    let has_spec = |files: &Files| files.keys().any(|file| file.starts_with("specs/"));
    projects.retain(|(_, files)| has_spec(files));
    projects
}

/// Writes the files of a project, and those that are generated from its specs.
fn lay_out(folder: &Path, mut files: Files) -> Result<(), Error> {
    let _ = fs::remove_dir_all(folder);
    let main = main(&files);
    files.entry("src/main.rs".to_owned()).or_insert(main);
    let manifest = "[package]\nname = \"shown\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    files
        .entry("Cargo.toml".to_owned())
        .or_insert(manifest.to_owned());
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let project = Project::find(folder, &Overrides::default())?;
    let generated = generate(&project)?;
    write(&project, &generated, None, Mode::Write)?;
    Ok(())
}

/// A program around what is shown, when the document does not show one: every file is a module, whose items can be found at
/// the root.
fn main(files: &Files) -> String {
    let names = files
        .keys()
        .filter_map(|file| file.strip_prefix("src/")?.strip_suffix(".rs"));
    let modules = names.filter(|name| !name.contains('/'));
    let declare = |name: &str| match name {
        "tests" => "#[cfg(test)]\nmod tests;\n".to_owned(),
        name => format!("mod {name};\npub use {name}::*;\n"),
    };
    let declarations: String = modules.map(declare).collect();
    format!("mod ws;\n{declarations}fn main() {{\n    let _ = ws::router();\n}}\n")
}

/// The root of the project becomes a module: `crate::` is now further down.
fn move_into_module(folder: &Path, name: &str) {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let is_code = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    for path in entries.map(walkdir::DirEntry::into_path).filter(is_code) {
        let text = fs::read_to_string(&path).unwrap();
        fs::write(
            path,
            text.replace("crate::", &format!("crate::shown::{name}::")),
        )
        .unwrap();
    }
}
