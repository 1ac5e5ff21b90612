//! The command line tool. What it does is in the library; here it meets the process.

use std::process::ExitCode;

use autumn_gen::commands::{self, Arguments};
use clap::Parser;

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => commands::run(&arguments).into(),
        Err(usage) => {
            let _ = usage.print();
            commands::usage_exit_code(&usage).into()
        }
    }
}
