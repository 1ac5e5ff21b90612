//! Changes to a spec that often leave it valid; random bytes seldom do.

use std::ops::Range;

/// Keys, and values for them: valid, at the limit, and invalid.
const VALUES: &[(&str, &[&str])] = &[
    ("version", &["1", "2", "\"1\""]),
    (
        "description",
        &[
            "a",
            "\"*/ \\u2028 //! #[\"",
            "|\n  a\n\n  b",
            "\"```\\n# x\"",
        ],
    ),
    (
        "state",
        &[
            "crate::AppState",
            "autumn_ws::AppState",
            "crate::a::B<crate::C, 3>",
            "::x::Y",
        ],
    ),
    (
        "path",
        &[
            "/",
            "/a",
            "\"/{a}\"",
            "\"/{a}/{b}\"",
            "\"/{*rest}\"",
            "\"/{{a}}\"",
            "/a%20b",
            "/ä",
        ],
    ),
    (
        "params",
        &["{ a: u8 }", "{ a: String, b: crate::T }", "{ type: bool }"],
    ),
    (
        "query",
        &[
            "{ q: String }",
            "{ r#type: \"Option<u8>\" }",
            "{ limit: { type: i64, default: -1 } }",
            "{ x: { type: f64, default: .5e3 } }",
            "{ c: { type: char, default: \"\\0\" } }",
            "{ \"a b\": u8 }",
        ],
    ),
    (
        "extract",
        &[
            "{ user: crate::User }",
            "{ a: axum::http::HeaderMap, b: axum::http::Uri, c: axum::http::Method, d: axum::http::Version, e: crate::E }",
            "{ t: \"(crate::A, [crate::B; 2])\" }",
        ],
    ),
    (
        "subscribe",
        &[
            "[lobby]",
            "[lobby, room]",
            "{ lobby: handle }",
            "{ lobby: relay, room: handle }",
            "lobby",
            "[]",
        ],
    ),
    (
        "on_message",
        &[
            "handle",
            "echo",
            "ignore",
            "{ publish: lobby }",
            "{ publish: room }",
        ],
    ),
    ("accept", &["text", "[binary]", "[text, binary]", "[]"]),
    ("subprotocols", &["[a.v1]", "[b, a]", "[\"a b\"]", "a"]),
    (
        "origins",
        &[
            "same",
            "any",
            "[\"https://example.com\"]",
            "[\"http://[::1]:80\"]",
            "\"https://*\"",
        ],
    ),
    ("message_size", &["1KiB", "1", "64MiB", "4294967295", "0"]),
    ("heartbeat", &["off", "1s", "1ms", "1h"]),
    ("idle", &["off", "90s", "2m", "0s"]),
    ("send_timeout", &["10s", "1500ms", "off"]),
    ("connections", &["1", "10000", "0", "off"]),
    ("lag", &["close", "skip", "handle"]),
    ("gap", &["close", "skip", "handle"]),
    ("code", &["1000", "1001", "1012", "4999", "1005"]),
    ("reason", &["bye", "\"\\\"\"", "ééééé"]),
    ("drain", &["0s", "10s", "1h"]),
    ("notify", &["handle", "close"]),
    ("capacity", &["1", "128", "65536", "0"]),
    (
        "name",
        &["a", "\"{a}\"", "\"{a}:{b}\"", "\"{{a}}\"", "\"\""],
    ),
    (
        "type",
        &[
            "u8",
            "bool",
            "char",
            "f32",
            "String",
            "\"Option<bool>\"",
            "i128",
        ],
    ),
    (
        "default",
        &[
            "0",
            "true",
            "x",
            "\"\"",
            "-0.0",
            "340282366920938463463374607431768211455",
        ],
    ),
];

/// Lines to put in.
const LINES: &[&str] = &[
    "channels:",
    "  lobby:",
    "  room: \"room:{a}\"",
    "  wide: { name: \"{a}/{b}\", capacity: 9 }",
    "defaults:",
    "  limits: { heartbeat: 9s }",
    "endpoints:",
    "  other: { path: \"/o/{a}\", subscribe: { room: handle } }",
    "  more:",
    "    path: /m",
    "    subscribe: [lobby]",
    "    query: { a: String }",
    "    extract: { user: crate::User }",
    "    limits: { lag: handle, gap: handle, connections: 3 }",
    "    shutdown: { code: 4000, notify: handle }",
    "=== other.yaml",
    "=== spec/below.yaml",
    "*** 12",
];

