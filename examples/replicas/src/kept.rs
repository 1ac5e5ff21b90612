//! A process that is restarted when it ends.

use autumn_ws::CancellationToken;
use std::{io, time::Duration};
use tokio::{
    process::{Child, ChildStdin},
    task::JoinHandle,
    time::sleep,
};

/// A process that is restarted when it ends, until [`end`](Kept::end) is called.
pub struct Kept {
    end: CancellationToken,
    task: JoinHandle<()>,
}

/// Time to read what the last process printed.
const PAUSE: Duration = Duration::from_secs(1);

impl Kept {
    /// Starts the process.
    ///
    /// # Errors
    ///
    /// If it does not start the first time.
    pub fn start(
        name: String,
        start: impl Fn() -> io::Result<Child> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let child = start()?;
        let end = CancellationToken::new();
        let task = tokio::spawn(keep(name, child, start, end.clone()));
        Ok(Self { end, task })
    }

    /// Ends the process.
    pub async fn end(self) {
        self.end.cancel();
        self.task.await.ok();
    }
}

async fn keep(
    name: String,
    mut child: Child,
    start: impl Fn() -> io::Result<Child>,
    end: CancellationToken,
) {
    loop {
        if let Some(id) = child.id() {
            eprintln!("{name} is process {id}");
        }
        // Waiting on the child would close its input.
        let input = child.stdin.take();
        tokio::select! {
            ended = child.wait() => match ended {
                Ok(status) => eprintln!("{name} has ended ({status}) and is restarted"),
                Err(error) => eprintln!("{name} is lost: {error}"),
            },
            () = end.cancelled() => return finish(child, input).await,
        }
        tokio::select! {
            () = sleep(PAUSE) => {}
            () = end.cancelled() => return,
        }
        match start() {
            Ok(new) => child = new,
            Err(error) => return eprintln!("{name} cannot be restarted: {error}"),
        }
    }
}

/// A process with an input ends when that input does.
async fn finish(mut child: Child, input: Option<ChildStdin>) {
    let ended = if let Some(input) = input {
        drop(input);
        child.wait().await.map(drop)
    } else {
        child.kill().await
    };
    // It has already ended.
    ended.ok();
}
