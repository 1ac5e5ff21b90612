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
//!     write(&project, &generated, None, Mode::Write)?;
//!     Ok(())
//! }
//! ```
//!
//! A `build.rs` that generates code for `include!` calls [`build`].
//!
//! An [`Error`] that `main` returns is printed as the command line prints it: mistakes in specs with their places.
//!
//! Start reading at [`generate`]: it is the table of contents.

mod characters;
mod check;
#[doc(hidden)]
pub mod commands;
mod compile;
mod contract;
pub mod diagnostic;
mod discover;
mod error;
mod options;
mod output;
mod paths;
pub mod place;
mod project;
mod read;
mod schema;
mod source;
mod spec;
mod suggest;
mod targets;
mod value;

pub use commands::build;
pub use compile::{clean, generate, generate_from, generate_with};
pub use diagnostic::{Diagnostics, Located, Mark};
pub use discover::Discovered;
pub use error::{Environment, Error};
pub use options::Options;
pub use output::clean::Cleaned;
pub use output::difference::{Difference, Sign};
pub use output::file::{File, Format, Ownership, Skeleton, Stub};
pub use output::generated::{Generated, HandlerPlace};
pub use output::handlers::{OutOfUse, Ways};
pub use output::report::{Entry, Report, State};
pub use output::{Mode, write};
pub use project::{Crates, Overrides, Project, Surroundings};
pub use schema::{json_schema, reference_page};
pub use source::Source;
