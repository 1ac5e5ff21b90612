//! What a proxy in front of the application says about a request.

use super::origin::Scheme;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Which header of the proxy in front of the application is to be believed.
///
/// [`Origins::Same`](crate::Origins::Same) compares the page's origin with the host that the
/// client asked for. A proxy that puts another `Host` into the requests it hands on tells the
/// client's in a header, which [`AppState::trusting`](crate::AppState::trusting) makes count:
///
/// ```
/// use autumn_ws::{AppState, Proxy};
///
/// let state = AppState::new().trusting(Proxy::XForwardedHost);
/// ```
///
/// Only say so where the proxy sets or extends this header in every request. A proxy that hands on
/// what the client sent makes the client's word count, and without a proxy so does everybody's.
/// No such header is ever looked at unless the application asks for it.
///
/// # What counts
///
/// * Each proxy adds its word at the end, so the **last** element is that of the proxy next to the
///   application, the one that is trusted. What stands before may have been written by anybody.
///   Where two proxies stand in a row, the one next to the application must hand on the host that
///   the first one got.
/// * A header that is malformed refuses pages of every origin.
/// * A request without the header, or whose last element names no host, has not changed hosts: its
///   `Host` or `:authority` counts.
/// * The host is that which the browser shows, with its port where that is not the scheme's own:
///   for nginx `$http_host`, since `$host` has no port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// `X-Forwarded-Host: example.com:8443`
    XForwardedHost,
    /// `Forwarded: for=192.0.2.1;host="example.com:8443";proto=https`
    /// ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239)), of which `host` and `proto` count.
    /// With `proto` the page's scheme must be the same too (`wss` means `https`, `ws` `http`). A
    /// value with a port has to be quoted.
    Forwarded,
}

/// What the proxy next to the application has said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) host: Option<String>,
    pub(super) scheme: Option<Scheme>,
}

impl Proxy {
    /// What the proxy has said. `None`: it cannot be understood.
    pub(super) fn word(self, headers: &HeaderMap) -> Option<Word> {
        if !headers.contains_key(self.header()) {
            return Some(Word::default());
        }
        // Lines of one header are one list (RFC 9110, 5.3).
        let lines = headers.get_all(self.header()).iter();
        let lines: Result<Vec<&str>, _> = lines.map(HeaderValue::to_str).collect();
        let list = lines.ok()?.join(",");
        match self {
            Self::XForwardedHost => last_host(&list),
            Self::Forwarded => last_element(&list),
        }
    }

    pub(crate) const fn header(self) -> HeaderName {
        match self {
            Self::XForwardedHost => HeaderName::from_static("x-forwarded-host"),
            Self::Forwarded => header::FORWARDED,
        }
    }
}

fn last_host(list: &str) -> Option<Word> {
    let host = list.rsplit(',').next().map(trim)?;
    (!host.is_empty()).then(|| Word {
        host: Some(host.to_owned()),
        ..Word::default()
    })
}

/// White space inside a line of a header (RFC 9110, 5.6.3).
const SPACE: [char; 2] = [' ', '\t'];

fn trim(text: &str) -> &str {
    text.trim_matches(SPACE)
}

/// Reads the list to its end, since a quoted comma begins no element (RFC 7239, 4).
fn last_element(list: &str) -> Option<Word> {
    let mut rest = list;
    loop {
        let (word, beyond) = element(rest)?;
        match beyond.strip_prefix(',') {
            Some(more) => rest = more,
            // Who adds nothing has nothing to say, and the others are not asked.
            None => return word.filter(|_| beyond.is_empty()),
        }
    }
}

/// Reads `name=value;name=value`, of which each pair may be missing. Answers what comes after it
/// too. The outer `None`: this is no such thing.
fn element(text: &str) -> Option<(Option<Word>, &str)> {
    let mut word = None;
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(SPACE);
        if let Some((name, beyond)) = token(rest) {
            let (value, beyond) = value(beyond.strip_prefix('=')?)?;
            word.get_or_insert_with(Word::default).add(name, value)?;
            rest = beyond.trim_start_matches(SPACE);
        }
        match rest.strip_prefix(';') {
            Some(more) => rest = more,
            None => return Some((word, rest)),
        }
    }
}

