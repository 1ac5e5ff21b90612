//! The commands, and what they say about their results.

mod args;
mod build_script;
mod clean;
mod messages;
mod named;
mod new;
mod schema;
mod setup;
mod shell;
mod ws;

pub use self::{args::Arguments, build_script::build};

use self::{args::Command, shell::Shell};
use crate::{characters::visible, error::Error};
use clap::Parser as _;
use std::ffi::OsString;

/// Runs a command and returns the exit code: 0 done, 1 drift, 2 a spec is wrong, 3 the environment, 4 refused.
#[must_use]
pub fn run(arguments: &Arguments) -> u8 {
    let shell = Shell::new(arguments.quiet, arguments.verbose);
    let done = match &arguments.command {
        Command::Ws(ws) => ws::run(ws, &shell),
        Command::New(new) => new::run(new, &shell),
        Command::Clean(clean) => clean::run(clean, &shell),
        Command::Schema(schema) => schema::run(schema, &shell),
    };
    done.unwrap_or_else(|error| {
        explain(&error, &shell);
        error.exit_code()
    })
}

/// Says why the words of a command line are not understood, or how to write one, and returns the exit code. The one of clap
/// would mean that a spec is wrong.
#[must_use]
pub fn explain_usage(usage: clap::Error, words: impl Iterator<Item = OsString>) -> u8 {
    const ENVIRONMENT: u8 = 3;
    // clap prints arguments as they are, so it gets those that can be seen.
    let shown = words.map(|word| visible(&word.to_string_lossy()).into_owned());
    let usage = Arguments::try_parse_from(shown).err().unwrap_or(usage);
    let _ = usage.print();
    if usage.use_stderr() { ENVIRONMENT } else { 0 }
}

fn explain(error: &Error, shell: &Shell) {
    match error {
        Error::Specs(diagnostics) => {
            shell.diagnostics(diagnostics);
            let errors = diagnostics.located.len() + diagnostics.more;
            let (noun, those) = if errors == 1 {
                ("error", "it")
            } else {
                ("errors", "them")
            };
            let message = format!("{errors} {noun} in the specs; nothing was written");
            shell.error(&message, &format!("fix {those} and run the command again"));
        }
        Error::Environment(environment) | Error::Occupied(environment) => {
            shell.error(&environment.message, &environment.help);
        }
        // `ws` says itself what it refuses; a new project has nothing to refuse.
        Error::Refused(_) | Error::Bug(_) => {
            shell.error(&error.to_string(), "please report it with the spec");
        }
    }
}