/// Names that are already in use somewhere.
const NAMES: &[&str] = &[
    "self",
    "Self",
    "type",
    "r#type",
    "async",
    "gen",
    "get",
    "ready",
    "router",
    "session",
    "state",
    "channels",
    "request",
    "message",
    "handler",
    "upgrade",
    "topic",
    "close_code",
    "std",
    "core",
    "axum",
    "autumn_ws",
    "String",
    "option",
    "some",
    "ok",
    "duration",
    "endpoint",
    "path",
    "query",
    "a_session",
    "a_events",
    "a_channel",
    "a1",
    "_a",
    "a__b",
    "on_message",
    "open",
    "lagged",
    "event",
    "u8",
    "mod",
    "display",
    "sender",
    "ws",
    "b",
    "lobby",
    "room",
];

/// Changes a spec in one way, chosen by the numbers.
pub fn mutate(spec: &[u8], mut choose: impl FnMut(usize) -> usize) -> Vec<u8> {
    let text = String::from_utf8_lossy(spec).into_owned();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let at = choose(lines.len().max(1)).min(lines.len().saturating_sub(1));
    match choose(7) {
        0 | 1 => return replace_value(&text, choose).into_bytes(),
        2 => return rename(&text, choose).into_bytes(),
        3 => lines.insert(at, format!("{}\n", LINES[choose(LINES.len())])),
        4 if !lines.is_empty() => {
            lines.remove(at);
        }
        5 if !lines.is_empty() => {
            let to = choose(lines.len());
            lines.swap(at, to);
        }
        _ if !lines.is_empty() => lines.insert(at, lines[at].clone()),
        _ => {}
    }
    lines.concat().into_bytes()
}

/// Gives an existing key another value.
fn replace_value(text: &str, mut choose: impl FnMut(usize) -> usize) -> String {
    let places: Vec<(Range<usize>, &[&str])> = VALUES
        .iter()
        .flat_map(|(key, values)| {
            let key = format!("{key}: ");
            let starts: Vec<usize> = text
                .match_indices(&key)
                .map(|(at, _)| at + key.len())
                .collect();
            starts
                .into_iter()
                .map(|start| (start..value_end(text, start), *values))
        })
        .collect();
    if places.is_empty() {
        return text.to_owned();
    }
    let (place, values) = &places[choose(places.len())];
    let value = values[choose(values.len())];
    [&text[..place.start], value, &text[place.end..]].concat()
}

/// The end of a value: the end of its line, or of the collection that contains its key.
fn value_end(text: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text[start..].char_indices() {
        match c {
            '\n' => return start + at,
            ',' if depth == 0 => return start + at,
            '}' | ']' if depth == 0 => return start + at,
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Renames a word everywhere, so that references stay references.
fn rename(text: &str, mut choose: impl FnMut(usize) -> usize) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words: Vec<&str> = text
        .split(|c| !is_word(c))
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return text.to_owned();
    }
    let old = words[choose(words.len())];
    let new = NAMES[choose(NAMES.len())];
    let mut renamed = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let (before, beyond) = (&rest[..at], &rest[at + old.len()..]);
        let is_whole = !before.ends_with(is_word) && !beyond.starts_with(is_word);
        renamed.push_str(before);
        renamed.push_str(if is_whole { new } else { old });
        rest = beyond;
    }
    renamed + rest
}

#[cfg(test)]
mod tests {
    use super::{VALUES, rename, replace_value, value_end};

    fn always(number: usize) -> impl FnMut(usize) -> usize {
        move |count| number % count
    }

    #[test]
    fn a_value_ends_where_its_collection_does() {
        let text = "a: { path: [x, {y}], b: c }\n";
        assert_eq!(&text[11..value_end(text, 11)], "[x, {y}]");
        assert_eq!(&text[24..value_end(text, 24)], "c ");
    }

    #[test]
    fn a_value_is_replaced() {
        assert_eq!(replace_value("version: 7\n", always(0)), "version: 1\n");
        assert!(VALUES.iter().all(|(_, values)| !values.is_empty()));
    }

    #[test]
    fn a_name_is_changed_everywhere() {
        assert_eq!(rename("ab abc {ab}", always(0)), "self abc {self}");
    }
}
