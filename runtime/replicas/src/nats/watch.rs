//! Watches whether a connection still leads to the stream that all replicas use.
//!
//! A connection can outlive its target: the stream may be changed or replaced, there may be a
//! second one, and the address may lead to another server. Others may then hear messages twice or
//! not at all.

use super::{
    peek::{Greeting, peek},
    receipts::refusal,
    settings::Settings,
    stream::Stream,
};
use crate::{EngineError, Inbox};
use async_nats::{Client, ServerAddr, SubscribeError, Subscriber};
use futures_util::StreamExt;
use std::collections::HashSet;
use tokio::{
    sync::mpsc::unbounded_channel,
    time::{sleep, timeout},
};

/// Watches one connection.
pub(super) struct Watch {
    settings: Settings,
    client: Client,
    stream: Stream,
    inbox: Inbox,
    questions: Questions,
    /// The servers that are known to have the same stream.
    known: HashSet<String>,
    /// The address to check next.
    turn: usize,
}

/// The number of attempts to reach one of the servers behind an address.
const ATTEMPTS: usize = 3;

/// The number of checks that fit into the time that the server has for an answer.
const CHECKS: u32 = 3;

impl Watch {
    /// Begins to watch, when the first check has found nothing wrong.
    pub(super) async fn begin(
        settings: Settings,
        client: Client,
        stream: Stream,
        inbox: Inbox,
    ) -> Result<Self, EngineError> {
        let questions = Questions::open(&client, &settings.prefix).await;
        let mut watch = Self {
            questions: questions.map_err(EngineError::away)?,
            settings,
            client,
            stream,
            inbox,
            known: HashSet::new(),
            turn: 0,
        };
        watch.check().await?;
        watch.check_addresses().await?;
        Ok(watch)
    }

    /// Watches until something is wrong, and returns what that is.
    pub(super) async fn run(mut self) -> EngineError {
        loop {
            sleep(self.inbox.timeout() / CHECKS).await;
            if let Err(error) = self.check().await {
                return error;
            }
        }
    }

    async fn check(&mut self) -> Result<(), EngineError> {
        self.inbox.begin_check();
        let limit = self.inbox.timeout();
        match timeout(limit, self.look()).await {
            Ok(Ok(())) => self.inbox.end_check(),
            Ok(Err(error)) if error.is_refused() => return Err(error),
            // Nothing is known, which is not an outage yet.
            Ok(Err(_)) | Err(_) => {}
        }
        Ok(())
    }

    async fn look(&mut self) -> Result<(), EngineError> {
        self.stream.check(&self.client).await?;
        self.questions.ask(&self.client).await?;
        self.check_address().await
    }

    /// Checks each address once, as far as it answers in time.
    async fn check_addresses(&mut self) -> Result<(), EngineError> {
        let count = self.settings.servers.len();
        let limit = self.inbox.timeout() / (2 * u32::try_from(count).unwrap_or(u32::MAX));
        for _ in 0..count {
            match timeout(limit, self.check_address()).await {
                Ok(Err(error)) if error.is_refused() => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Checks what the next of the addresses leads to now.
    async fn check_address(&mut self) -> Result<(), EngineError> {
        let server = self.settings.servers.get(self.turn);
        self.turn += 1;
        let there = peek(server).await?;
        let here = self.client.server_info();
        let is_same_cluster = here.cluster.is_some() && here.cluster == there.cluster;
        if there.server_id == here.server_id
            || is_same_cluster
            || self.known.contains(&there.server_id)
        {
            return Ok(());
        }
        let client = self.reach(server, &there).await?;
        match self.stream.check(&client).await {
            Ok(()) => {
                self.known.insert(there.server_id);
                Ok(())
            }
            Err(error) if error.is_refused() => Err(EngineError::refused(format_args!(
                "its addresses lead to NATS servers that do not share a stream, so replicas would \
                 not hear each other ({}:{}: {error})",
                server.host(),
                server.port(),
            ))),
            Err(error) => Err(error),
        }
    }

    /// Connects to the server that greeted at an address, which may lead to another one next time.
    async fn reach(&self, server: &ServerAddr, there: &Greeting) -> Result<Client, EngineError> {
        for _ in 0..ATTEMPTS {
            let (faults, _) = unbounded_channel();
            let client = self.settings.connect(server, faults).await?;
            if client.server_info().server_id == there.server_id {
                return Ok(client);
            }
        }
        Err(EngineError::away("its address leads to several servers"))
    }
}

/// Messages whose receipts say how many streams there are.
struct Questions {
    subject: String,
    place: String,
    receipts: Subscriber,
    asked: u64,
    answered: u64,
}

impl Questions {
    async fn open(client: &Client, prefix: &str) -> Result<Self, SubscribeError> {
        let place = format!("{}.", client.new_inbox());
        Ok(Self {
            subject: format!("{prefix}.in.check"),
            receipts: client.subscribe(format!("{place}*")).await?,
            place,
            asked: 0,
            answered: 0,
        })
    }

    /// Sends another request. Each stream sends one receipt; a second one for an earlier request
    /// means two streams.
    async fn ask(&mut self, client: &Client) -> Result<(), EngineError> {
        self.asked += 1;
        let place = format!("{}{}", self.place, self.asked);
        let asked = client.publish_with_reply(self.subject.clone(), place, "".into());
        asked.await.map_err(EngineError::away)?;
        while let Some(receipt) = self.receipts.next().await {
            let number = receipt.subject.get(self.place.len()..);
            let number = number.and_then(|number| number.parse().ok());
            let number: u64 = number.unwrap_or_default();
            if number <= self.answered {
                return Err(EngineError::refused(
                    "two JetStream streams take what is published, as where a leafnode has a \
                     JetStream of its own: replicas would hear everything twice",
                ));
            }
            self.answered = number;
            if let Some(error) = refusal(&receipt) {
                return Err(error);
            }
            if number == self.asked {
                return Ok(());
            }
        }
        Err(EngineError::away("the client has ended"))
    }
}
