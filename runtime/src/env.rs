//! An application as the environment wants it.

use autumn_ws_core::{AppState, Channels, support::is_origin};
use std::{env, io};

/// The environment variable that says where channels are.
const CHANNELS: &str = "AUTUMN_WS_CHANNELS";

/// The environment variable that keeps applications apart that share a server.
const PREFIX: &str = "AUTUMN_WS_PREFIX";

/// The environment variable that says which pages may open sockets.
const ORIGINS: &str = "AUTUMN_WS_ORIGINS";

const IN_PROCESS: &str = "in-process";

/// Makes the state of a new application, with channels and allowed origins as the environment wants
/// them.
///
/// | `AUTUMN_WS_CHANNELS` | |
/// |---|---|
/// | `in-process`, empty, or not set | each replica has its own |
/// | `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]` | shared through Redis (feature `redis`) |
/// | `rediss://…` | the same, over TLS |
/// | `unix:///PATH[?user=…&pass=…&db=…]` | the same, over a Unix socket |
/// | `nats://[USER:PASSWORD@\|TOKEN@]HOST[:PORT]` | shared through NATS (feature `nats`) |
/// | `tls://…` | the same, over TLS |
/// | `nats://…,nats://…` | several servers of one NATS |
/// | `nats://HOST?creds=FILE` or `?nkey=FILE` | a login with a `.creds` file, or with the seed of an nkey |
///
/// `AUTUMN_WS_PREFIX` keeps applications apart that share a server: letters, digits, `-` and `_`,
/// `autumn-ws` where it is not set.
///
/// `AUTUMN_WS_ORIGINS` allows pages of these origins, separated by commas, as
/// [`AppState::allow_origins`] does: `https://app.example.com,https://*.example.org`.
///
/// A server that is away is waited for, with a warning in the log each time:
/// [`tokio::time::timeout`](https://docs.rs/tokio/latest/tokio/time/fn.timeout.html) bounds that.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let state = autumn_ws::from_env().await?;
/// assert!(state.channels().is_connected());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`InvalidInput`](io::ErrorKind::InvalidInput) when a variable is wrong, a feature is missing, or
/// the server refuses.
pub async fn from_env() -> io::Result<AppState> {
    let place = variable(CHANNELS)?;
    let prefix = variable(PREFIX)?;
    let list = variable(ORIGINS)?.unwrap_or_default();
    let origins = origins(&list)?;
    warn_about_others();
    let place = place.as_deref().unwrap_or(IN_PROCESS);
    if place == IN_PROCESS {
        tracing::info!("channels are in this process only: {CHANNELS} names no engine");
    }
    let channels = open(place, prefix.as_deref()).await;
    Ok(AppState::with_channels(channels?).allow_origins(origins))
}

/// Reads a list of origins. Blank elements do not count.
fn origins(list: &str) -> io::Result<Vec<&str>> {
    let mut origins = Vec::new();
    for origin in list
        .split(',')
        .map(str::trim)
        .filter(|origin| !origin.is_empty())
    {
        if !is_origin(origin) {
            let form = form_of(origin);
            return Err(wrong(format!("{ORIGINS}: `{origin}` is {form}")));
        }
        origins.push(origin);
    }
    Ok(origins)
}

/// What is wrong with an origin, and how to write it.
fn form_of(origin: &str) -> &'static str {
    if origin == "null" {
        "the origin of frames from every site: name it in the `origins` of an endpoint instead"
    } else if !origin.is_ascii() {
        "not an origin as browsers send it, write its host in punycode: `https://xn--…`"
    } else {
        "not an origin, write each as `https://example.com`, without a path"
    }
}

/// The value of a variable. An empty one counts as not set.
fn variable(name: &str) -> io::Result<Option<String>> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(wrong(format!("{name} is not text"))),
    }
}

/// A misspelt name would leave each replica alone.
fn warn_about_others() {
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("AUTUMN_WS_") && ![CHANNELS, PREFIX, ORIGINS].contains(&&*name) {
            tracing::warn!(%name, "nobody reads this environment variable: is it misspelt?");
        }
    }
}

async fn open(place: &str, prefix: Option<&str>) -> io::Result<Channels> {
    if place == IN_PROCESS {
        return Ok(Channels::new());
    }
    match place.split_once("://").map(|(scheme, _)| scheme) {
        Some("unix") => redis(place, prefix).await,
        // Whatever else is about Redis or NATS: they say best what cannot be used.
        Some(scheme) if scheme.starts_with("redis") => redis(place, prefix).await,
        Some(scheme) if scheme.starts_with("nats") || scheme == "tls" => nats(place, prefix).await,
        // Whatever it is, there may be a password in it.
        _ => Err(wrong(format!(
            "{CHANNELS} is none of `in-process`, `redis://HOST`, `rediss://HOST`, `nats://HOST` \
             and `tls://HOST`"
        ))),
    }
}

