//! Output in the habits of cargo: right-aligned verbs on standard error, colour only on a terminal.

use anstream::{ColorChoice, eprint, eprintln};
use anstyle::{AnsiColor, Style};

use crate::diagnostic::Diagnostics;

const DONE: Style = AnsiColor::Green.on_default().bold();
const WRONG: Style = AnsiColor::Red.on_default().bold();
const CAUTION: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// Where messages go.
#[derive(Debug)]
pub(super) struct Shell {
    quiet: bool,
    verbose: bool,
}

impl Shell {
    pub(super) fn new(quiet: bool, verbose: bool) -> Self {
        Self { quiet, verbose }
    }

    /// A thing that was done.
    pub(super) fn status(&self, verb: &str, what: &str) {
        if !self.quiet {
            eprintln!("{DONE}{verb:>12}{DONE:#} {what}");
        }
    }

    /// A thing that needed no doing.
    pub(super) fn detail(&self, verb: &str, what: &str) {
        if self.verbose {
            eprintln!("{NOTE}{verb:>12}{NOTE:#} {what}");
        }
    }

    /// Something that nobody may overlook.
    pub(super) fn warning(&self, text: &str) {
        if !self.quiet {
            eprintln!("{CAUTION}warning{CAUTION:#}: {text}");
        }
    }

    /// Something that somebody should do.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            eprintln!("{NOTE}note{NOTE:#}: {text}");
        }
    }

    /// A thing that is wrong, told in its place among others.
    #[allow(clippy::unused_self, reason = "errors are told even when quiet")]
    pub(super) fn wrong(&self, verb: &str, what: &str) {
        eprintln!("{WRONG}{verb:>12}{WRONG:#} {what}");
    }

    /// Why the command has failed, and what to do.
    #[allow(clippy::unused_self, reason = "errors are told even when quiet")]
    pub(super) fn error(&self, message: &str, help: &str) {
        eprintln!("{WRONG}error{WRONG:#}: {message}");
        eprintln!("  {NOTE}={NOTE:#} help: {help}");
    }

    pub(super) fn diagnostics(&self, diagnostics: &Diagnostics) {
        if !self.quiet || diagnostics.has_errors() {
            eprint!("{}", diagnostics.render(is_styled()));
        }
    }
}

/// Whether standard error takes colours: it is a terminal, and `NO_COLOR` and its kind do not say otherwise.
fn is_styled() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != ColorChoice::Never
}
