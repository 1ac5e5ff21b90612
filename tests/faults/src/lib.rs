//! An application whose clients misbehave: what its hand-written code does is made to be seen from
//! another process.

mod app;
pub mod control;
pub mod measures;
pub mod ws;

pub use app::App;
