//! Servers of NATS and the login, from one URL or several.

use super::login::Login;
use crate::EngineError;
use async_nats::ServerAddr;
use percent_encoding::percent_decode_str;
use std::{borrow::Cow, fmt, io};

/// Servers of one NATS, and the login that they share.
pub(super) struct Address {
    pub(super) servers: Servers,
    pub(super) login: Login,
}

/// A hint about a common mistake in URLs.
const HINT: &str = "In a name or a password, `%`, `,`, `/`, `:`, `@`, `?` and `#` are written `%25`, \
                    `%2C`, `%2F`, `%3A`, `%40`, `%3F` and `%23`";

/// At least one server.
#[derive(Clone)]
pub(super) struct Servers {
    first: ServerAddr,
    others: Vec<ServerAddr>,
}

impl Servers {
    pub(super) const fn len(&self) -> usize {
        1 + self.others.len()
    }

    /// The server of a turn, in rotation.
    pub(super) fn get(&self, turn: usize) -> &ServerAddr {
        let other = (turn % self.len()).checked_sub(1);
        let other = other.and_then(|other| self.others.get(other));
        other.unwrap_or(&self.first)
    }
}

/// Reads URLs separated by commas. A part that is not understood is an error, and no error repeats
/// a URL: there may be a password in it.
pub(super) fn parse(urls: &str) -> Result<Address, EngineError> {
    let mut urls = urls.split(',').map(str::trim);
    let (first, mut login) = parse_one(urls.next().unwrap_or_default())?;
    let mut others = Vec::new();
    for url in urls {
        let (server, its_login) = parse_one(url)?;
        others.push(server);
        if login == Login::Nobody {
            login = its_login;
        } else if its_login != Login::Nobody && its_login != login {
            return Err(wrong(
                "servers of one NATS have one login, and there are several",
            ));
        }
    }
    let servers = Servers { first, others };
    Ok(Address { servers, login })
}

fn parse_one(url: &str) -> Result<(ServerAddr, Login), EngineError> {
    if !url.starts_with("nats://") && !url.starts_with("tls://") {
        return Err(wrong(format_args!(
            "each URL begins with `nats://` or `tls://`, and they are separated by commas. {HINT}"
        )));
    }
    let server: ServerAddr = url
        .parse()
        .map_err(|error: io::Error| wrong(format_args!("{error}. {HINT}")))?;
    let mut url = server.into_inner();
    if url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("it has no host"));
    }
    if url.port() == Some(0) {
        return Err(wrong("port 0 cannot be connected to"));
    }
    if !matches!(url.path(), "" | "/") {
        return Err(wrong(
            "there is nothing after the host that a path could name",
        ));
    }
    if url.fragment().is_some() {
        return Err(wrong(
            "it has a fragment (`#…`). In a password, `#` is written `%23`",
        ));
    }
    let mut logins = in_query(url.query_pairs())?;
    logins.extend(before_host(url.username(), url.password())?);
    if logins.len() > 1 {
        return Err(wrong("it has more than one login"));
    }
    // The client library's text about a server has no password in it.
    let is_plain = url.set_username("").and_then(|()| url.set_password(None));
    is_plain.map_err(|()| wrong("it has no host"))?;
    url.set_query(None);
    let server = ServerAddr::from_url(url).map_err(wrong)?;
    Ok((server, logins.pop().unwrap_or(Login::Nobody)))
}

/// The logins in the query, which may have nothing else.
fn in_query<'a>(
    pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
) -> Result<Vec<Login>, EngineError> {
    pairs
        .map(|(key, value)| match &*key {
            "creds" => Ok(Login::Credentials((*value).into())),
            "nkey" => Ok(Login::Nkey((*value).into())),
            _ => Err(wrong(format_args!(
                "`{key}` is not understood in its query: expected `creds=FILE` or `nkey=FILE`"
            ))),
        })
        .collect()
}

/// The login before the host.
fn before_host(user: &str, password: Option<&str>) -> Result<Option<Login>, EngineError> {
    Ok(match (user, password) {
        ("", None) => None,
        (token, None) => Some(Login::Token(decoded(token)?)),
        (user, Some(password)) => Some(Login::User(decoded(user)?, decoded(password)?)),
    })
}

fn decoded(part: &str) -> Result<String, EngineError> {
    let part = percent_decode_str(part).decode_utf8();
    part.map(String::from).map_err(wrong)
}

fn wrong(why: impl fmt::Display) -> EngineError {
    EngineError::refused(format_args!("the URL of NATS is wrong: {why}"))
}

#[cfg(test)]
mod tests {
    use super::{Address, Login, parse};

    fn servers(address: &Address) -> Vec<String> {
        let servers = (0..address.servers.len()).map(|turn| address.servers.get(turn));
        servers
            .map(|server| format!("{}:{}", server.host(), server.port()))
            .collect()
    }

    #[test]
    fn valid_urls_are_understood() {
        let user = Login::User("user".into(), "p,ss".into());
        for (url, hosts, login) in [
            ("nats://host", &["host:4222"][..], Login::Nobody),
            ("nats://host:1/", &["host:1"], Login::Nobody),
            ("tls://[::1]:1", &["::1:1"], Login::Nobody),
            (
                "nats://token@host",
                &["host:4222"],
                Login::Token("token".into()),
            ),
            ("nats://user:p%2Css@host", &["host:4222"], user.clone()),
            (
                "nats://user:p%2Css@a,nats://b:1, tls://c",
                &["a:4222", "b:1", "c:4222"],
                user.clone(),
            ),
            ("nats://a,nats://user:p%2Css@b", &["a:4222", "b:4222"], user),
            (
                "tls://host?creds=/run/a.creds",
                &["host:4222"],
                Login::Credentials("/run/a.creds".into()),
            ),
            (
                "nats://host/?nkey=a%20b.nk",
                &["host:4222"],
                Login::Nkey("a b.nk".into()),
            ),
            (
                "nats://a?nkey=a.nk,nats://b?nkey=a.nk",
                &["a:4222", "b:4222"],
                Login::Nkey("a.nk".into()),
            ),
        ] {
            let address = parse(url).unwrap();
            assert_eq!(servers(&address), hosts, "{url}");
            assert!(address.login == login, "{url}");
            for turn in 0..address.servers.len() {
                let server = address.servers.get(turn);
                assert!(!server.as_url_str().contains(['@', '?']), "{server:?}");
            }
        }
    }

    #[test]
    fn errors_do_not_repeat_the_password() {
        for (url, why) in [
            ("", "begins with"),
            ("nats:", "begins with"),
            ("ws://secret@host", "begins with"),
            ("nats://secret@a,b", "begins with"),
            ("nats://user:sec,ret@host", "%2C"),
            ("nats://secret@a,", "begins with"),
            ("nats://", "host"),
            ("nats://[", "%2F"),
            ("nats://user:secret@host:port", "%2F"),
            ("nats://user:secret@host:0", "port 0"),
            ("nats://secret@host/path", "path"),
            ("nats://secret@host#fragment", "%23"),
            ("nats://secret@host?tls=true", "`tls`"),
            ("nats://secret@host?creds=a.creds", "more than one"),
            ("nats://host?creds=secret&nkey=secret", "more than one"),
            ("nats://secret@a,nats://secret2@b", "several"),
        ] {
            let error = parse(url).err().unwrap();
            assert!(
                error.is_refused() && error.to_string().contains(why),
                "{url}: {error}"
            );
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
