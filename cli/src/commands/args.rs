//! The command line.

use crate::{paths::quoted, project::Overrides};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Generates plain axum WebSocket modules from a YAML spec.
#[derive(Debug, Parser)]
#[command(
    name = "autumn-gen",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say nothing but errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Name unchanged files too.
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Generate the modules of the specs.
    Ws(Ws),
    /// Create a project that runs.
    New(New),
    /// Remove what was generated and nobody has edited.
    Clean(Clean),
    /// Print the JSON Schema of specs, for editors.
    Schema(Schema),
}

/// `autumn-gen ws`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(
    after_help = "Exit codes: 0 done, 1 the tree differs (--check), 2 a spec is wrong,\n3 files or permissions are in the way, 4 refused: somebody's work would be overwritten or no longer compiled."
)]
pub struct Ws {
    /// Specs, or folders of them, to generate [default: all of the project]; `-` reads one from standard input (with --stdout).
    #[arg(value_name = "SPEC")]
    pub specs: Vec<PathBuf>,
    /// Write nothing; exit with 1 if the tree differs from what would be generated.
    #[arg(long, conflicts_with_all = ["dry_run", "stdout", "force"])]
    pub check: bool,
    /// Show the whole difference; without --dry-run, check.
    #[arg(long, conflicts_with = "stdout")]
    pub diff: bool,
    /// Write nothing; say what would be created, updated and removed.
    #[arg(long, conflicts_with = "stdout")]
    pub dry_run: bool,
    /// Print the generated code instead of writing it.
    #[arg(long, conflicts_with = "force")]
    pub stdout: bool,
    /// Overwrite generated files that were edited by hand.
    #[arg(long)]
    pub force: bool,
    /// Which project.
    #[command(flatten)]
    pub project: ProjectFlags,
}

/// Which project a command is about.
#[derive(Debug, Args)]
pub struct ProjectFlags {
    /// The package, by its name in the workspace.
    #[arg(short, long, value_name = "PACKAGE")]
    pub package: Option<String>,
    /// The project's Cargo.toml [default: the nearest one upwards].
    #[arg(long, value_name = "PATH")]
    pub manifest_path: Option<PathBuf>,
    /// The folder of specs [default: specs].
    #[arg(long = "specs", value_name = "DIR")]
    pub specs_dir: Option<PathBuf>,
    /// The folder of generated code [default: src/ws].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

impl ProjectFlags {
    /// The same for the library.
    #[must_use]
    pub fn overrides(&self, read_only: bool) -> Overrides {
        Overrides {
            manifest: self.manifest_path.clone(),
            package: self.package.clone(),
            specs: self.specs_dir.clone(),
            out: self.out.clone(),
            read_only,
        }
    }

    /// The flags as words of a command.
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if let Some(package) = &self.package {
            words.extend(["-p".to_owned(), quoted(package)]);
        }
        let folders = [
            ("--manifest-path", &self.manifest_path),
            ("--specs", &self.specs_dir),
            ("--out", &self.out),
        ];
        for (flag, path) in folders {
            if let Some(path) = path {
                words.extend([flag.to_owned(), quoted(&path.to_string_lossy())]);
            }
        }
        words
    }
}

impl Ws {
    /// What these arguments say about the project.
    #[must_use]
    pub fn overrides(&self) -> Overrides {
        let read_only = self.stdout || self.dry_run || self.is_check();
        self.project.overrides(read_only)
    }

    /// Whether nothing is written, and a difference is an error.
    #[must_use]
    pub fn is_check(&self) -> bool {
        self.check || (self.diff && !self.dry_run)
    }

    /// The command that writes what these arguments check.
    #[must_use]
    pub fn fix(&self, force: bool) -> String {
        let mut words = vec!["autumn-gen".to_owned(), "ws".to_owned()];
        words.extend(self.project.words());
        words.extend(force.then(|| "--force".to_owned()));
        words.extend(
            self.specs
                .iter()
                .map(|spec| quoted(&spec.to_string_lossy())),
        );
        words.join(" ")
    }
}

/// `autumn-gen new`
#[derive(Debug, Args)]
pub struct New {
    /// The folder to create; its last part is the package's name.
    #[arg(value_name = "NAME")]
    pub path: PathBuf,
    /// Take the runtime crate from this folder instead of crates.io.
    #[arg(long, value_name = "PATH")]
    pub runtime_path: Option<PathBuf>,
}

/// `autumn-gen clean`
#[derive(Debug, Args)]
pub struct Clean {
    /// Remove nothing; say what would be removed, and what would stay.
    #[arg(long, conflicts_with = "force")]
    pub dry_run: bool,
    /// Remove generated files that were edited by hand, too.
    #[arg(long)]
    pub force: bool,
    /// Which project.
    #[command(flatten)]
    pub project: ProjectFlags,
}

impl Clean {
    /// The command for the same project.
    #[must_use]
    pub fn again(&self, force: bool) -> String {
        let words = ["autumn-gen".to_owned(), "clean".to_owned()].into_iter();
        let words = words.chain(self.project.words());
        words
            .chain(force.then(|| "--force".to_owned()))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// `autumn-gen schema`
#[derive(Debug, Args)]
pub struct Schema {
    /// Print the reference page of the format instead, in Markdown.
    #[arg(long)]
    pub markdown: bool,
    /// Write to this file instead.
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
}
