//! Sessions that start when the response that grants them is sent.

use super::{handshake::Carrier, pending::PendingRequest};
use crate::{
    session::{self, Admission},
    sync::{Mutex, lock},
};
use axum::http::{Request, StatusCode};
use hyper::upgrade::OnUpgrade;
use std::{future::ready, sync::Arc};
use tokio::runtime::Handle;

/// A session that starts when the response that grants it is sent, and not before: the handler, or
/// a layer, may still answer otherwise. Then everything that the session was admitted with is
/// dropped.
///
/// That the connection is handed out shows nothing over HTTP/1.1: hyper does so after every response
/// that is the last one.
#[derive(Clone, Default)]
pub(crate) struct DeferredSession(Arc<Mutex<Option<Granted>>>);

pub(crate) struct Granted {
    pub(crate) request: PendingRequest,
    pub(crate) connection: OnUpgrade,
    pub(crate) carrier: Carrier,
    pub(crate) admission: Admission,
    pub(crate) runtime: Handle,
}

impl DeferredSession {
    /// A place for the session that the handler of this request may grant. The server promises to
    /// [report](Self::report) how it answers.
    pub(crate) fn expect<B>(request: &mut Request<B>) -> Self {
        let session = Self::default();
        request.extensions_mut().insert(session.clone());
        session
    }

    pub(super) fn grant(&self, granted: Granted) {
        let before = lock(&self.0).replace(granted);
        drop(before);
    }

    /// A response is about to be sent.
    pub(crate) fn report(&self, status: StatusCode) {
        let Some(granted) = self.take() else { return };
        if granted.carrier.is_granted_by(status) {
            granted.start();
        }
    }

    /// The response that grants the session is sent.
    pub(super) fn start(&self) {
        if let Some(granted) = self.take() {
            granted.start();
        }
    }

    /// The response that grants the session is not sent.
    pub(super) fn cancel(&self) {
        drop(self.take());
    }

    /// Waits until the connection is handed out, and starts the session on it: over HTTP/2 this
    /// happens exactly if the response grants it.
    pub(super) fn start_when_open(&self) {
        let Some(connection) = lock(&self.0).as_ref().map(Granted::connection) else {
            return;
        };
        let session = self.clone();
        Handle::current().spawn(async move {
            let opened = connection.await;
            match (opened, session.take()) {
                (Ok(opened), Some(granted)) => {
                    granted.request.grant();
                    session::run(ready(Ok(opened)), granted.admission).await;
                }
                (_, granted) => drop(granted),
            }
        });
    }

    fn take(&self) -> Option<Granted> {
        lock(&self.0).take()
    }
}

impl Granted {
    fn connection(&self) -> OnUpgrade {
        self.connection.clone()
    }

    fn start(self) {
        self.request.grant();
        let session = session::run(self.connection, self.admission);
        self.runtime.spawn(session);
    }
}