#[cfg(feature = "redis")]
async fn redis(url: &str, prefix: Option<&str>) -> io::Result<Channels> {
    use autumn_ws_replicas::{Options, Redis, connect};

    let mut redis = Redis::open(url)?;
    if let Some(prefix) = prefix {
        redis = redis.prefix(prefix)?;
    }
    Ok(connect(redis, Options::new()).await?)
}

#[cfg(feature = "nats")]
async fn nats(url: &str, prefix: Option<&str>) -> io::Result<Channels> {
    use autumn_ws_replicas::{Nats, Options, connect};

    let mut nats = Nats::open(url)?;
    if let Some(prefix) = prefix {
        nats = nats.prefix(prefix)?;
    }
    Ok(connect(nats, Options::new()).await?)
}

#[cfg(not(feature = "redis"))]
async fn redis(_: &str, _: Option<&str>) -> io::Result<Channels> {
    missing("redis").await
}

#[cfg(not(feature = "nats"))]
async fn nats(_: &str, _: Option<&str>) -> io::Result<Channels> {
    missing("nats").await
}

#[cfg(not(all(feature = "redis", feature = "nats")))]
async fn missing(feature: &str) -> io::Result<Channels> {
    std::future::ready(Err(wrong(format!(
        "{CHANNELS} needs the feature `{feature}`: in Cargo.toml, \
         autumn-ws = {{ version = \"…\", features = [\"{feature}\"] }}"
    ))))
    .await
}

fn wrong(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason)
}

#[cfg(test)]
mod tests {
    use super::{open, origins};
    use std::io;

    async fn refusal(place: &str) -> String {
        let error = open(place, None).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        error.to_string()
    }

    #[test]
    fn origins_are_separated_by_commas() {
        assert_eq!(origins("").unwrap(), [""; 0]);
        let two = ["https://*.example.com", "tauri://localhost"];
        assert_eq!(
            origins(" https://*.example.com,tauri://localhost, ").unwrap(),
            two
        );
        for wrong in [
            "example.com",
            "https://a.example/",
            "https://a.example;https://b",
            "*",
            "https://*.",
            "null",
        ] {
            let error = origins(&format!("https://a.example,{wrong}")).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
            assert!(error.to_string().contains(wrong), "{error}");
        }
        let error = origins("https://b\u{fc}cher.example").unwrap_err();
        assert!(error.to_string().contains("punycode"), "{error}");
    }

    #[tokio::test]
    async fn in_process_needs_nothing() {
        assert!(open("in-process", None).await.unwrap().is_connected());
    }

    #[tokio::test]
    async fn an_unknown_place_is_reported_without_its_password() {
        for place in ["amqp://user:secret@host", "secret@host:4222", "In-Process"] {
            let error = refusal(place).await;
            assert!(error.contains("none of `in-process`"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[cfg(not(feature = "redis"))]
    #[tokio::test]
    async fn a_missing_feature_is_named() {
        let error = refusal("rediss://host").await;
        assert!(error.contains("features = [\"redis\"]"), "{error}");
    }

    #[cfg(not(feature = "nats"))]
    #[tokio::test]
    async fn a_missing_feature_is_named_for_nats_too() {
        let error = refusal("tls://host").await;
        assert!(error.contains("features = [\"nats\"]"), "{error}");
    }

    #[cfg(feature = "redis")]
    #[tokio::test]
    async fn a_wrong_url_is_refused() {
        for (url, why) in [
            ("redis://:secret@host:port", "expected"),
            ("redis+sentinel://:secret@host/main", "Sentinel"),
            ("redis://:secret@one,two", "Cluster"),
        ] {
            let error = refusal(url).await;
            assert!(error.contains(why) && !error.contains("secret"), "{error}");
        }
    }

    #[cfg(feature = "nats")]
    #[tokio::test]
    async fn a_wrong_url_of_nats_is_refused() {
        for (url, why) in [
            ("nats://secret@host/path", "path"),
            ("nats+ws://secret@host", "begins with"),
            ("nats://host?creds=/nowhere.creds", "/nowhere.creds"),
        ] {
            let error = refusal(url).await;
            assert!(error.contains(why) && !error.contains("secret"), "{error}");
        }
    }
}
