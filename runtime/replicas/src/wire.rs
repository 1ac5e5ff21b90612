//! What travels between a replica and its engine.

mod command;
mod frame;
mod subject;

pub use self::{
    command::Command,
    frame::{Frame, HEADER},
    subject::Subject,
};

pub(crate) use self::{
    frame::{FrameId, Kind, NotOurs, Received, content, next_connection},
    subject::Recipients,
};
