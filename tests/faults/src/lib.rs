//! An application for misbehaving clients. Another process can see what its hand-written code does.

mod app;
pub mod control;
pub mod measures;
pub mod ws;

pub use app::App;
