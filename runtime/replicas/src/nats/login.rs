//! Logins to NATS.

use crate::EngineError;
use async_nats::{Auth, AuthError};
use nkeys::KeyPair;
use std::{
    fmt, fs,
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;

/// A login.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Login {
    Nobody,
    User(String, String),
    Token(String),
    /// The file of a JWT and its seed, as `nsc` writes it.
    Credentials(PathBuf),
    /// The file of a seed.
    Nkey(PathBuf),
}

/// The proof of a login.
#[derive(Default)]
pub(super) struct Proof {
    auth: Auth,
    /// Signs the server's nonce.
    key: Option<KeyPair>,
}

impl Login {
    /// Reads the login. Files are read for each connection, because they may be replaced.
    pub(super) async fn read(&self) -> Result<Proof, EngineError> {
        let mut proof = Proof::default();
        let Proof { auth, key } = &mut proof;
        match self {
            Self::Nobody => {}
            Self::User(user, password) => {
                auth.username = Some(user.clone());
                auth.password = Some(password.clone());
            }
            Self::Token(token) => auth.token = Some(token.clone()),
            Self::Credentials(path) => {
                let text = read(path).await?;
                let jwt = line(&text, JWT).ok_or_else(|| wrong(path, "it has no JWT"))?;
                auth.jwt = Some(jwt);
                *key = Some(key_in(path, &text)?);
            }
            Self::Nkey(path) => {
                let pair = key_in(path, &read(path).await?)?;
                auth.nkey = Some(pair.public_key());
                *key = Some(pair);
            }
        }
        Ok(proof)
    }
}

impl Proof {
    /// What is sent to a server that sent this nonce.
    pub(super) fn auth(&self, nonce: &[u8]) -> Result<Auth, AuthError> {
        let mut auth = self.auth.clone();
        if let Some(key) = &self.key {
            auth.signature = Some(key.sign(nonce).map_err(AuthError::new)?);
        }
        Ok(auth)
    }
}

/// The start of the line before a JWT.
const JWT: &str = "eyJ";

/// The start of a user's seed.
const SEED: &str = "SU";

async fn read(path: &Path) -> Result<String, EngineError> {
    let owned = path.to_owned();
    let text = spawn_blocking(move || fs::read_to_string(owned)).await;
    let text = text.map_err(EngineError::away)?;
    text.map_err(|error| wrong(path, error))
}

fn key_in(path: &Path, text: &str) -> Result<KeyPair, EngineError> {
    let seed = line(text, SEED);
    let seed = seed.ok_or_else(|| wrong(path, "it has no seed of a user (`SU…`)"))?;
    KeyPair::from_seed(&seed).map_err(|error| wrong(path, error))
}

/// The line that begins with this.
fn line(text: &str, begin: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| line.starts_with(begin)).map(String::from)
}

fn wrong(path: &Path, why: impl fmt::Display) -> EngineError {
    let path = path.display();
    EngineError::refused(format_args!("the login in `{path}` cannot be used: {why}"))
}

#[cfg(test)]
mod tests {
    use super::Login;
    use nkeys::KeyPair;
    use std::fs;

    async fn reads(content: &str, login: fn(std::path::PathBuf) -> Login) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("login");
        fs::write(&path, content).unwrap();
        let read = login(path).read().await;
        read.map(drop).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn files_as_nsc_writes_them() {
        let seed = KeyPair::new_user().seed().unwrap();
        let creds = format!(
            "-----BEGIN NATS USER JWT-----\r\neyJhbGciOiJlZDI1NTE5In0.e30.c2ln\r\n\
             ------END NATS USER JWT------\r\n\r\n\
             -----BEGIN USER NKEY SEED-----\r\n{seed}\r\n------END USER NKEY SEED------\r\n"
        );
        assert_eq!(reads(&creds, Login::Credentials).await, Ok(()));
        assert_eq!(reads(&format!("{seed}\n"), Login::Nkey).await, Ok(()));
    }

    #[tokio::test]
    async fn files_with_something_else_are_refused_without_their_content() {
        let account = KeyPair::new_account().seed().unwrap();
        let seed = KeyPair::new_user().seed().unwrap();
        let wrong_seed = format!("SU{}", "A".repeat(56));
        for (content, login, why) in [
            ("", Login::Credentials as fn(_) -> _, "no JWT"),
            (
                "eyJhbGciOiJlZDI1NTE5In0.e30.c2ln",
                Login::Credentials,
                "no seed",
            ),
            (&*seed, Login::Credentials, "no JWT"),
            (&*account, Login::Nkey, "no seed"),
            (&*wrong_seed, Login::Nkey, "cannot be used"),
        ] {
            let error = reads(content, login).await.unwrap_err();
            assert!(error.contains(why), "{error}");
            assert!(
                !error.contains(&account) && !error.contains(&wrong_seed),
                "{error}"
            );
        }
        let missing = Login::Nkey("/nowhere/at/all".into()).read().await;
        let error = missing.err().unwrap();
        assert!(
            error.is_refused() && error.to_string().contains("/nowhere"),
            "{error}"
        );
    }
}
