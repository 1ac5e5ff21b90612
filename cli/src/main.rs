//! The command line tool. What it does is in the library; here it meets the process.

use std::{env, process::ExitCode};

use autumn_gen::commands::{self, Arguments};
use clap::Parser;

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => commands::run(&arguments).into(),
        Err(usage) => commands::explain_usage(usage, env::args_os()).into(),
    }
}
