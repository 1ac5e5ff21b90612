//! How the client of NATS is set up.

use super::error::fault_of;
use crate::EngineError;
use async_nats::{Auth, AuthError, ConnectOptions, ServerAddr};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};
use tokio::sync::mpsc::UnboundedSender;

/// The messages that may wait in the queue of one subscription. When there are more, the client
/// library drops them, and the connection is given up.
const QUEUE: usize = 1 << 16;

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) address: ServerAddr,
    pub(super) login: Login,
    pub(super) root_certificates: Option<PathBuf>,
    pub(super) prefix: String,
}

#[derive(Clone)]
pub(super) enum Login {
    Nobody,
    User(String, String),
    Token(String),
}

impl Settings {
    /// How the client connects. What goes wrong later is sent to `faults`.
    pub(super) fn options(&self, faults: UnboundedSender<EngineError>) -> ConnectOptions {
        let mut options = ConnectOptions::with_auth_callback(login(self.login.clone()))
            .name("autumn-ws")
            .subscription_capacity(QUEUE)
            .skip_subject_validation(true)
            .ignore_discovered_servers()
            .max_reconnects(1)
            .event_callback(move |event| {
                if let Some(fault) = fault_of(event) {
                    // Nobody listens any more when the connection was given up.
                    faults.send(fault).ok();
                }
                std::future::ready(())
            });
        if let Some(path) = &self.root_certificates {
            options = options.add_root_certificates(path.clone());
        }
        options
    }
}

/// Logs in, once: to connect again is up to the link, which knows what has to be told then.
fn login(
    login: Login,
) -> impl Fn(Vec<u8>) -> std::future::Ready<Result<Auth, AuthError>> + Send + Sync + 'static {
    let done = AtomicBool::new(false);
    move |_| {
        let mut auth = Auth::new();
        match &login {
            Login::Nobody => {}
            Login::User(user, password) => {
                auth.username = Some(user.clone());
                auth.password = Some(password.clone());
            }
            Login::Token(token) => auth.token = Some(token.clone()),
        }
        std::future::ready(if done.swap(true, Ordering::Relaxed) {
            Err(AuthError::new("autumn-ws connects again by itself"))
        } else {
            Ok(auth)
        })
    }
}
