//! Shell commands in documents: what they name exists, and `autumn-gen` takes their arguments.

use crate::each;
use autumn_gen::commands::Arguments;
use clap::Parser;
use document_tests::markdown::{files, repository};
use std::{fs, path::PathBuf, process::Command};
use toml::Table;

/// Programs whose arguments are not ours to check.
const PROGRAMS: &[&str] = &[
    "cat", "cd", "cp", "curl", "echo", "export", "git", "kill", "ls", "mkdir", "mv", "npx", "rm",
    "set", "taskset", "websocat",
];

/// Words of the shell, after which a command begins.
const KEYWORDS: &[&str] = &[
    "do", "else", "for", "if", "then", "while", "done", "fi", "!",
];

#[test]
fn commands_exist() {
    each("sh", |block| check(&block.text));
    each("console", |block| check(&commands_of_session(&block.text)));
}

/// A check that finds nothing would be worse than none.
#[test]
fn wrong_commands_are_found() {
    for script in [
        "autumn-gen ws --nope",
        "cargo run -q -- ws --nope",
        "cd demo && cargo run -p nothing",
        "cargo test -p autumn-gen --test nothing",
        "cargo install --path nothing",
        "bash nothing",
        "if true; then",
        "nothing",
    ] {
        assert!(!check(script).is_empty(), "{script}");
    }
}

/// The commands of a session: lines that begin with `$`. The rest is what they print.
fn commands_of_session(text: &str) -> String {
    let mut commands = String::new();
    let mut continues = false;
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ").or(continues.then_some(line)) {
            commands.extend([command, "\n"]);
            continues = command.ends_with('\\');
        }
    }
    commands
}

/// What is wrong with a script.
pub fn check(script: &str) -> Vec<String> {
    let syntax = Command::new("bash").args(["-n", "-c", script]).output();
    let syntax = syntax.expect("bash is there");
    if !syntax.status.success() {
        return vec![String::from_utf8_lossy(&syntax.stderr).into_owned()];
    }
    let joined = script.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let commands = lines.flat_map(commands);
    commands.filter_map(|words| wrong(&words)).collect()
}

/// The words of each command in a line.
fn commands(line: &str) -> Vec<Vec<String>> {
    let words = shlex::split(&line.replace(';', " ; ")).unwrap_or_default();
    let is_sign = |word: &String| matches!(word.as_str(), "&&" | "||" | "|" | ";" | "&");
    words.split(is_sign).map(<[String]>::to_vec).collect()
}

/// What is wrong with a command.
fn wrong(words: &[String]) -> Option<String> {
    let is_prefix = |word: &&String| KEYWORDS.contains(&word.as_str()) || is_assignment(word);
    let skipped = words.iter().take_while(is_prefix).count();
    let is_loop = words[..skipped].iter().any(|word| word == "for");
    let words: Vec<&str> = words[skipped..].iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => None,
        _ if is_loop => None,
        ["autumn-gen", arguments @ ..] => wrong_arguments(arguments),
        ["cargo", "run", rest @ ..] => wrong_run(rest),
        ["cargo", rest @ ..] => wrong_package(rest),
        ["bash" | "sh", script, ..] => {
            let is_there = repository().join(script).is_file();
            (!is_there).then(|| format!("there is no `{script}`"))
        }
        [program, ..] if PROGRAMS.contains(program) => None,
        [program, ..] => Some(format!("`{program}` is not a program that is known here")),
    }
}

fn is_assignment(word: &str) -> bool {
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    word.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// `cargo run`: of the package that is named, or of the generator.
fn wrong_run(words: &[&str]) -> Option<String> {
    let end = words.iter().position(|word| *word == "--");
    let (options, arguments) = words.split_at(end.unwrap_or(words.len()));
    let package = options
        .iter()
        .position(|word| matches!(*word, "-p" | "--package"));
    let package = package.and_then(|at| options.get(at + 1));
    let is_ours = package.is_none_or(|package| *package == "autumn-gen");
    match arguments {
        [_, arguments @ ..] if is_ours => wrong_arguments(arguments),
        _ => wrong_package(options),
    }
}

/// What `autumn-gen` says about arguments that it does not take.
fn wrong_arguments(arguments: &[&str]) -> Option<String> {
    let parsed = Arguments::try_parse_from([&["autumn-gen"], arguments].concat());
    let refused = parsed.err().filter(clap::Error::use_stderr);
    refused.map(|error| error.to_string())
}

/// The packages and test targets that an invocation of cargo names.
fn wrong_package(words: &[&str]) -> Option<String> {
    let is_other = words
        .first()
        .is_some_and(|first| matches!(*first, "deny" | "fuzz" | "install"));
    let named = |flag: &[&str]| {
        let at = words.iter().position(|word| flag.contains(word))?;
        words.get(at + 1).copied()
    };
    if let Some(path) = named(&["--path"]) {
        let inside = path.trim_start_matches("../autumn-gen/");
        let is_package = repository().join(inside).join("Cargo.toml").is_file();
        return (!is_package).then(|| format!("there is no package in `{path}`"));
    }
    let package = named(&["-p", "--package"]).filter(|_| !is_other)?;
    let is_it = |(_, manifest): &(_, Table)| name(manifest.get("package")) == Some(package);
    let Some((path, manifest)) = manifests().into_iter().find(is_it) else {
        return Some(format!("there is no package `{package}`"));
    };
    let test = named(&["--test"])?;
    let tests = manifest.get("test").and_then(|tests| tests.as_array());
    let is_named = tests
        .into_iter()
        .flatten()
        .any(|one| name(Some(one)) == Some(test));
    let folder = path.with_file_name("tests");
    let is_found = folder.join(test).join("main.rs").exists()
        || folder.join(test).with_extension("rs").exists();
    (!is_named && !is_found).then(|| format!("`{package}` has no test `{test}`"))
}

/// The manifests of the repository, and where they are.
fn manifests() -> Vec<(PathBuf, Table)> {
    let parsed = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path, text.parse().unwrap())
    };
    files("/Cargo.toml").into_iter().map(parsed).collect()
}

fn name(table: Option<&toml::Value>) -> Option<&str> {
    table?.get("name")?.as_str()
}
