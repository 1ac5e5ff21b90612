//! Redis' address and login, from a URL.

use crate::EngineError;
use redis::{ConnectionInfo, IntoConnectionInfo, parse_redis_url};
use std::fmt;

/// Reads a URL. A part that is not understood is an error, and no error repeats the URL: there may
/// be a password in it.
pub(super) fn parse(url: &str) -> Result<ConnectionInfo, EngineError> {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    if let Some(what) = unsupported(url, scheme) {
        return Err(wrong(what));
    }
    if !["redis", "rediss", "unix"].contains(&scheme) {
        return Err(wrong("it begins with `redis://`, `rediss://` or `unix://`"));
    }
    let parsed = parse_redis_url(url).ok_or_else(|| {
        wrong(
            "expected `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`. In a name or a password, \
             `%`, `/`, `:`, `@`, `?` and `#` are written `%25`, `%2F`, `%3A`, `%40`, `%3F` and `%23`",
        )
    })?;
    if parsed.fragment().is_some() {
        return Err(wrong(
            "it has a fragment (`#…`). In a password, `#` is written `%23`",
        ));
    }
    let known: &[&str] = match scheme {
        "unix" => &["db", "user", "pass"],
        _ => &[],
    };
    if let Some((key, _)) = parsed
        .query_pairs()
        .find(|(key, _)| !known.contains(&&**key))
    {
        return Err(wrong(format_args!(
            "`{key}` is not understood in its query"
        )));
    }
    if parsed.port() == Some(0) {
        return Err(wrong("port 0 cannot be connected to"));
    }
    if scheme != "unix" && !parsed.username().is_empty() && parsed.password().is_none() {
        return Err(wrong(
            "it has a user without a password: expected `redis://USER:PASSWORD@HOST`, or \
             `redis://:PASSWORD@HOST`",
        ));
    }
    parsed.into_connection_info().map_err(wrong)
}

/// What the URL asks for that cannot be used, and what can.
fn unsupported(url: &str, scheme: &str) -> Option<&'static str> {
    let (_, query) = url.rsplit_once('?').unwrap_or_default();
    let has_word = |word| scheme.contains(word) || query.to_ascii_lowercase().contains(word);
    if has_word("sentinel") {
        return Some(
            "Sentinel is not supported. Use the address of the primary itself: a name, a virtual IP \
             address or a proxy that follows it. Replicas of the application connect again after a \
             failover",
        );
    }
    let (_, hosts) = url.rsplit_once('@').or(url.split_once("://"))?;
    if has_word("cluster") || hosts.contains(',') || url.contains(",redis") {
        return Some(
            "Redis Cluster and lists of servers are not supported. Use the address of one Redis \
             without `cluster-enabled`",
        );
    }
    None
}

fn wrong(why: impl fmt::Display) -> EngineError {
    EngineError::refused(format_args!("the URL of Redis is wrong: {why}"))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn valid_urls_are_understood() {
        for url in [
            "redis://host",
            "redis://host/",
            "redis://host:6380/2",
            "redis://:p%40ss@host",
            "redis://user:pa,ss@host",
            "rediss://[::1]:6380",
            "unix:///run/redis.sock",
            "unix:///run/redis.sock?db=1&user=shop&pass=secret",
        ] {
            assert!(parse(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn errors_do_not_repeat_the_password() {
        for (url, why) in [
            ("", "begins with"),
            ("redis:host", "begins with"),
            ("http://:secret@host", "begins with"),
            ("valkey://:secret@host", "begins with"),
            ("redis://", "hostname"),
            ("redis://:secret@host:port", "expected"),
            ("redis://:sec/ret@host", "expected"),
            ("redis://:secret@host:0", "port 0"),
            ("redis://:secret@host/shop", "database"),
            ("redis://:secret@host/0/1", "database"),
            ("redis://:secret@host?protocol=resp2", "`protocol`"),
            ("redis://:secret@host/1?timeout=3", "`timeout`"),
            ("redis://:sec#ret@host", "expected"),
            ("redis://:secret@host#insecure", "%23"),
            ("rediss://:secret@host#insecure", "%23"),
            ("redis://secret@host", "without a password"),
            ("redis://secret:@host", "without a password"),
            ("unix:///run/redis.sock?password=secret", "`password`"),
            ("unix://run/redis.sock", "path"),
            ("redis://:secret@host?sentinel=main", "Sentinel"),
            ("redis://:secret@host?sentinelMasterId=main", "Sentinel"),
            ("redis+sentinel://:secret@host/main", "Sentinel"),
            ("rediss-sentinel://:secret@host/main", "Sentinel"),
            ("redis://one:6379,two:6379", "Cluster"),
            ("redis://:secret@one,two", "Cluster"),
            ("redis://:secret@one,redis://:secret@two", "Cluster"),
            ("rediss://one,rediss://two", "Cluster"),
            ("redis-cluster://:secret@host", "Cluster"),
            ("redis://:secret@host?cluster=true", "Cluster"),
        ] {
            let error = parse(url).unwrap_err();
            let text = error.to_string().to_lowercase();
            assert!(
                error.is_refused() && text.contains(&why.to_lowercase()),
                "{url}: {error}"
            );
            assert!(!text.contains("secret"), "{error}");
        }
    }
}
