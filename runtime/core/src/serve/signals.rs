//! Signals that ask the process to end.

use std::{future::pending, io};
use tokio::sync::mpsc;

/// A signal that asks the process to end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signal {
    /// SIGTERM: from whatever runs the process.
    Terminate,
    /// Ctrl-C: from a person.
    Interrupt,
}

/// SIGTERM and Ctrl-C, in their order.
pub(crate) struct Signals {
    receiver: mpsc::Receiver<Signal>,
    first: Option<Signal>,
}

impl Signals {
    /// Listens to the operating system. From here on, the signals do not end the process themselves.
    pub(crate) fn listen() -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(1);
        forward(sender)?;
        Ok(Self::from(receiver))
    }

    /// Waits for the first signal.
    pub(crate) async fn first(&mut self) -> Signal {
        let signal = match self.first {
            Some(signal) => signal,
            None => self.next().await,
        };
        self.first = Some(signal);
        signal
    }

    /// Waits for the second signal.
    pub(crate) async fn second(&mut self) {
        self.first().await;
        self.next().await;
    }

    async fn next(&mut self) -> Signal {
        match self.receiver.recv().await {
            Some(signal) => signal,
            None => pending().await,
        }
    }
}

/// A closed channel brings no more signals.
impl From<mpsc::Receiver<Signal>> for Signals {
    fn from(receiver: mpsc::Receiver<Signal>) -> Self {
        Self {
            receiver,
            first: None,
        }
    }
}

/// Sends the operating system's signals to a channel for as long as somebody receives.
#[cfg(unix)]
fn forward(sender: mpsc::Sender<Signal>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        loop {
            let signal = tokio::select! {
                _ = terminate.recv() => Signal::Terminate,
                _ = interrupt.recv() => Signal::Interrupt,
                () = sender.closed() => return,
            };
            if sender.send(signal).await.is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Sends the operating system's signals to a channel for as long as somebody receives.
#[cfg(windows)]
fn forward(sender: mpsc::Sender<Signal>) -> io::Result<()> {
    use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_shutdown};

    let mut interrupt = ctrl_c()?;
    let mut close = ctrl_close()?;
    let mut shutdown = ctrl_shutdown()?;
    tokio::spawn(async move {
        loop {
            let signal = tokio::select! {
                _ = interrupt.recv() => Signal::Interrupt,
                _ = close.recv() => Signal::Terminate,
                _ = shutdown.recv() => Signal::Terminate,
                () = sender.closed() => return,
            };
            if sender.send(signal).await.is_err() {
                return;
            }
        }
    });
    Ok(())
}
