//! The job of every server of the benchmark, where its library does not define it.
//!
//! | path | what a client gets |
//! | --- | --- |
//! | `/echo` | its own messages |
//! | `/feed` | what is published on the channel `feed` |
//! | `/room` | what anyone in the room says, itself included |
//! | `/control` | nothing; it sends `COUNT SIZE`, and COUNT messages of SIZE bytes are published on `feed` at once |
//! | `/connect` | its own messages, if its page is of the same origin and it is a [`User`] |

mod burst;
mod user;

pub use self::{
    burst::Burst,
    user::{User, same_origin},
};

use std::env;

/// How many messages a subscriber may fall behind: more than are ever published at once.
pub const CAPACITY: usize = 128;

/// Where to listen, as the load generator says.
#[must_use]
pub fn address() -> String {
    env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned())
}
