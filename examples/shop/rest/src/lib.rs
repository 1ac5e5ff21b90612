//! The shop before it had sockets: a REST service with SQLite and cookie sessions.
//!
//! It knows nothing of sockets. What they must hear, it reports through [`Live`].

mod error;
mod live;
mod orders;
mod routes;
mod server;
mod store;
mod support;
mod user;

pub use self::{
    error::Error,
    live::Live,
    orders::{Order, Status},
    routes::router,
    server::listen,
    store::Store,
    support::Line,
    user::CurrentUser,
};
