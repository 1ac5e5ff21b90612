//! The servers' marks, which differ in form as well as in colour.

use crate::peer::Peer;

/// A mark with its centre at this position.
pub fn mark(peer: Peer, x: i32, y: i32) -> String {
    let form = match peer {
        Peer::AutumnGen | Peer::Axum => "m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
        Peer::AutumnWeb => "m-4-4h8v8h-8z",
        Peer::Fastwebsockets => "m0-5.5l5.5 5.5l-5.5 5.5l-5.5-5.5z",
        Peer::Bun => "m0-5l5 9h-10z",
        Peer::Uwebsockets => "m0 5l5-9h-10z",
    };
    format!(
        "<path d=\"M{x} {y}{form}\" class=\"mark {}\" fill=\"currentColor\"/>\n",
        peer.name()
    )
}
