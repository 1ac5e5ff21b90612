//! What every server of the benchmark is asked to do, where its library does not say how.
//!
//! | path | what a client gets |
//! | --- | --- |
//! | `/echo` | what it says |
//! | `/feed` | what is published on the channel `feed` |
//! | `/room` | what anybody in it says, itself included |
//! | `/control` | it says `COUNT SIZE`: then so many messages of so many bytes are published on `feed`, in one go |
//! | `/connect` | what it says, if its page is of the same origin and it is a [`User`] |

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
