//! A hub that each replica reaches over a line of its own, which can be slow, held, and cut while a
//! batch is half sent.

use autumn_ws_replicas::{
    Command, Connection, Engine, EngineError, Inbox,
    testing::{Hub, HubConnection},
};
use tokio::{sync::watch, task::yield_now};

/// Clones are the same line.
#[derive(Clone)]
pub struct Line {
    hub: Hub,
    /// Turns of other tasks before each command.
    turns: usize,
    state: watch::Sender<State>,
}

pub struct LineConnection {
    hub: HubConnection,
    turns: usize,
    cuts: u64,
    state: watch::Receiver<State>,
}

#[derive(Clone, Copy, Default)]
struct State {
    is_held: bool,
    cuts: u64,
}

impl Line {
    pub fn new(hub: &Hub, turns: usize) -> Self {
        Self {
            hub: hub.clone(),
            turns,
            state: watch::Sender::default(),
        }
    }

    pub fn cut(&self) {
        self.state.send_modify(|state| state.cuts += 1);
    }

    /// Holds everything until it is released.
    pub fn hold(&self) {
        self.state.send_modify(|state| state.is_held = true);
    }

    pub fn release(&self) {
        self.state.send_modify(|state| state.is_held = false);
    }
}

impl Engine for Line {
    type Connection = LineConnection;

    fn address(&self) -> String {
        self.hub.address()
    }

    async fn connect(&mut self, inbox: Inbox) -> Result<LineConnection, EngineError> {
        let state = self.state.subscribe();
        let cuts = state.borrow().cuts;
        Ok(LineConnection {
            hub: self.hub.connect(inbox).await?,
            turns: self.turns,
            cuts,
            state,
        })
    }
}

impl LineConnection {
    /// Waits until the next command can be sent.
    async fn pass(&mut self) -> Result<(), EngineError> {
        for _ in 0..self.turns {
            yield_now().await;
        }
        let cuts = self.cuts;
        let may_go_on = |state: &State| !state.is_held || state.cuts != cuts;
        let passed = self.state.wait_for(may_go_on).await;
        let is_cut = passed.is_ok_and(|state| state.cuts != cuts);
        if is_cut { Err(cut()) } else { Ok(()) }
    }
}

impl Connection for LineConnection {
    fn max_frame(&self) -> usize {
        self.hub.max_frame()
    }

    async fn send(&mut self, batch: &mut Vec<Command>) -> Result<(), EngineError> {
        for command in batch.drain(..) {
            self.pass().await?;
            self.hub.send(&mut vec![command]).await?;
        }
        Ok(())
    }

    async fn lost(&mut self) -> EngineError {
        let cuts = self.cuts;
        tokio::select! {
            error = self.hub.lost() => error,
            _ = self.state.wait_for(|state| state.cuts != cuts) => cut(),
        }
    }
}

fn cut() -> EngineError {
    EngineError::away("the line is cut")
}
