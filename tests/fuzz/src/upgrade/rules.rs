//! The rules of `specs/sockets.yaml`, again and by hand.

/// The rules of an endpoint.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) origins: Origins,
    pub(super) text: bool,
    pub(super) binary: bool,
    pub(super) message_size: usize,
    pub(super) subprotocols: &'static [&'static str],
    /// Whether a message is answered directly, and not through a channel.
    pub(super) is_direct: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Origins {
    Same,
    Any,
    Only(&'static [&'static str]),
}

const PLAIN: Rules = Rules {
    origins: Origins::Same,
    text: true,
    binary: true,
    message_size: 1024 * 1024,
    subprotocols: &[],
    is_direct: true,
};

/// The rules of the endpoint that is mounted at a path.
pub(super) fn of(path: &str) -> Option<Rules> {
    let (first, rest) = path
        .strip_prefix('/')?
        .split_once('/')
        .unwrap_or((&path[1..], ""));
    Some(match (first, rest.is_empty()) {
        ("echo", true) => PLAIN,
        ("listed", true) => Rules {
            origins: Origins::Only(&[
                "https://example.com",
                "http://localhost:3000",
                "https://[::1]:8443",
            ]),
            binary: false,
            message_size: 1024,
            ..PLAIN
        },
        ("binary", true) => Rules {
            origins: Origins::Any,
            text: false,
            ..PLAIN
        },
        ("rooms", false) => Rules {
            subprotocols: &["room.v2", "room.v1"],
            is_direct: false,
            ..PLAIN
        },
        ("files", false) => PLAIN,
        _ => return None,
    })
}
