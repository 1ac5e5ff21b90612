//! The conformance tests find faults of engines.

use autumn_ws_replicas::{
    Command, Connection, Engine, EngineError, Inbox,
    testing::{Hub, HubConnection, conformance},
};
use std::mem;
use tokio::task::yield_now;

/// It forgets to close its connections.
struct Leaky(Hub);

struct LeakyConnection(Option<HubConnection>);

impl Engine for Leaky {
    type Connection = LeakyConnection;

    fn address(&self) -> String {
        self.0.address()
    }

    async fn connect(&mut self, inbox: Inbox) -> Result<LeakyConnection, EngineError> {
        let connection = self.0.connect(inbox).await?;
        Ok(LeakyConnection(Some(connection)))
    }
}

impl Connection for LeakyConnection {
    async fn send(&mut self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
        self.0.as_mut().unwrap().send(batch).await
    }

    async fn lost(&mut self) -> EngineError {
        self.0.as_mut().unwrap().lost().await
    }
}

impl Drop for LeakyConnection {
    fn drop(&mut self) {
        mem::forget(self.0.take());
    }
}

#[tokio::test]
#[should_panic(expected = "it still delivers messages")]
async fn a_connection_that_outlives_itself() {
    let hub = Hub::new();
    conformance::dropped_connections(|| Leaky(hub.clone())).await;
}

/// It does not reconnect after an abandoned attempt.
struct Stubborn {
    hub: Hub,
    is_trying: bool,
}

impl Engine for Stubborn {
    type Connection = HubConnection;

    fn address(&self) -> String {
        self.hub.address()
    }

    async fn connect(&mut self, inbox: Inbox) -> Result<HubConnection, EngineError> {
        if mem::replace(&mut self.is_trying, true) {
            return Err(EngineError::away("it is trying"));
        }
        yield_now().await;
        let connection = self.hub.connect(inbox).await;
        self.is_trying = false;
        connection
    }
}

#[tokio::test]
#[should_panic(expected = "it is trying")]
async fn an_attempt_that_cannot_be_given_up() {
    let engine = || Stubborn {
        hub: Hub::new(),
        is_trying: false,
    };
    conformance::abandoned_attempts(engine).await;
}
