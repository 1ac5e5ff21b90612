//! What a shop does, over HTTP and real sockets, whoever wrote it: the file that includes this names the program.

mod feed;
mod limits;
mod metrics;
mod notices;
mod orders;
mod page;
mod rest;
pub mod server;
mod sign_out;
mod support;
