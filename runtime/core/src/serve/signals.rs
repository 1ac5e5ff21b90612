//! Signals that ask the process to end.

use std::{future::pending, io};
use tokio::sync::mpsc;

/// SIGTERM and Ctrl-C, counted.
pub(crate) struct Signals {
    receiver: mpsc::Receiver<()>,
    received: u32,
}

impl Signals {
    /// Listens to the operating system. From here on, the signals do not end the process themselves.
    pub(crate) fn listen() -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(1);
        forward(sender)?;
        Ok(Self::from(receiver))
    }

    /// Waits until there was one signal.
    pub(crate) async fn first(&mut self) {
        self.reach(1).await;
    }

    /// Waits until there were two signals.
    pub(crate) async fn second(&mut self) {
        self.reach(2).await;
    }

    async fn reach(&mut self, count: u32) {
        while self.received < count {
            match self.receiver.recv().await {
                Some(()) => self.received += 1,
                None => pending().await,
            }
        }
    }
}

/// A closed channel brings no more signals.
impl From<mpsc::Receiver<()>> for Signals {
    fn from(receiver: mpsc::Receiver<()>) -> Self {
        Self {
            receiver,
            received: 0,
        }
    }
}

/// Sends the operating system's signals to a channel for as long as somebody receives.
#[cfg(unix)]
fn forward(sender: mpsc::Sender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                () = sender.closed() => return,
            }
            if sender.send(()).await.is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Sends the operating system's signals to a channel for as long as somebody receives.
#[cfg(windows)]
fn forward(sender: mpsc::Sender<()>) -> io::Result<()> {
    use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_shutdown};

    let mut interrupt = ctrl_c()?;
    let mut close = ctrl_close()?;
    let mut shutdown = ctrl_shutdown()?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = close.recv() => {}
                _ = shutdown.recv() => {}
                () = sender.closed() => return,
            }
            if sender.send(()).await.is_err() {
                return;
            }
        }
    });
    Ok(())
}
