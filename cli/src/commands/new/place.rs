//! The folder of a new project, in which other files may be.

use crate::error::{Environment, Error};
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// A file that somebody has written is kept.
const KEPT: &str = "README.md";

/// Files that somebody has written get the lines that they lack.
const COMPLETED: &[&str] = &[".gitattributes", ".gitignore"];

/// Refuses a file, and a folder that is a package.
pub(super) fn check_folder(path: &Path, shown: &Path) -> Result<(), Error> {
    let is_there = path.symlink_metadata().is_ok();
    if is_there && !path.is_dir() {
        return Err(occupied(
            format!("`{}` exists already", shown.display()),
            "choose another name",
        ));
    }
    let manifest = fs::read_to_string(path.join("Cargo.toml")).unwrap_or_default();
    let manifest: Option<toml::Table> = manifest.parse().ok();
    if manifest.is_some_and(|manifest| manifest.contains_key("package")) {
        let message = if shown == Path::new(".") {
            "this is a package already".to_owned()
        } else {
            format!("`{}` is a package already", shown.display())
        };
        return Err(occupied(
            message,
            "put a spec in specs/ and run `autumn-gen ws`",
        ));
    }
    Ok(())
}

/// Moves the files of a project into the folder `to`, if none of them would overwrite another.
pub(super) fn move_files(from: &Path, to: &Path) -> Result<(), Error> {
    let files = files(from).map_err(|error| Environment::io("read", from, error))?;
    let obstacles: BTreeSet<PathBuf> = files.iter().filter_map(|file| obstacle(to, file)).collect();
    if !obstacles.is_empty() {
        let verb = if obstacles.len() == 1 {
            "exists"
        } else {
            "exist"
        };
        let names: Vec<String> = obstacles
            .iter()
            .map(|path| format!("`{}`", path.display()))
            .collect();
        let message = format!(
            "{} {verb} already, and a new project overwrites nothing",
            names.join(", ")
        );
        let help = "create the project in another folder: `autumn-gen new NAME`";
        return Err(occupied(message, help));
    }
    for file in files {
        let (from, to) = (from.join(&file), to.join(&file));
        move_file(&from, &to, &file).map_err(|error| Environment::io("create", &to, error))?;
    }
    Ok(())
}

fn occupied(message: String, help: &str) -> Error {
    Error::Occupied(Environment::new(message, help))
}

/// What keeps a file from its place below `to`: a file there, or one where a folder is to be.
fn obstacle(to: &Path, file: &Path) -> Option<PathBuf> {
    let place = to.join(file);
    let is_there = place.symlink_metadata().is_ok();
    if is_there && !(is_shared(file) && place.is_file()) {
        return Some(file.to_owned());
    }
    let mut folders = file.ancestors().skip(1);
    let is_in_the_way = |folder: &&Path| {
        let folder = to.join(folder);
        folder.symlink_metadata().is_ok() && !folder.is_dir()
    };
    folders.find(is_in_the_way).map(Path::to_owned)
}

/// Whether a file may be there already.
fn is_shared(file: &Path) -> bool {
    file == Path::new(KEPT) || is_completed(file)
}

fn is_completed(file: &Path) -> bool {
    COMPLETED.iter().any(|name| file == Path::new(name))
}

fn move_file(from: &Path, to: &Path, file: &Path) -> io::Result<()> {
    if !to.exists() {
        fs::create_dir_all(to.parent().unwrap_or(Path::new("/")))?;
        return fs::rename(from, to);
    }
    if is_completed(file) {
        let text = completed(fs::read_to_string(to)?, &fs::read_to_string(from)?);
        fs::write(to, text)?;
    }
    Ok(())
}

/// A file for git with the lines of another that it lacks.
fn completed(mut text: String, wanted: &str) -> String {
    let rule = |line: &str| line.trim().trim_matches('/').to_owned();
    let present: Vec<String> = text.lines().map(rule).collect();
    for line in wanted.lines() {
        if present.contains(&rule(line)) {
            continue;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// All files below a folder, relative to it.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
