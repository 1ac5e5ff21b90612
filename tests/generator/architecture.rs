//! What ARCHITECTURE.md promises about who knows what.

use crate::support::repository;
use proc_macro2::{TokenStream, TokenTree};
use std::{
    fs,
    path::{Path, PathBuf},
};
use walkdir::{DirEntry, WalkDir};

/// A promise: which files must not contain which words.
struct Rule {
    promise: &'static str,
    /// The files that the promise is about, by how their paths begin.
    within: &'static [&'static str],
    /// The files in it that may.
    except: &'static [&'static str],
    words: &'static [&'static str],
}

const WORDS: &[Rule] = &[
    Rule {
        promise: "only `output` writes, and `new` creates the folder of its project",
        within: &["cli/src/"],
        except: &[
            "cli/src/output/",
            "cli/src/commands/new.rs",
            "cli/src/commands/new/place.rs",
        ],
        words: &[
            "fs::write",
            "File::create",
            "File::options",
            "OpenOptions",
            "fs::remove",
            "fs::rename",
            "fs::create",
            "set_modified",
            "persist(",
        ],
    },
    Rule {
        promise: "only `read` knows YAML",
        within: &["cli/src/"],
        except: &["cli/src/read/", "cli/src/read.rs"],
        words: &["serde_yaml::", "saphyr_parser::"],
    },
    Rule {
        promise: "the library says nothing to the terminal",
        within: &["cli/src/"],
        except: &["cli/src/commands/", "cli/src/main.rs"],
        words: &[
            "println!",
            "eprint!",
            "eprintln!",
            "std::env",
            "std::process::exit",
        ],
    },
];

/// The Rust files of the generator, relative to the repository.
fn sources() -> Vec<(String, String)> {
    let root = repository();
    let files = rust_files(&root.join("cli/src"));
    let shown = |path: &Path| path.strip_prefix(&root).unwrap().display().to_string();
    files
        .iter()
        .map(|path| (shown(path), fs::read_to_string(path).unwrap()))
        .collect()
}

#[test]
fn words_stand_only_where_they_may() {
    let sources = sources();
    let mut broken = Vec::new();
    for Rule {
        promise,
        within,
        except,
        words,
    } in WORDS
    {
        let begins = |path: &str, with: &[&str]| with.iter().any(|start| path.starts_with(start));
        let mut files = sources
            .iter()
            .filter(|(path, _)| begins(path, within))
            .peekable();
        assert!(files.peek().is_some(), "no file is within {within:?}");
        for (path, text) in files.filter(|(path, _)| !begins(path, except)) {
            // Documentation and comments may name what the code must not use.
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            let used = code.filter(|line| words.iter().any(|word| line.contains(word)));
            broken.extend(used.map(|line| format!("{promise}:\n  {path}: {}", line.trim())));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// A package may have other names for its dependencies.
#[test]
fn templates_name_no_crate_themselves() {
    let templates = rust_files(&repository().join("cli/templates/rust"));
    assert!(!templates.is_empty());
    for path in templates {
        let text = fs::read_to_string(&path).unwrap();
        for name in ["autumn_ws::", "axum::", "serde::"] {
            assert!(!text.contains(name), "{} has `{name}`", path.display());
        }
    }
}

/// git for Windows checks links out as text files that hold their targets, and `cargo package` leaves out what is not in the
/// package's folder.
#[test]
fn packages_have_no_symbolic_links() {
    let folders = ["cli", "runtime"].map(|folder| repository().join(folder));
    let entries = folders
        .iter()
        .flat_map(|folder| WalkDir::new(folder).into_iter());
    let links = entries
        .map(Result::unwrap)
        .filter(DirEntry::path_is_symlink);
    let links: Vec<_> = links.map(DirEntry::into_path).collect();
    assert!(links.is_empty(), "{links:?}");
}

#[test]
fn every_package_has_the_licences_of_the_repository() {
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    for package in ["cli", "runtime", "runtime/core", "runtime/replicas"] {
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let own = read(repository().join(package).join(licence));
            assert_eq!(own, read(repository().join(licence)), "{package}/{licence}");
        }
    }
}

/// The modules that a part of the generator may not use.
const USES: [(&str, &[&str]); 10] = [
    // Targets see the contract, and not how it was made.
    (
        "targets",
        &["spec", "read", "check", "discover", "commands"],
    ),
    // Templates see the intermediate representation.
    ("targets/rust/ir", &["contract", "spec"]),
    ("targets/rust/print", &["contract", "spec"]),
    ("targets/rust/layout", &["contract", "spec"]),
    // The contract is neutral: it knows neither languages nor targets.
    ("contract", &["read", "check", "targets", "output"]),
    // Values do not know what is made of them.
    ("value", &["spec", "contract", "read", "check", "targets"]),
    ("read", &["contract", "check", "targets", "output"]),
    ("check", &["read", "output", "commands"]),
    // Files and texts are found without a look into them.
    (
        "discover",
        &["spec", "read", "check", "contract", "targets"],
    ),
    ("output", &["spec", "read", "check", "targets", "commands"]),
];

#[test]
fn the_parts_of_the_generator_use_what_they_may() {
    let source = repository().join("cli/src");
    let files = rust_files(&source);
    for (part, forbidden) in USES {
        let belongs = |file: &&PathBuf| {
            let below = file.strip_prefix(&source).unwrap();
            below.starts_with(part) || below == Path::new(part).with_extension("rs")
        };
        let files: Vec<&PathBuf> = files.iter().filter(belongs).collect();
        assert!(!files.is_empty(), "{part} is not there any more");
        for file in files {
            let text = fs::read_to_string(file).unwrap();
            let used = used_modules(text.split("#[cfg(test)]").next().unwrap());
            let wrong: Vec<&String> = used
                .iter()
                .filter(|module| forbidden.contains(&module.as_str()))
                .collect();
            assert!(wrong.is_empty(), "{} uses {wrong:?}", file.display());
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    let paths = entries.map(|entry| entry.unwrap().into_path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The modules of its crate that a file names: `crate::a::b` and `crate::{a, b::c}`.
fn used_modules(text: &str) -> Vec<String> {
    fn collect(tokens: TokenStream, used: &mut Vec<String>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            if let TokenTree::Group(group) = token {
                collect(group.stream(), used);
            }
            if token.to_string() == "crate" {
                used.extend(names(tokens.get(index + 3)));
            }
        }
    }
    let mut used = Vec::new();
    collect(text.parse().unwrap(), &mut used);
    used
}

/// A name, or the names that the elements of a list begin with.
fn names(token: Option<&TokenTree>) -> Vec<String> {
    let Some(TokenTree::Group(group)) = token else {
        return token.map(ToString::to_string).into_iter().collect();
    };
    let mut names = Vec::new();
    let mut is_first = true;
    for token in group.stream() {
        if is_first {
            names.push(token.to_string());
        }
        is_first = token.to_string() == ",";
    }
    names
}
