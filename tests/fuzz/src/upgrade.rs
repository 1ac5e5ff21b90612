//! Generated endpoints: anything a client sends is answered according to RFC 6455, and leaves
//! nothing behind.

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

/// Serves one connection, on which the client sends the input, and panics if a promise is broken:
///
/// * nothing panics, user code included, and no answer is a 5xx;
/// * only a valid handshake opens a socket, and a page of a foreign origin never does;
/// * every message is echoed, and the socket closes with the code that RFC 6455 asks for;
/// * session, task and channel are gone when the client is.
///
/// The clock is the runtime's own and jumps to the next timer when there is nothing else to do, so
/// a client that is silent for an hour costs nothing. [`Shape`] describes the input.
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

/// Checks that every request got a valid answer, and what was said on the socket that the last one
/// opened.
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
