//! The PROXY protocol, versions 1 and 2: the address of a client, ahead of what it says.
//!
//! <https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt>

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};
use tokio::io::{AsyncRead, AsyncReadExt};

/// What version 2 begins with. Longer than that of version 1, and shorter than any whole header.
const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";

/// The longest header of version 1, with its line end.
const LINE: usize = 107;

/// The longest rest of a header of version 2 that is read, which may have any number of extensions.
const REST: usize = 4096;

/// Who the client is.
enum Client {
    Named(SocketAddr),
    /// The peer: the proxy itself, or a client whose address the proxy does not know.
    Connected,
}

/// Reads a header and not a byte further. Returns the client's address, unless the proxy itself is
/// the client, as in its health checks, or does not know the address.
///
/// # Errors
///
/// `InvalidData` if this is not a header, and errors of the connection.
pub(super) async fn read_header(
    io: &mut (impl AsyncRead + Unpin),
) -> io::Result<Option<SocketAddr>> {
    let mut start = [0; SIGNATURE.len()];
    io.read_exact(&mut start).await?;
    let client = if start == *SIGNATURE {
        read_binary(io).await?
    } else {
        read_line(io, &start).await?
    };
    match client {
        Some(Client::Named(address)) => Ok(Some(address)),
        Some(Client::Connected) => Ok(None),
        None => {
            let text = "it does not begin with a header of the PROXY protocol";
            Err(io::Error::new(io::ErrorKind::InvalidData, text))
        }
    }
}

/// A header of version 1. `None`: it is malformed.
async fn read_line(io: &mut (impl AsyncRead + Unpin), start: &[u8]) -> io::Result<Option<Client>> {
    if !start.starts_with(b"PROXY ") {
        return Ok(None);
    }
    let mut line = start.to_vec();
    while !line.ends_with(b"\r\n") {
        if line.len() == LINE {
            return Ok(None);
        }
        line.push(io.read_u8().await?);
    }
    Ok(std::str::from_utf8(&line).ok().and_then(parse_line))
}

fn parse_line(line: &str) -> Option<Client> {
    let fields = line.strip_prefix("PROXY ")?.strip_suffix("\r\n")?;
    // What follows is to be ignored.
    if fields == "UNKNOWN" || fields.starts_with("UNKNOWN ") {
        return Some(Client::Connected);
    }
    let mut fields = fields.split(' ');
    let family = fields.next()?;
    let (source, target): (IpAddr, IpAddr) = match family {
        "TCP4" | "TCP6" => (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?),
        _ => return None,
    };
    let is_v4 = family == "TCP4";
    let (port, _) = (parse_port(fields.next()?)?, parse_port(fields.next()?)?);
    let fits = source.is_ipv4() == is_v4 && target.is_ipv4() == is_v4;
    let is_whole = fields.next().is_none();
    (fits && is_whole).then(|| Client::Named(SocketAddr::new(source, port)))
}

