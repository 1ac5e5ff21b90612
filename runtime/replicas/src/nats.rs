//! Channels over NATS.

mod address;
mod bundle;
mod connection;
mod error;
mod login;
mod merge;
mod name;
mod passes;
mod peek;
mod receipts;
mod settings;
mod stream;
mod subscriptions;
mod watch;

pub use self::connection::NatsConnection;

use self::{login::Login, settings::Settings};
use crate::{Engine, EngineError, Inbox, Options, connect, prefix::checked};
use autumn_ws_core::Channels;
use std::{fmt, path::PathBuf};

/// NATS, 2.9 or newer, with JetStream.
///
/// NATS alone does not promise two subscribers the same order of two publishers' messages. So
/// everything goes through one JetStream stream in memory, which keeps a single message and
/// republishes each: `autumn-ws.in.>` becomes `autumn-ws.out.>`. The stream is created if it does
/// not exist. If JetStream takes nothing more, because its memory is used up or the stream is
/// removed, that is an outage.
///
/// All servers have to share that stream. A stream with other settings, a second one (as where a
/// leafnode has a JetStream of its own), and addresses that lead to servers without it are refused.
/// That is checked several times in each [timeout](Options::timeout).
///
/// A NATS user needs to publish to `autumn-ws.in.>`, `$JS.API.STREAM.INFO.autumn-ws`
/// and `$JS.API.STREAM.CREATE.autumn-ws`, and to subscribe to `autumn-ws.out.>` and `_INBOX.>`.
/// Applications that share a server need [prefixes](Nats::prefix) of their own.
///
/// ```no_run
/// use autumn_ws::{AppState, engine::{self, Nats, Options}};
/// use std::time::Duration;
///
/// # async fn run() -> Result<(), engine::EngineError> {
/// let nats = Nats::open("tls://nats.example.com")?
///     .credentials("shop", "secret")
///     .prefix("shop")?;
/// let options = Options::new().timeout(Duration::from_secs(2));
/// let state = AppState::with_channels(engine::connect(nats, options).await?);
/// # Ok(())
/// # }
/// ```
///
/// Names of channels may have 1,000 bytes: channels with longer names stay in their process.
#[derive(Clone)]
pub struct Nats {
    settings: Settings,
}

impl Nats {
    /// NATS at a URL: `nats://[USER:PASSWORD@|TOKEN@]HOST[:PORT]`, or `tls://`.
    ///
    /// Several servers of one NATS are complete URLs, separated by commas. The login stands in one
    /// of them, or is the same in all. Each connection goes to the next of them.
    ///
    /// `?creds=FILE` logs in with a [file of credentials](Nats::credentials_file), `?nkey=FILE` with
    /// an [nkey](Nats::nkey_file).
    ///
    /// Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// If a part of it is not understood.
    pub fn open(url: &str) -> Result<Self, EngineError> {
        let settings = Settings::of(address::parse(url)?);
        Ok(Self { settings })
    }

    /// Logs in with a name and a password, instead of those in the URL.
    #[must_use]
    pub fn credentials(mut self, user: &str, password: &str) -> Self {
        self.settings.login = Login::User(user.into(), password.into());
        self
    }

    /// Logs in with a token, instead of that in the URL.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.settings.login = Login::Token(token.into());
        self
    }

    /// Logs in with the JWT and the seed in a file, as `nsc` writes it (`.creds`), instead of what is
    /// in the URL. The file is read for each connection, so it may be replaced.
    #[must_use]
    pub fn credentials_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.login = Login::Credentials(path.into());
        self
    }

    /// Logs in with the seed of an nkey in a file (`SU…`), instead of what is in the URL. The file
    /// is read for each connection, so it may be replaced.
    #[must_use]
    pub fn nkey_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.login = Login::Nkey(path.into());
        self
    }

    /// Trusts the certificates in a file, in PEM format, too.
    #[must_use]
    pub fn root_certificates(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.root_certificates = Some(path.into());
        self
    }

    /// The name of the stream, with which its subjects begin; `autumn-ws` by default.
    ///
    /// # Errors
    ///
    /// If it is empty, or has anything but letters, digits, `-` and `_`.
    pub fn prefix(mut self, prefix: &str) -> Result<Self, EngineError> {
        self.settings.prefix = checked(prefix)?.into();
        Ok(self)
    }
}

impl Engine for Nats {
    type Connection = NatsConnection;

    fn address(&self) -> String {
        let server = self.settings.server();
        format!("{}://{}:{}", server.scheme(), server.host(), server.port())
    }

    async fn connect(&mut self, inbox: Inbox) -> Result<NatsConnection, EngineError> {
        self.settings.next_server();
        NatsConnection::open(&self.settings, inbox).await
    }
}

/// Makes channels that replicas share through NATS, at a URL as [`Nats::open`] takes it (feature
/// `nats`).
///
/// See [`connect`] for the wait for a server that is away, and for options.
///
/// ```no_run
/// use autumn_ws::{AppState, engine};
///
/// # async fn run() -> Result<(), engine::EngineError> {
/// let channels = engine::nats("nats://127.0.0.1").await?;
/// let state = AppState::with_channels(channels);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// If the URL is wrong, or NATS refuses.
pub async fn nats(url: &str) -> Result<Channels, EngineError> {
    connect(Nats::open(url)?, Options::new()).await
}

impl fmt::Debug for Nats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nats")
            .field("address", &self.address())
            .field("prefix", &self.settings.prefix)
            .finish_non_exhaustive()
    }
}
