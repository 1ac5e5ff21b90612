//! What specs that fit together amount to.

mod policy;

pub use policy::Policy;
