//! Sessions that start when the response that grants them is sent.

use super::{handshake::Carrier, pending::PendingRequest};
use crate::{
    CloseFrame,
    session::{self, Admission, RefusedPlace},
    sync::{Mutex, lock},
};
use axum::http::{Request, StatusCode};
use hyper::upgrade::{OnUpgrade, Upgraded};
use std::{future::ready, sync::Arc, time::Duration};
use tokio::{runtime::Handle, time::sleep};

/// How long after the response hyper may take to hand out the connection, which it does at once.
const HAND_OUT: Duration = Duration::from_secs(1);

/// A session that starts when the response that grants it is sent, and not before: the handler, or
/// a layer, may still answer otherwise. Then everything that the session was admitted with is
/// dropped.
///
/// That the connection is handed out shows nothing by itself over HTTP/1.1: hyper does so after every
/// response that is the last one.
#[derive(Clone, Default)]
pub(crate) struct DeferredSession(Arc<Mutex<Option<Granted>>>);

pub(crate) struct Granted {
    pub(crate) connection: OnUpgrade,
    pub(crate) carrier: Carrier,
    pub(crate) purpose: Purpose,
    /// Whether the response is known to be sent.
    pub(crate) is_confirmed: bool,
}

/// What a socket is opened for.
pub(crate) enum Purpose {
    Session {
        request: PendingRequest,
        admission: Admission,
    },
    /// To say why there is no session.
    Refusal {
        frame: CloseFrame,
        place: RefusedPlace,
    },
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
            granted.purpose.start(granted.connection);
        }
    }

    /// The response that grants the session is sent, over HTTP/1.1. If hyper does not hand out the
    /// connection at once, it was sent with another status.
    pub(super) fn confirm(&self) {
        let Ok(runtime) = Handle::try_current() else {
            return self.cancel();
        };
        if let Some(granted) = &mut *lock(&self.0) {
            granted.is_confirmed = true;
        }
        let session = self.clone();
        runtime.spawn(async move {
            sleep(HAND_OUT).await;
            session.cancel();
        });
    }

    /// The response that grants the session is not sent.
    pub(super) fn cancel(&self) {
        drop(self.take());
    }

    /// Waits until the connection is handed out, and starts the session on it. Over HTTP/2 this
    /// happens exactly if the response grants it; over HTTP/1.1 the response must have been
    /// [confirmed](Self::confirm), too.
    pub(super) fn start_when_open(&self) {
        let Some(connection) = lock(&self.0).as_ref().map(Granted::connection) else {
            return;
        };
        let session = self.clone();
        tokio::spawn(async move {
            let opened = connection.await;
            match (opened, session.take()) {
                (Ok(opened), Some(granted)) if granted.may_start() => {
                    granted.purpose.start(ready(Ok(opened)));
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

    const fn may_start(&self) -> bool {
        match self.carrier {
            Carrier::Http1 => self.is_confirmed,
            Carrier::Http2 => true,
        }
    }
}

impl Purpose {
    fn start(self, connection: impl Future<Output = hyper::Result<Upgraded>> + Send + 'static) {
        match self {
            Self::Session { request, admission } => {
                request.grant();
                tokio::spawn(session::run(connection, admission));
            }
            Self::Refusal { frame, place } => {
                tokio::spawn(session::close_refused(connection, frame, place));
            }
        }
    }
}
