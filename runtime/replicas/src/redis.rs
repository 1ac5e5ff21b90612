//! Channels over Redis.

mod address;
mod connection;
mod error;
mod plain;
mod role;
mod watch;

pub use self::connection::RedisConnection;

use self::error::fault;
use crate::{
    Engine, EngineError, Inbox, Options, connect,
    prefix::{DEFAULT_PREFIX, checked},
};
use autumn_ws_core::Channels;
use redis::{Client, ConnectionAddr, ConnectionInfo, ProtocolVersion, TlsCertificates};
use std::{fmt, sync::Arc};

/// Redis, 6 or newer, or what speaks its protocol (RESP3), such as Valkey.
///
/// Each channel is a Redis channel, `autumn-ws:channel:NAME`. A Redis user needs `resetchannels
/// &autumn-ws:* +publish +subscribe +unsubscribe`. With `+info`, too, a replica recognises after a
/// reconnect the Redis that it lost, and other replicas get fewer gaps. Redis has one set of
/// channels for all its databases: applications that share a server need [prefixes](Redis::prefix)
/// of their own.
///
/// The address has to lead to one primary. A replica, a node of a Redis Cluster and a Sentinel are
/// refused, and so is an address that leads to several servers. Several times in each
/// [timeout](Options::timeout), a second connection checks that the address still leads to the same
/// primary.
///
/// ```no_run
/// use autumn_ws::{AppState, engine::{self, Options, Redis}};
/// use std::time::Duration;
///
/// # async fn run() -> Result<(), engine::EngineError> {
/// let redis = Redis::open("rediss://redis.example.com")?
///     .credentials("shop", "secret")
///     .prefix("shop")?;
/// let options = Options::new().timeout(Duration::from_secs(2));
/// let state = AppState::with_channels(engine::connect(redis, options).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Redis {
    info: ConnectionInfo,
    prefix: Arc<str>,
}

/// The start of a certificate in PEM format.
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

impl Redis {
    /// Redis at a URL: `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`, `rediss://` for TLS, or
    /// `unix:///PATH[?user=USER&pass=PASSWORD&db=DATABASE]`.
    ///
    /// Nothing is connected yet. With `rediss://`, the cryptography of the whole program is that of
    /// `ring` from here on, unless it has chosen another one of rustls before.
    ///
    /// # Errors
    ///
    /// If a part of it is not understood.
    pub fn open(url: &str) -> Result<Self, EngineError> {
        let info = address::parse(url)?;
        let settings = info.redis_settings().clone();
        // Naming the client library takes a right that users may lack.
        let settings = settings.set_protocol(ProtocolVersion::RESP3);
        let settings = settings.set_skip_set_lib_name();
        let tcp = info.tcp_settings().clone().set_nodelay(true);
        if matches!(info.addr(), ConnectionAddr::TcpTls { .. }) {
            // The program may have chosen another one already.
            let provider = rustls::crypto::ring::default_provider();
            provider.install_default().ok();
        }
        Ok(Self {
            info: info.set_redis_settings(settings).set_tcp_settings(tcp),
            prefix: prefixed(DEFAULT_PREFIX),
        })
    }

    /// Logs in with a name and a password, instead of those in the URL.
    #[must_use]
    pub fn credentials(mut self, user: &str, password: &str) -> Self {
        let login = self.info.redis_settings().clone();
        let login = login.set_username(user).set_password(password);
        self.info = self.info.set_redis_settings(login);
        self
    }

    /// The start of the names of all channels on the server, before a `:`; `autumn-ws` by default.
    ///
    /// # Errors
    ///
    /// If it is empty, or has anything but letters, digits, `-` and `_`.
    pub fn prefix(mut self, prefix: &str) -> Result<Self, EngineError> {
        self.prefix = prefixed(checked(prefix)?);
        Ok(self)
    }

    /// Trusts these certificates, in PEM format, instead of those that the system trusts.
    ///
    /// # Errors
    ///
    /// If they are not certificates.
    pub fn root_certificates(mut self, pem: &[u8]) -> Result<Self, EngineError> {
        if !pem.windows(BEGIN.len()).any(|part| part == BEGIN) {
            return Err(EngineError::refused(
                "there is no certificate in PEM format",
            ));
        }
        let certificates = TlsCertificates {
            client_tls: None,
            root_cert: Some(pem.to_vec()),
        };
        let client = Client::build_with_tls(self.info, certificates).map_err(fault)?;
        self.info = client.get_connection_info().clone();
        Ok(self)
    }
}

fn prefixed(prefix: &str) -> Arc<str> {
    format!("{prefix}:").into()
}

impl Engine for Redis {
    type Connection = RedisConnection;

    fn address(&self) -> String {
        let address = self.info.addr();
        let scheme = match address {
            ConnectionAddr::TcpTls { .. } => "rediss",
            ConnectionAddr::Unix(_) => "unix",
            _ => "redis",
        };
        format!("{scheme}://{address}")
    }

    async fn connect(&mut self, inbox: Inbox) -> Result<RedisConnection, EngineError> {
        let client = Client::open(self.info.clone()).map_err(fault)?;
        let wait = inbox.timeout() / 2;
        tokio::select! {
            opened = RedisConnection::open(&client, &self.prefix, inbox) => opened,
            error = plain::found(self.info.addr(), wait) => Err(error),
        }
    }
}

/// Makes channels that replicas share through Redis, at a URL as [`Redis::open`] takes it (feature
/// `redis`).
///
/// See [`connect`] for the wait for a server that is away, and for options.
///
/// ```no_run
/// use autumn_ws::{AppState, engine};
///
/// # async fn run() -> Result<(), engine::EngineError> {
/// let channels = engine::redis("redis://127.0.0.1").await?;
/// let state = AppState::with_channels(channels);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// If the URL is wrong, or Redis refuses.
pub async fn redis(url: &str) -> Result<Channels, EngineError> {
    connect(Redis::open(url)?, Options::new()).await
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis")
            .field("address", &self.address())
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
