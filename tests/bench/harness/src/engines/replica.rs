//! A running replica.

use crate::{
    server::with_us,
    usage::{self, Cpu},
};
use anyhow::{Context, Result, bail, ensure};
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    str::FromStr,
    thread::sleep,
    time::{Duration, Instant},
};

/// A replica in a process of its own, which carries out orders. It ends when this is dropped.
pub struct Replica {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// How long a replica may take to answer.
const PATIENCE: Duration = Duration::from_mins(1);

impl Replica {
    pub fn start(program: &Path, url: &str) -> Result<Self> {
        let mut command = Command::new(program);
        command.arg(url);
        let mut child = with_us(&command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let orders = child.stdin.take().context("its input")?;
        let answers = child.stdout.take().context("its output")?;
        let mut replica = Self {
            child,
            orders,
            answers: BufReader::new(answers),
        };
        let ready = replica.answer()?;
        ensure!(ready == "ready", "{} said {ready:?}", program.display());
        Ok(replica)
    }

    /// Gives an order, and returns the answer. The package `replica` has the orders.
    pub fn tell(&mut self, order: &str) -> Result<String> {
        self.begin(order)?;
        self.answer()
    }

    /// Gives an order whose [answer](Replica::answer) takes a while.
    pub fn begin(&mut self, order: &str) -> Result<()> {
        writeln!(self.orders, "{order}").with_context(|| order.to_owned())
    }

    /// The next answer.
    pub fn answer(&mut self) -> Result<String> {
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        if !answer.ends_with('\n') {
            bail!("a replica ended with {}", self.child.wait()?);
        }
        Ok(answer.trim_end().to_owned())
    }

    /// How many messages it heard.
    pub fn heard(&mut self) -> Result<u64> {
        let [heard, missed] = numbers(&self.tell("count")?)?;
        ensure!(missed == 0, "{missed} messages were lost");
        Ok(heard)
    }

    /// Waits until it has heard `count` messages.
    pub fn wait_for(&mut self, count: u64) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.heard()? < count {
            ensure!(Instant::now() < deadline, "messages were lost");
            sleep(Duration::from_millis(5));
        }
        let heard = self.heard()?;
        ensure!(heard == count, "heard {heard} of {count} messages");
        Ok(())
    }

    /// Its CPU time so far.
    pub fn cpu(&self) -> Result<Cpu> {
        Cpu::of(self.child.id())
    }

    /// Its resident memory, in bytes, without the pages of files.
    pub fn resident(&self) -> Result<u64> {
        usage::resident(self.child.id())
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The numbers of an answer.
pub fn numbers<N: FromStr, const COUNT: usize>(answer: &str) -> Result<[N; COUNT]> {
    let numbers: Vec<N> = answer
        .split(' ')
        .map_while(|word| word.parse().ok())
        .collect();
    let numbers = <[N; COUNT]>::try_from(numbers).ok();
    numbers.with_context(|| format!("an answer {answer:?}"))
}

/// Waits until the second replica hears the first one on the channel `NAME.0`. Returns how many
/// messages it has heard by then; earlier ones may have been lost.
pub fn meet(from: &mut Replica, to: &mut Replica, name: &str) -> Result<u64> {
    let deadline = Instant::now() + PATIENCE;
    let before = to.heard()?;
    while to.heard()? == before {
        ensure!(Instant::now() < deadline, "a replica hears nothing");
        from.tell(&format!("pace {name} 1 64 1 1"))?;
        sleep(Duration::from_millis(20));
    }
    // When nothing has arrived for a while, nothing is in flight.
    let mut heard = to.heard()?;
    loop {
        sleep(Duration::from_millis(200));
        let now = to.heard()?;
        if now == heard {
            return Ok(heard);
        }
        heard = now;
    }
}
