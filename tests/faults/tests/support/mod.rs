//! The process under test, and a failing network.

mod proxy;
mod server;

pub use proxy::Proxy;
pub use server::{FLOOD, Server};
