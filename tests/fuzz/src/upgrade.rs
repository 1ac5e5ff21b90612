//! Generated endpoints: whatever a client says, it is answered as RFC 6455 has it, and nothing of it stays.

mod client;
mod forwarded;
mod frames;
mod handshake;
mod reference;
mod responses;
mod rules;
mod server;
mod shape;

use handshake::Exchange;
use responses::Heard;
use server::Server;
use shape::Shape;
use tokio::runtime::Builder;

/// Serves one connection, on which the client says what the input is, and panics where a promise is broken:
///
/// * nothing panics, user code included, and no answer is a 5xx;
/// * only a handshake that is one opens a socket, and a page from a foreign origin never does;
/// * every message comes back, and the socket is closed with the code that RFC 6455 asks for;
/// * session, task and channel are gone when the client is.
///
/// The clock is the runtime's own and jumps to the next timer when there is nothing else to do: a client that is silent
/// for an hour costs nothing. See [`Shape`] for the input.
pub fn check(input: &[u8]) {
    let Some((shape, said)) = Shape::read(input) else {
        return;
    };
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without a driver");
    runtime.block_on(connection(&shape, said));
}

async fn connection(shape: &Shape, said: &[u8]) {
    let (server, io) = Server::start(shape);
    if shape.http2 {
        let heard = client::http2(io, said, shape).await;
        let exchanges = server.stop().await;
        check_session(&exchanges, heard, shape);
    } else {
        let heard = client::http1(io, said, shape).await;
        let exchanges = server.stop().await;
        let heard = responses::socket(&heard, said, &exchanges);
        check_session(&exchanges, heard, shape);
    }
}

/// Every request was answered as it may be, and what was said on the socket that the last one opened.
fn check_session(exchanges: &[Exchange], heard: Option<Heard>, shape: &Shape) {
    for exchange in exchanges {
        exchange.check(shape.proxy);
    }
    let Some(heard) = heard else { return };
    let opened = exchanges.last().filter(|exchange| exchange.is_open());
    let opened = opened.expect("what opens a socket is the last request");
    let answered = frames::read(&heard.frames);
    if let Some(said) = &heard.said {
        reference::answer(said, opened.rules(), shape).check(&answered, shape);
    }
}
