//! The settings of the NATS client.

use super::{
    address::{Address, Servers},
    error::{fault, fault_of},
    login::{Login, Proof},
};
use crate::{EngineError, prefix::DEFAULT_PREFIX};
use async_nats::{Auth, AuthError, Client, ConnectOptions, ServerAddr};
use std::{
    future::Ready,
    hash::{BuildHasher, RandomState},
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};
use tokio::sync::mpsc::UnboundedSender;

/// The messages that may wait in the queue of one subscription. When there are more, the client
/// library drops them, and the connection is given up.
const QUEUE: usize = 1 << 16;

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) servers: Servers,
    /// The one to connect to.
    turn: usize,
    pub(super) login: Login,
    pub(super) root_certificates: Option<PathBuf>,
    pub(super) prefix: String,
}

impl Settings {
    pub(super) fn of(address: Address) -> Self {
        Self {
            servers: address.servers,
            // Replicas should not all connect to the same one.
            turn: usize::try_from(RandomState::new().hash_one(()) >> 48).unwrap_or_default(),
            login: address.login,
            root_certificates: None,
            prefix: DEFAULT_PREFIX.into(),
        }
    }

    /// The server whose turn it is.
    pub(super) fn server(&self) -> &ServerAddr {
        self.servers.get(self.turn)
    }

    /// It is the turn of the next server.
    pub(super) const fn next_server(&mut self) {
        self.turn = self.turn.wrapping_add(1);
    }

    /// Connects to a server and logs in. Later faults are sent to `faults`.
    pub(super) async fn connect(
        &self,
        server: &ServerAddr,
        faults: UnboundedSender<EngineError>,
    ) -> Result<Client, EngineError> {
        let proof = self.login.read().await?;
        let connected = self.options(proof, faults).connect(server.clone());
        connected.await.map_err(fault)
    }

    fn options(&self, proof: Proof, faults: UnboundedSender<EngineError>) -> ConnectOptions {
        let mut options = ConnectOptions::with_auth_callback(log_in(proof))
            .name("autumn-ws")
            .subscription_capacity(QUEUE)
            .skip_subject_validation(true)
            .ignore_discovered_servers()
            .max_reconnects(1)
            .event_callback(move |event| {
                if let Some(fault) = fault_of(event) {
                    // Nobody receives it when the connection was abandoned.
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

/// Logs in once: reconnecting is up to the link, which then sends everything again.
fn log_in(
    proof: Proof,
) -> impl Fn(Vec<u8>) -> Ready<Result<Auth, AuthError>> + Send + Sync + 'static {
    let is_done = AtomicBool::new(false);
    move |nonce| {
        std::future::ready(if is_done.swap(true, Ordering::Relaxed) {
            Err(AuthError::new("autumn-ws connects again by itself"))
        } else {
            proof.auth(&nonce)
        })
    }
}