impl Word {
    /// `None`: this cannot be.
    fn add(&mut self, name: &str, value: String) -> Option<()> {
        let before = if name.eq_ignore_ascii_case("host") {
            self.host.replace(value).is_some()
        } else if name.eq_ignore_ascii_case("proto") {
            let scheme = Scheme::parse_any(&value)?;
            self.scheme.replace(scheme).is_some()
        } else {
            false
        };
        // Each may stand once only (RFC 7239, 4).
        (!before).then_some(())
    }
}

/// Reads a token (RFC 9110, 5.6.2).
fn token(text: &str) -> Option<(&str, &str)> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let end = text.find(|c| !is_token(c)).unwrap_or(text.len());
    text.split_at_checked(end).filter(|_| end > 0)
}

/// Reads a token, or a quoted string (RFC 9110, 5.6.4).
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        return token(text).map(|(token, rest)| (token.to_owned(), rest));
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\\' => value.push(chars.next()?),
            other => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Proxy;
    use axum::http::{HeaderMap, HeaderValue};

    /// The host and the scheme that are understood; each may be empty.
    fn word(proxy: Proxy, lines: &[&str]) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            headers.append(proxy.header(), line);
        }
        let word = proxy.word(&headers)?;
        let scheme = word.scheme.map(|scheme| format!("{scheme:?}"));
        Some((word.host.unwrap_or_default(), scheme.unwrap_or_default()))
    }

    #[test]
    fn the_last_host_counts() {
        let cases: [(&[&str], _); 5] = [
            (&[], ""),
            (&["a.example"], "a.example"),
            (&["evil, a.example:8443"], "a.example:8443"),
            (&["evil", " b , a.example "], "a.example"),
            // What is not the proxy's word needs not be understood.
            (&[",,?, a.example"], "a.example"),
        ];
        for (lines, host) in cases {
            let (understood, _) = word(Proxy::XForwardedHost, lines).unwrap();
            assert_eq!(understood, host, "{lines:?}");
        }
        let malformed: [&[&str]; 4] = [
            &[""],
            &["a.example,"],
            &["a.example", ""],
            &["a.example, \u{e9}"],
        ];
        for lines in malformed {
            assert_eq!(word(Proxy::XForwardedHost, lines), None, "{lines:?}");
        }
    }

    #[test]
    fn the_last_element_counts() {
        let cases: [(&[&str], _, _); 16] = [
            (&[], "", ""),
            (&["for=192.0.2.1"], "", ""),
            (&["host=a.example"], "a.example", ""),
            (&["HOST=a;Proto=HTTPS"], "a", "Https"),
            (&["host=a; proto=ws ; for=_b"], "a", "Http"),
            (&["proto=wss"], "", "Https"),
            (&[r#"host="[2001:db8::1]:8443""#], "[2001:db8::1]:8443", ""),
            (&[r#"host="a\.example""#], "a.example", ""),
            (&[";host=a;; proto=http;"], "a", "Http"),
            (&["host=evil,,host=a"], "a", ""),
            (&["host=evil, for=_b"], "", ""),
            (&["host=evil ,host=a"], "a", ""),
            (&["host=evil", "proto=http;host=a"], "a", "Http"),
            (&[r#"for="a,host=evil",host=a"#], "a", ""),
            (&[r#"for="a;host=evil";host=a"#], "a", ""),
            (&[r#"host=a;for=",host=evil""#], "a", ""),
        ];
        for (lines, host, scheme) in cases {
            let understood = word(Proxy::Forwarded, lines).unwrap();
            assert_eq!(understood, (host.into(), scheme.into()), "{lines:?}");
        }
    }

    #[test]
    fn what_cannot_be_understood() {
        let malformed: [&[&str]; 20] = [
            &[""],
            &[","],
            &["host=a,"],
            &["host=a,;"],
            &["host"],
            &["host="],
            &["=a"],
            &["host = a"],
            &["host=a b"],
            &["host=a:8080"],
            &["host=[::1]"],
            &["host=a;host=a"],
            &["proto=https;proto=https"],
            &["proto=gopher"],
            &["proto=http/1.1"],
            &[r#"host="a"#],
            &[r#"host="a"b"#],
            // A quote that a client has left open swallows nothing of the proxy's.
            &[r#"for=""#, "host=a"],
            &[r#"for=", for="[::1]";host=a"#],
            &["host=\u{e9}"],
        ];
        for lines in malformed {
            assert_eq!(word(Proxy::Forwarded, lines), None, "{lines:?}");
        }
    }
}
