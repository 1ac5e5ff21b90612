//! The publishing side of a replica.

use crate::{Publisher, Transport, WINDOW, stamp};
use anyhow::{Context, Result};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::{AbortHandle, JoinSet},
    time::{MissedTickBehavior, interval},
};

/// The number of messages in one call of [`Publisher::publish`].
const CHUNK: usize = 125;

/// The number of messages that are acknowledged together.
pub const QUANTUM: usize = 125;

/// Publishes as fast as the other replica hears it.
pub struct Load {
    credit: Arc<Semaphore>,
    stop: Arc<AtomicBool>,
    total: Arc<AtomicU64>,
    answers: AbortHandle,
    publishers: JoinSet<Result<()>>,
}

impl Load {
    /// Waits for the listening replica, and starts this many publishers.
    pub async fn start<T: Transport>(
        listener: TcpListener,
        transport: &T,
        name: &str,
        publishers: usize,
        size: usize,
    ) -> Result<Self> {
        let (socket, _) = listener.accept().await?;
        let credit = Arc::new(Semaphore::new(WINDOW));
        let answers = take_answers(socket, Arc::clone(&credit));
        let mut load = Self {
            credit,
            stop: Arc::default(),
            total: Arc::default(),
            answers: tokio::spawn(answers).abort_handle(),
            publishers: JoinSet::new(),
        };
        for _ in 0..publishers {
            let publisher = transport.publisher(name);
            let credit = Arc::clone(&load.credit);
            let (stop, total) = (Arc::clone(&load.stop), Arc::clone(&load.total));
            load.publishers
                .spawn(async move { publish(publisher, size, &credit, &stop, &total).await });
        }
        Ok(load)
    }

    /// Stops, and returns how many messages there were.
    pub async fn stop(mut self) -> Result<u64> {
        self.stop.store(true, Ordering::Relaxed);
        self.credit.close();
        while let Some(ended) = self.publishers.join_next().await {
            ended??;
        }
        self.answers.abort();
        Ok(self.total.load(Ordering::Relaxed))
    }
}

async fn publish(
    mut publisher: impl Publisher,
    size: usize,
    credit: &Semaphore,
    stop: &AtomicBool,
    total: &AtomicU64,
) -> Result<()> {
    let message = "x".repeat(size);
    while !stop.load(Ordering::Relaxed) {
        let Ok(permit) = credit.acquire_many(u32::try_from(CHUNK)?).await else {
            break;
        };
        permit.forget();
        publisher.publish(vec![message.clone(); CHUNK]).await?;
        total.fetch_add(CHUNK as u64, Ordering::Relaxed);
    }
    publisher.finish().await
}

/// Until the other replica is gone. After that, nothing is published.
async fn take_answers(mut socket: TcpStream, credit: Arc<Semaphore>) {
    let mut answers = [0; 64];
    while let Ok(count @ 1..) = socket.read(&mut answers).await {
        credit.add_permits(count * QUANTUM);
    }
    credit.close();
}

/// Publishes this many stamped messages per millisecond, on the names in turn.
pub async fn pace<T: Transport>(
    transport: &T,
    names: &[String],
    size: usize,
    per_tick: usize,
    ticks: usize,
) -> Result<u64> {
    let mut publishers: Vec<_> = names.iter().map(|name| transport.publisher(name)).collect();
    let mut interval = interval(Duration::from_millis(1));
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next = 0;
    for _ in 0..ticks {
        interval.tick().await;
        for _ in 0..per_tick {
            let index = next % names.len();
            let publisher = publishers.get_mut(index).context("a name")?;
            publisher.publish(vec![stamp::stamped(size)]).await?;
            next += 1;
        }
    }
    for publisher in &mut publishers {
        publisher.finish().await?;
    }
    Ok(next as u64)
}
