//! The user's handlers: what they lack, and which of them fall out of use. They are read, and never written.

mod code;
mod declared;
mod missing;
mod out_of_use;
mod pairs;
mod reach;
mod tracked;
mod traits;
mod ways;

pub use self::{
    code::Code,
    declared::declared,
    missing::missing,
    out_of_use::{OutOfUse, unused},
    traits::Traits,
    ways::Ways,
};
