//! Reads well-formed headers of a proxy. Malformed ones must not open a socket.

use autumn_ws::Proxy;
use axum::http::HeaderMap;

/// The host that the last proxy reports, if any.
pub(super) fn host(proxy: Proxy, headers: &HeaderMap) -> Option<String> {
    let name = match proxy {
        Proxy::Forwarded => "forwarded",
        _ => "x-forwarded-host",
    };
    let lines: Vec<&str> = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let list = lines.join(",");
    let last = split(&list, ',').pop()?;
    if proxy == Proxy::XForwardedHost {
        return Some(last.trim().to_owned()).filter(|host| !host.is_empty());
    }
    split(&last, ';').iter().find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("host")
            .then(|| unquoted(value.trim()))
    })
}

/// Splits outside of quotes (RFC 9110, 5.6.4).
fn split(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut is_quoted, mut is_escaped) = (vec![String::new()], false, false);
    for c in text.chars() {
        if c == separator && !is_quoted {
            parts.push(String::new());
            continue;
        }
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && is_quoted && !is_escaped;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

fn unquoted(value: &str) -> String {
    let Some(quoted) = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return value.to_owned();
    };
    let mut chars = quoted.chars();
    let mut text = String::new();
    while let Some(c) = chars.next() {
        text.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{split, unquoted};

    #[test]
    fn quotes() {
        assert_eq!(split(r#"a="x,\",y",b"#, ','), [r#"a="x,\",y""#, "b"]);
        assert_eq!(unquoted(r#""a\"b""#), "a\"b");
    }
}
