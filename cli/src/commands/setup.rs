//! What a crate lacks to compile generated code: the module's declaration, and dependencies.

use super::shell::Shell;
use crate::{
    output::{file::File, handlers::Code},
    project::{Crates, Dependency, Project},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Says what to add to the crate around generated code, if it has a root at all.
pub(super) fn explain(project: &Project, files: &[File], shell: &Shell) {
    let roots = roots(project);
    let Some(root) = roots.first().filter(|_| !files.is_empty()) else {
        return;
    };
    let module = project.surroundings().out;
    if declaring(project, &roots, &module).is_none() {
        shell.note(&format!(
            "the generated code is not compiled yet: add `mod {module};` to {}",
            project.shown(root)
        ));
    }
    if project.is_of_edition_2015() {
        shell.note("the generated code needs a later edition of Rust: add `edition = \"2024\"` to the `[package]` in Cargo.toml");
    }
    let commands = missing(project, files);
    if !commands.is_empty() {
        shell.note(&format!(
            "the generated code needs what Cargo.toml does not have:\n    {}",
            commands.join("\n    ")
        ));
    }
}

/// The file that should declare the module first, then the others that may.
fn roots(project: &Project) -> Vec<PathBuf> {
    let Some(parent) = project.out().parent() else {
        return Vec::new();
    };
    let likely = ["lib.rs", "main.rs", "mod.rs"].map(|name| parent.join(name));
    let likely = likely.into_iter().chain([parent.with_extension("rs")]);
    likely.filter(|path| path.is_file()).collect()
}

/// Says which declaration is left over when all generated code is gone.
pub(super) fn explain_removal(project: &Project, shell: &Shell) {
    let module = project.surroundings().out;
    if let Some(path) = declaring(project, &roots(project), &module) {
        shell.note(&format!(
            "{} still declares or names the module `{module}`: remove that, too",
            project.shown(&path)
        ));
    }
}

/// A file near the generated code that declares its module, or names its files in an attribute.
fn declaring(project: &Project, roots: &[PathBuf], module: &str) -> Option<PathBuf> {
    let folders = [project.out().parent(), Some(project.root())];
    let beside = folders.into_iter().flatten().flat_map(rust_files);
    let binaries = rust_files(&project.root().join("src/bin"));
    let file = format!("{module}/mod.rs");
    let declares = |path: &PathBuf| {
        let code = Code::read(&fs::read_to_string(path).unwrap_or_default());
        code.modules().contains(module) || code.files().any(|name| name.ends_with(&file))
    };
    roots
        .iter()
        .cloned()
        .chain(beside)
        .chain(binaries)
        .find(declares)
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The runtime is not on crates.io yet: it comes from a checkout, as in the guide.
const RUNTIME: &str = "autumn-ws";
const CHECKOUT: &str = "../autumn-gen/runtime";

/// A crate that generated code may use.
struct Need {
    package: &'static str,
    /// What the package around generated code calls it.
    path: String,
    feature: Option<Feature>,
}

/// A feature of a crate that generated code may need.
struct Feature {
    name: &'static str,
    /// What the code has in it if it needs the feature.
    sign: &'static str,
    is_default: bool,
}

fn needs(crates: Crates) -> [Need; 6] {
    let need = |package, path, feature| Need {
        package,
        path,
        feature,
    };
    let own = |name, sign| {
        Some(Feature {
            name,
            sign,
            is_default: false,
        })
    };
    let query = Feature {
        name: "query",
        sign: ": Query<",
        is_default: true,
    };
    [
        need(
            RUNTIME,
            crates.autumn_ws,
            own("messages", "The messages of `"),
        ),
        need("axum", crates.axum, Some(query)),
        need("serde", crates.serde, own("derive", "::Deserialize")),
        need("serde-json", crates.serde_json, None),
        // The usual types behind types of specs.
        need("chrono", "chrono".to_owned(), own("serde", "chrono::")),
        need("uuid", "uuid".to_owned(), own("serde", "uuid::")),
    ]
}

/// The commands that add the crates and features which the files use and the package does not have.
fn missing(project: &Project, files: &[File]) -> Vec<String> {
    let is_used = |text: &str| {
        let mut generated = files.iter().filter_map(File::generated);
        generated.any(|file| file.contains(text))
    };
    let commands = needs(project.surroundings().crates).into_iter();
    let commands = commands.filter(|need| is_used(&format!("{}::", need.path)));
    commands
        .filter_map(|mut need| {
            need.feature = need.feature.filter(|feature| is_used(feature.sign));
            command(&need, project.dependencies().find(need.package))
        })
        .collect()
}

/// The command that adds a crate, or a feature of one that was found; `None`: nothing is missing.
fn command(need: &Need, found: Option<&Dependency>) -> Option<String> {
    let package = need.package;
    let mut feature = need.feature.as_ref();
    let mut words = vec!["cargo add"];
    match found {
        None if package == RUNTIME => words.extend(["--path", CHECKOUT]),
        _ => words.push(crates_io(package)),
    }
    match found {
        Some(found) => {
            feature = feature.filter(|feature| !found.has(feature.name, feature.is_default));
            feature?;
            if !found.keeps_name_of(package) {
                words.extend(["--rename", &found.name]);
            }
        }
        // What another crate re-exports is not a dependency.
        None if need.path != package.replace('-', "_") => return None,
        // A crate that is added has its default features.
        None => feature = feature.filter(|feature| !feature.is_default),
    }
    if let Some(Feature { name, .. }) = feature {
        words.extend(["--features", name]);
    }
    Some(words.join(" "))
}

/// The name of a package as crates.io writes it.
fn crates_io(package: &'static str) -> &'static str {
    if package == "serde-json" {
        "serde_json"
    } else {
        package
    }
}
