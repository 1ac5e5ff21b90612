//! Channels as the environment wants them.

use super::{EngineError, Options};
use crate::{AppState, Channels};
use std::env;

/// The environment variable that says where channels are.
const CHANNELS: &str = "AUTUMN_WS_CHANNELS";

/// The environment variable that keeps applications apart that share a server.
const PREFIX: &str = "AUTUMN_WS_PREFIX";

impl AppState {
    /// Makes the state of a new application, with channels as the environment wants them.
    ///
    /// | `AUTUMN_WS_CHANNELS` | |
    /// |---|---|
    /// | `in-process`, empty, or not set | each replica has its own |
    /// | `redis://[USER][:PASSWORD@]HOST[:PORT]` | shared through Redis (feature `redis`) |
    /// | `rediss://…` | the same, over TLS |
    /// | `nats://[USER:PASSWORD@\|TOKEN@]HOST[:PORT]` | shared through NATS (feature `nats`) |
    /// | `tls://…` | the same, over TLS |
    ///
    /// `AUTUMN_WS_PREFIX` keeps applications apart that share a server: letters, digits, `-` and `_`,
    /// `autumn-ws` where it is not set.
    ///
    /// A server that is away is waited for, with a warning in the log each time:
    /// [`tokio::time::timeout`] bounds that.
    ///
    /// # Errors
    ///
    /// When a variable is wrong, a feature is missing, or the server refuses.
    pub async fn from_env() -> Result<Self, EngineError> {
        let place = variable(CHANNELS)?;
        let prefix = variable(PREFIX)?;
        warn_about_others();
        let place = place.as_deref().unwrap_or(IN_PROCESS);
        if place == IN_PROCESS {
            tracing::info!("channels are in this process only: {CHANNELS} names no engine");
        }
        let channels = open(place, prefix.as_deref()).await;
        channels.map(Self::with_channels)
    }
}

const IN_PROCESS: &str = "in-process";

/// The value of a variable. One that is empty is not set.
fn variable(name: &str) -> Result<Option<String>, EngineError> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(EngineError::refused(format_args!("{name} is no text")))
        }
    }
}

/// A name that is misspelt would leave each replica alone.
fn warn_about_others() {
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("AUTUMN_WS_") && ![CHANNELS, PREFIX].contains(&&*name) {
            tracing::warn!(%name, "nobody reads this environment variable: is it misspelt?");
        }
    }
}

async fn open(place: &str, prefix: Option<&str>) -> Result<Channels, EngineError> {
    let options = Options::new();
    if place == IN_PROCESS {
        return Ok(Channels::new());
    }
    match place.split_once("://").map(|(scheme, _)| scheme) {
        Some("redis" | "rediss") => redis(place, prefix, options).await,
        Some("nats" | "tls") => nats(place, prefix, options).await,
        // Whatever it is, there may be a password in it.
        _ => Err(EngineError::refused(format_args!(
            "{CHANNELS} is none of `in-process`, `redis://HOST`, `rediss://HOST`, `nats://HOST` \
             and `tls://HOST`"
        ))),
    }
}

#[cfg(feature = "redis")]
async fn redis(url: &str, prefix: Option<&str>, options: Options) -> Result<Channels, EngineError> {
    let mut redis = super::Redis::open(url)?;
    if let Some(prefix) = prefix {
        redis = redis.prefix(prefix)?;
    }
    Channels::over(redis, options).await
}

#[cfg(not(feature = "redis"))]
async fn redis(_: &str, _: Option<&str>, _: Options) -> Result<Channels, EngineError> {
    missing("redis").await
}

#[cfg(feature = "nats")]
async fn nats(url: &str, prefix: Option<&str>, options: Options) -> Result<Channels, EngineError> {
    let mut nats = super::Nats::open(url)?;
    if let Some(prefix) = prefix {
        nats = nats.prefix(prefix)?;
    }
    Channels::over(nats, options).await
}

#[cfg(not(feature = "nats"))]
async fn nats(_: &str, _: Option<&str>, _: Options) -> Result<Channels, EngineError> {
    missing("nats").await
}

#[cfg(not(all(feature = "redis", feature = "nats")))]
async fn missing(feature: &str) -> Result<Channels, EngineError> {
    std::future::ready(Err(EngineError::refused(format_args!(
        "{CHANNELS} needs the feature `{feature}`: in Cargo.toml, \
         autumn-ws = {{ version = \"…\", features = [\"{feature}\"] }}"
    ))))
    .await
}

#[cfg(test)]
mod tests {
    use super::open;

    async fn refusal(place: &str) -> String {
        let error = open(place, None).await.unwrap_err();
        assert!(error.is_refused());
        error.to_string()
    }

    #[tokio::test]
    async fn in_process_needs_nothing() {
        assert!(open("in-process", None).await.unwrap().is_connected());
    }

    #[tokio::test]
    async fn what_is_no_place_is_told_without_a_password() {
        for place in ["amqp://user:secret@host", "secret@host:4222", "In-Process"] {
            let error = refusal(place).await;
            assert!(error.contains("none of `in-process`"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[cfg(not(feature = "redis"))]
    #[tokio::test]
    async fn a_feature_that_is_missing_is_named() {
        let error = refusal("rediss://host").await;
        assert!(error.contains("features = [\"redis\"]"), "{error}");
    }

    #[cfg(not(feature = "nats"))]
    #[tokio::test]
    async fn a_feature_that_is_missing_is_named_for_nats_too() {
        let error = refusal("tls://host").await;
        assert!(error.contains("features = [\"nats\"]"), "{error}");
    }

    #[cfg(feature = "redis")]
    #[tokio::test]
    async fn a_wrong_url_is_refused() {
        let error = refusal("redis://:secret@host:port").await;
        assert!(!error.contains("secret"), "{error}");
    }
}
