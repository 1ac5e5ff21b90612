//! An application that uses every key of the spec, so that the tests see each of them on the wire.
//!
//! What its hand-written code does is made to be seen by a client, or by a test through
//! [`AppState::note`].

pub mod extract;
mod state;
pub mod ws;

pub use state::{AppState, Notes};

use autumn_ws::Message;

/// A message with a mark before it, to show through whose hands it went.
fn marked(mark: &str, message: &Message) -> String {
    let text = message.to_text().unwrap_or("no text");
    format!("{mark}: {text}")
}
