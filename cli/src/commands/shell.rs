//! Output in the habits of cargo: right-aligned verbs on standard error, colour only on a terminal. Names and texts may have
//! been made to mislead: what nobody sees is shown.

use crate::{characters::visible_lines, diagnostic::Diagnostics, output::difference::Sign};
use anstream::{ColorChoice, eprint, eprintln};
use anstyle::{AnsiColor, Style};

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

    /// Something that was done.
    pub(super) fn status(&self, verb: &str, what: &str) {
        if !self.quiet {
            eprintln!("{DONE}{verb:>12}{DONE:#} {}", visible_lines(what));
        }
    }

    /// Something that was fine already.
    pub(super) fn detail(&self, verb: &str, what: &str) {
        if self.verbose {
            eprintln!("{NOTE}{verb:>12}{NOTE:#} {}", visible_lines(what));
        }
    }

    /// Something that nobody should overlook.
    pub(super) fn warning(&self, text: &str) {
        if !self.quiet {
            eprintln!("{CAUTION}warning{CAUTION:#}: {}", visible_lines(text));
        }
    }

    /// Something that somebody should do.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            eprintln!("{NOTE}note{NOTE:#}: {}", visible_lines(text));
        }
    }

    /// One of several things that are wrong.
    #[allow(clippy::unused_self, reason = "errors are printed even when quiet")]
    pub(super) fn wrong(&self, verb: &str, what: &str) {
        eprintln!("{WRONG}{verb:>12}{WRONG:#} {}", visible_lines(what));
    }

    /// A line of a difference.
    #[allow(clippy::unused_self, reason = "errors are printed even when quiet")]
    pub(super) fn difference(&self, sign: Sign, line: &str) {
        let style = match sign {
            Sign::Place => NOTE,
            Sign::Same => Style::new(),
            Sign::Removed => WRONG,
            Sign::Added => DONE,
        };
        eprintln!("{style}{sign}{}{style:#}", visible_lines(line));
    }

    /// Why the command has failed, and what to do.
    pub(super) fn error(&self, message: &str, help: &str) {
        self.error_with_list(message, "", help);
    }

    /// The same, with a list of what it is about.
    #[allow(clippy::unused_self, reason = "errors are printed even when quiet")]
    pub(super) fn error_with_list(&self, message: &str, list: &str, help: &str) {
        eprintln!("{WRONG}error{WRONG:#}: {}", visible_lines(message));
        if !list.is_empty() {
            eprintln!("\n{}", visible_lines(list));
        }
        eprintln!("  {NOTE}={NOTE:#} help: {}", visible_lines(help));
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
