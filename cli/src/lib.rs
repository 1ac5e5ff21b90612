//! Generates plain axum WebSocket modules from a YAML spec.
//!
//! The command line tool of the same name is a thin wrapper around this library, which serves a `build.rs`, a test or
//! another tool just as well:
//!
//! ```no_run
//! use autumn_gen::{Mode, Overrides, Project, generate, write};
//!
//! fn main() -> Result<(), autumn_gen::Error> {
//!     let project = Project::find(".".as_ref(), &Overrides::default())?;
//!     let generated = generate(&project)?;
//!     let report = write(&project, &generated.files, None, Mode::Write)?;
//!     for entry in &report.entries {
//!         println!("{}: {}", entry.path, entry.state.reason());
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Start reading at [`generate`]: it is the table of contents.

pub mod code;
#[doc(hidden)]
pub mod commands;
pub mod diagnostic;
mod error;
mod files;
mod handlers;
mod ir;
mod locate;
mod names;
mod paths;
mod pipeline;
pub mod place;
mod project;
mod report;
mod source;
mod spec;
mod suggest;

pub use error::{Environment, Error};
pub use files::{Content, EPOCH, File, Skeleton, Stub};
pub use pipeline::discover::Discovered;
pub use pipeline::write::{Mode, write};
pub use pipeline::{Generated, generate, generate_from};
pub use project::{Folders, Overrides, Project};
pub use report::{Diagnostics, Entry, Located, Mark, Report, State};
pub use source::Source;
