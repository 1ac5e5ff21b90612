//! Finds the socket's bytes in an HTTP/1.1 connection.

use super::handshake::Exchange;
use axum::http::Method;

/// The frames of an open socket.
#[derive(Debug)]
pub(super) struct Heard {
    /// The server's frames.
    pub(super) frames: Vec<u8>,
    /// The client's frames, if it is known which bytes these are.
    pub(super) said: Option<Vec<u8>>,
}

/// The preface of a connection that speaks HTTP/2 from the start.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Parses what was read and sent. `None` if no socket opened, or not over HTTP/1.1.
pub(super) fn socket(heard: &[u8], said: &[u8], exchanges: &[Exchange]) -> Option<Heard> {
    if said.starts_with(PREFACE) {
        return None;
    }
    let mut rest = heard;
    for before in 0.. {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(head) = response.parse(rest).expect("an HTTP response")
        else {
            return None;
        };
        rest = &rest[head..];
        if response.code == Some(101) {
            return Some(Heard {
                frames: rest.to_vec(),
                said: (before == 0).then(|| after_head(said)).flatten(),
            });
        }
        let is_head = exchanges
            .get(before)
            .is_some_and(|exchange| exchange.method == Method::HEAD);
        if !is_head {
            rest = rest.get(length(&response)?..)?;
        }
    }
    None
}

/// The length of a body, if it is stated.
fn length(response: &httparse::Response) -> Option<usize> {
    let header = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))?;
    str::from_utf8(header.value).ok()?.parse().ok()
}

/// What follows the head of the first request.
fn after_head(said: &[u8]) -> Option<Vec<u8>> {
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(said).ok()? else {
        return None;
    };
    Some(said[head..].to_vec())
}
