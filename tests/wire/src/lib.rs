//! An application that uses every key of the spec, so that tests see each key on the wire.
//!
//! Clients see what its hand-written code does, or tests do through [`AppState::note`].

pub mod extract;
mod state;
pub mod ws;

pub use state::{AppState, Notes};

use autumn_ws::Message;

/// A message behind a mark, which shows who handled it.
fn marked(mark: &str, message: &Message) -> String {
    let text = message.to_text().unwrap_or("no text");
    format!("{mark}: {text}")
}