/// Reads a port. The standard library would also accept a sign.
fn parse_port(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// A header of version 2 behind its signature. `None`: it is malformed.
async fn read_binary(io: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Client>> {
    let command = io.read_u8().await?;
    let family = io.read_u8().await?;
    let length = usize::from(io.read_u16().await?);
    if length > REST {
        return Ok(None);
    }
    let mut rest = vec![0; length];
    io.read_exact(&mut rest).await?;
    Ok(parse_binary(command, family, &rest))
}

fn parse_binary(command: u8, family: u8, rest: &[u8]) -> Option<Client> {
    match (command, family) {
        // The proxy itself, an unknown family, or a Unix socket.
        (0x20, _) | (0x21, 0x00 | 0x31 | 0x32) => Some(Client::Connected),
        // Both addresses, and both ports.
        (0x21, 0x11 | 0x12) => {
            let (source, ports) = (rest.first_chunk::<4>()?, rest.get(8..12)?);
            named(Ipv4Addr::from(*source), ports)
        }
        (0x21, 0x21 | 0x22) => {
            let (source, ports) = (rest.first_chunk::<16>()?, rest.get(32..36)?);
            named(Ipv6Addr::from(*source), ports)
        }
        _ => None,
    }
}

fn named(source: impl Into<IpAddr>, ports: &[u8]) -> Option<Client> {
    let port = u16::from_be_bytes(*ports.first_chunk()?);
    Some(Client::Named(SocketAddr::new(source.into(), port)))
}

#[cfg(test)]
mod tests {
    use super::{SIGNATURE, read_header};
    use std::io;

    /// What a header says, and what is left behind it.
    async fn read(bytes: &[u8]) -> io::Result<(String, Vec<u8>)> {
        let mut rest = bytes;
        let address = read_header(&mut rest).await?;
        Ok((
            address.map(|a| a.to_string()).unwrap_or_default(),
            rest.to_vec(),
        ))
    }

    fn binary(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [SIGNATURE, &[command, family][..], &length, rest].concat()
    }

    const V4: [u8; 12] = [192, 0, 2, 1, 10, 0, 0, 1, 0xd4, 0x31, 0, 80];

    #[tokio::test]
    async fn addresses() {
        let v6 = [
            &[0x20, 1, 0xd, 0xb8][..],
            &[0; 11],
            &[1],
            &[0; 16],
            &[0xd4, 0x31, 0, 80],
        ]
        .concat();
        for (header, address) in [
            (
                b"PROXY TCP4 192.0.2.1 10.0.0.1 54321 80\r\n".to_vec(),
                "192.0.2.1:54321",
            ),
            (
                b"PROXY TCP6 2001:db8::1 ::1 54321 80\r\n".to_vec(),
                "[2001:db8::1]:54321",
            ),
            (b"PROXY UNKNOWN\r\n".to_vec(), ""),
            (b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n".to_vec(), ""),
            (binary(0x21, 0x11, &V4), "192.0.2.1:54321"),
            (binary(0x21, 0x21, &v6), "[2001:db8::1]:54321"),
            (
                binary(0x21, 0x11, &[&V4[..], &[4, 0, 2, 0, 0]].concat()),
                "192.0.2.1:54321",
            ),
            (binary(0x21, 0x00, b""), ""),
            (binary(0x21, 0x31, &[0; 216]), ""),
            (binary(0x20, 0x00, b""), ""),
            (binary(0x20, 0x11, &V4), ""),
        ] {
            let behind = b"GET / HTTP/1.1\r\n";
            let said = [&header[..], behind].concat();
            let (read, rest) = read(&said).await.unwrap();
            assert_eq!(read, address, "{header:?}");
            assert_eq!(rest, behind, "{header:?}");
        }
    }

    #[tokio::test]
    async fn anything_else_is_refused() {
        let long = [b"PROXY TCP4 ", &[b'1'; 200][..], b"\r\n"].concat();
        for said in [
            b"GET / HTTP/1.1\r\n\r\n".to_vec(),
            b"proxy TCP4 192.0.2.1 10.0.0.1 1 2\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.1 10.0.0.1 1\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.1 10.0.0.1 1 2 3\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.1 10.0.0.1 +1 2\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.1 10.0.0.1 1 65536\r\n".to_vec(),
            b"PROXY TCP4 ::1 ::1 1 2\r\n".to_vec(),
            b"PROXY TCP6 192.0.2.1 10.0.0.1 1 2\r\n".to_vec(),
            b"PROXY TCP4  192.0.2.1 10.0.0.1 1 2\r\n".to_vec(),
            b"PROXY UDP4 192.0.2.1 10.0.0.1 1 2\r\n".to_vec(),
            b"PROXY UNKNOWN\n GET / HTTP/1.1\r\n".to_vec(),
            b"PROXY \xff\xff\xff\xff\xff\xff\xff\r\n".to_vec(),
            long,
            binary(0x11, 0x11, &V4),
            binary(0x22, 0x11, &V4),
            binary(0x21, 0x13, &V4),
            binary(0x21, 0x11, &V4[..11]),
            binary(0x21, 0x21, &V4),
            binary(0x21, 0x11, &[0; 5000]),
        ] {
            let error = read(&said).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{said:?}");
        }
        for said in [
            &b"PROXY"[..],
            b"PROXY TCP4 192.0.2.1",
            &SIGNATURE[..],
            &binary(0x21, 0x11, &V4)[..20],
        ] {
            let error = read(said).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{said:?}");
        }
    }
}
