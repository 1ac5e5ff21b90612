//! Clients: the bytes as they are over HTTP/1.1, or the same request over HTTP/2.

use super::{
    responses::Heard,
    shape::{Ending, Shape},
};
use axum::body::Bytes;
use axum::http::{Method, Request, Uri};
use h2::{SendStream, client::SendRequest, ext::Protocol};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, split},
    task::yield_now,
    time::timeout,
};

/// Longer than any session with a silent client.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Sends the bytes and reads what the server sends, until it closes or has been silent for long.
pub(super) async fn http1(io: DuplexStream, said: &[u8], shape: &Shape) -> Vec<u8> {
    let (mut read, mut write) = split(io);
    let mut bytes = Vec::new();
    let talk = async {
        for chunk in said.chunks(shape.chunk) {
            if write.write_all(chunk).await.is_err() {
                return;
            }
            yield_now().await;
        }
        if shape.ending == Ending::HalfClosed {
            write.shutdown().await.ok();
        }
    };
    let listen = read.read_to_end(&mut bytes);
    if shape.ending == Ending::Gone {
        tokio::select! {
            () = talk => {}
            _ = listen => {}
        }
    } else {
        let both = async { tokio::join!(talk, listen) };
        // Without a socket, the server may wait forever for another request.
        timeout(HOUR, both).await.ok();
    }
    bytes
}

/// Reads a request as HTTP/1.1, sends the same over HTTP/2, and listens. `None` if no socket
/// opened.
pub(super) async fn http2(io: DuplexStream, said: &[u8], shape: &Shape) -> Option<Heard> {
    let (request, body) = translated(said)?;
    let (client, connection) = h2::client::handshake(io).await.ok()?;
    // Not spawned, so that it ends with the client.
    tokio::select! {
        heard = exchange(client, request, &body, shape) => heard,
        _ = connection => None,
    }
}

async fn exchange(
    client: SendRequest<Bytes>,
    request: Request<()>,
    body: &[u8],
    shape: &Shape,
) -> Option<Heard> {
    let mut client = client.ready().await.ok()?;
    let is_connect = request.method() == Method::CONNECT;
    // The server's settings, in its first bytes, allow extended CONNECT.
    for _ in 0..64 {
        if client.is_extended_connect_protocol_enabled() {
            break;
        }
        yield_now().await;
    }
    let (response, stream) = client.send_request(request, false).ok()?;
    let mut frames = Vec::new();
    let talk = talk(stream, body, shape);
    let listen = async {
        let response = response.await.ok()?;
        let is_open = is_connect && response.status() == 200;
        let mut data = response.into_body();
        while let Some(Ok(bytes)) = data.data().await {
            data.flow_control().release_capacity(bytes.len()).ok();
            if is_open {
                frames.extend_from_slice(&bytes);
            }
        }
        is_open.then_some(())
    };
    let is_open = if shape.ending == Ending::Gone {
        tokio::select! {
            // Kept until here, so that the stream is not reset while there is more to send.
            _stream = talk => None,
            is_open = listen => is_open,
        }
    } else {
        let both = async { tokio::join!(talk, listen).1 };
        timeout(HOUR, both)
            .await
            .expect("a silent client is closed")
    };
    is_open?;
    Some(Heard {
        frames,
        said: Some(body.to_vec()),
    })
}

async fn talk(mut stream: SendStream<Bytes>, body: &[u8], shape: &Shape) -> SendStream<Bytes> {
    for chunk in body.chunks(shape.chunk) {
        if stream
            .send_data(Bytes::copy_from_slice(chunk), false)
            .is_err()
        {
            return stream;
        }
        yield_now().await;
    }
    if shape.ending == Ending::HalfClosed {
        stream.send_data(Bytes::new(), true).ok();
    }
    stream
}

/// The first request, with `Upgrade` as `:protocol` and the first `Host` as `:authority`; and what
/// follows it.
fn translated(said: &[u8]) -> Option<(Request<()>, Vec<u8>)> {
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut parsed = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = parsed.parse(said).ok()? else {
        return None;
    };
    let find = |name: &str| {
        parsed
            .headers
            .iter()
            .position(|header| header.name.eq_ignore_ascii_case(name))
    };
    let (host, upgrade) = (find("host"), find("upgrade"));
    let value = |at: usize| str::from_utf8(parsed.headers[at].value).ok();
    let authority = host.and_then(value).unwrap_or("localhost");
    let uri: Uri = format!("http://{authority}{}", parsed.path?).parse().ok()?;
    let mut request = Request::builder().uri(uri).method(parsed.method?);
    if let Some(protocol) = upgrade.and_then(value) {
        request = request
            .method(Method::CONNECT)
            .extension(Protocol::from(protocol));
    }
    for (at, header) in parsed.headers.iter().enumerate() {
        let is_translated = Some(at) == host || Some(at) == upgrade;
        // The client's library would refuse headers that HTTP/2 does not allow.
        let is_for_one_hop = [
            "connection",
            "upgrade",
            "transfer-encoding",
            "keep-alive",
            "proxy-connection",
        ]
        .iter()
        .any(|name| header.name.eq_ignore_ascii_case(name));
        if !is_translated && !is_for_one_hop {
            request = request.header(header.name, header.value);
        }
    }
    Some((request.body(()).ok()?, said[head..].to_vec()))
}
