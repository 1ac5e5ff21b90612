//! Generated files on their way to the disk. Only this stage writes.

pub mod file;
pub mod handlers;
pub mod report;
pub mod write;
