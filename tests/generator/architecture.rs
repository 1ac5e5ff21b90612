//! What ARCHITECTURE.md promises about who knows what, as far as the words of the code show it.

use crate::support::repository;
use std::fs;
use walkdir::WalkDir;

/// A promise: which files must not contain which words.
struct Rule {
    promise: &'static str,
    /// The files that the promise is about, by how their paths begin.
    within: &'static [&'static str],
    /// The files in it that may.
    except: &'static [&'static str],
    words: &'static [&'static str],
}

const RULES: &[Rule] = &[
    Rule {
        promise: "only `output` writes, and `new` creates the folder of its project",
        within: &["cli/src/"],
        except: &["cli/src/output/", "cli/src/commands/new.rs"],
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
        promise: "targets see the contract, never the spec",
        within: &["cli/src/targets/", "cli/src/targets.rs"],
        except: &[],
        words: &["crate::spec", "spec::{", "crate::read"],
    },
    Rule {
        promise: "`output` knows files, not what is in the specs or who generates them",
        within: &["cli/src/output/", "cli/src/output.rs"],
        except: &[],
        words: &[
            "crate::spec",
            "crate::contract",
            "crate::check",
            "crate::read",
            "crate::targets",
        ],
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
    let entries = WalkDir::new(root.join("cli/src")).sort_by_file_name();
    let paths = entries.into_iter().map(|entry| entry.unwrap().into_path());
    let rust = paths.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| {
        let shown = path.strip_prefix(&root).unwrap().display().to_string();
        (shown, fs::read_to_string(path).unwrap())
    })
    .collect()
}

#[test]
fn every_part_keeps_to_what_it_may_know() {
    let sources = sources();
    let mut broken = Vec::new();
    for Rule {
        promise,
        within,
        except,
        words,
    } in RULES
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

/// git for Windows checks links out as text files that hold their targets, and `cargo package` leaves out what is not in the
/// package's folder.
#[test]
fn a_build_needs_no_symbolic_links() {
    let folders = ["cli", "runtime"].map(|folder| repository().join(folder));
    let entries = folders
        .iter()
        .flat_map(|folder| WalkDir::new(folder).into_iter());
    let links = entries
        .map(Result::unwrap)
        .filter(walkdir::DirEntry::path_is_symlink);
    let needed = links.filter(|link| !link.file_name().to_string_lossy().starts_with("LICENSE"));
    let needed: Vec<_> = needed.map(walkdir::DirEntry::into_path).collect();
    assert!(needed.is_empty(), "{needed:?}");
}
