//! The connections of a server.

use super::{
    connection::Server,
    membership::{Membership, Phase},
    service::Serves,
    settings::Settings,
};
use crate::{Shutdown, session::tune};
use axum::serve::Listener;
use futures_util::FutureExt;
use std::{any::Any, convert::Infallible, sync::Arc, time::Duration};
use tokio::{net::TcpStream, sync::watch::Sender, time::timeout};

/// Accepts connections, and keeps track of those that it has accepted. When it is dropped, they take
/// no more requests.
pub(super) struct Connections<L, S> {
    listener: L,
    service: S,
    server: Arc<Server>,
    accepted: Accepted,
}

/// Connections that were accepted.
pub(super) struct Accepted {
    /// Every connection has a receiver.
    phase: Sender<Phase>,
    /// Every connection has a receiver for as long as it takes requests.
    open: Sender<()>,
    settle: Duration,
}

impl<L: Listener<Addr: 'static>, S: Serves> Connections<L, S> {
    pub(super) fn new(listener: L, service: S, shutdown: Shutdown, settings: Settings) -> Self {
        let settle = settings.limits.settle;
        Self {
            listener,
            service: service.prepared(),
            server: Arc::new(Server::new(shutdown, settings)),
            accepted: Accepted {
                phase: Sender::new(Phase::Open),
                open: Sender::new(()),
                settle,
            },
        }
    }

    /// Accepts connections for as long as it is polled.
    pub(super) async fn take(&mut self) -> Infallible {
        loop {
            let (io, addr) = self.listener.accept().await;
            self.admit(io, &addr);
        }
    }

    fn admit(&self, io: L::Io, addr: &L::Addr) {
        if let Some(stream) = any(&io).downcast_ref::<TcpStream>() {
            tune(stream);
        }
        let peer = any(addr).downcast_ref().copied();
        let server = Arc::clone(&self.server);
        let service = self.service.clone();
        let member = Membership {
            phase: self.accepted.phase.subscribe(),
            open: self.accepted.open.subscribe(),
        };
        tokio::spawn(server.serve(io, peer, service, member));
    }

    /// Accepts no more connections.
    pub(super) fn close(mut self) -> Accepted {
        // The operating system has accepted these, and would reset them.
        while let Some((io, addr)) = self.listener.accept().now_or_never() {
            self.admit(io, &addr);
        }
        drop(self.listener);
        self.accepted.phase.send_replace(Phase::Closing);
        self.accepted
    }
}

fn any<T: Any>(value: &T) -> &dyn Any {
    value
}

impl Accepted {
    /// Waits until no connection takes another request, but not for long: then they take none.
    pub(super) async fn settled(&self) {
        timeout(self.settle, self.open.closed()).await.ok();
        self.phase.send_replace(Phase::Closed);
    }

    /// Lets connections take no more requests, and waits until those under way have ended.
    pub(super) async fn finished(&self) {
        self.phase.send_replace(Phase::Closed);
        self.phase.closed().await;
    }
}
