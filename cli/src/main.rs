//! The command line tool. What it does is in the library; here it meets the process.

use std::process::ExitCode;

use clap::Parser;

use autumn_gen::commands::{self, Arguments};

fn main() -> ExitCode {
    ExitCode::from(commands::run(&Arguments::parse()))
}
