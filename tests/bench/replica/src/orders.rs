//! Carries out the load generator's orders.

use crate::{
    Ear, Transport,
    load::{Load, QUANTUM, pace},
};
use anyhow::{Context, Result, bail};
use std::{
    env,
    io::{BufRead, stdin},
    sync::Arc,
};
use tokio::{net::TcpListener, runtime::Runtime};

/// Runs a replica. The first argument is the URL of the engine. Each line of standard input is an
/// order, answered by a line on standard output when it has been carried out.
///
/// | order | answer |
/// | --- | --- |
/// | `subscribe NAME COUNT` | nothing, after subscribing to `NAME.0`, `NAME.1` and so on |
/// | `listen` | the port for acknowledgements, and how many messages each covers |
/// | `answer PORT QUANTUM` | nothing, after connecting to another replica's port |
/// | `start NAME PUBLISHERS SIZE` | nothing, after beginning to publish on `NAME.0` |
/// | `stop` | how many messages were published |
/// | `pace NAME COUNT SIZE PER-TICK TICKS` | how many stamped messages were published on `NAME.0`, `NAME.1` and so on |
/// | `time` | nothing: from now on the stamps of messages are read |
/// | `count` | how many messages were heard, and how many are known to be lost |
/// | `ages` | the ages of half of the messages, of 99 %, and of all, in nanoseconds |
///
/// # Errors
///
/// If an order fails.
pub fn run<T: Transport>() -> Result<()> {
    let url = env::args().nth(1).context("the URL of the engine")?;
    let runtime = Runtime::new()?;
    let ear = Arc::new(Ear::default());
    let transport = runtime.block_on(T::connect(&url, Arc::clone(&ear)))?;
    let mut replica = Replica {
        runtime,
        transport,
        ear,
        listener: None,
        load: None,
    };
    println!("ready");
    for line in stdin().lock().lines() {
        println!("{}", replica.obey(&line?)?);
    }
    Ok(())
}

struct Replica<T> {
    runtime: Runtime,
    transport: T,
    ear: Arc<Ear>,
    listener: Option<TcpListener>,
    load: Option<Load>,
}

impl<T: Transport> Replica<T> {
    fn obey(&mut self, order: &str) -> Result<String> {
        let words: Vec<_> = order.split(' ').collect();
        match *words.as_slice() {
            ["subscribe", name, count] => self.subscribe(name, count.parse()?)?,
            ["listen"] => return self.listen(),
            ["answer", port, quantum] => self.ear.answer(port.parse()?, quantum.parse()?)?,
            ["start", name, publishers, size] => {
                self.start(&channel(name, 0), publishers.parse()?, size.parse()?)?;
            }
            ["stop"] => {
                let load = self.load.take().context("nothing was started")?;
                return Ok(self.runtime.block_on(load.stop())?.to_string());
            }
            ["pace", name, count, size, per_tick, ticks] => {
                let names: Vec<_> = (0..count.parse()?).map(|i| channel(name, i)).collect();
                let (size, per_tick, ticks) = (size.parse()?, per_tick.parse()?, ticks.parse()?);
                let paced = pace(&self.transport, &names, size, per_tick, ticks);
                return Ok(self.runtime.block_on(paced)?.to_string());
            }
            ["time"] => self.ear.time(),
            ["count"] => {
                let (heard, missed) = self.ear.count();
                return Ok(format!("{heard} {missed}"));
            }
            ["ages"] => return self.ages(),
            _ => bail!("an unknown order {order:?}"),
        }
        Ok(String::new())
    }

    fn subscribe(&self, name: &str, count: usize) -> Result<()> {
        self.runtime.block_on(async {
            for index in 0..count {
                self.transport.subscribe(&channel(name, index)).await?;
            }
            Ok(())
        })
    }

    fn listen(&mut self) -> Result<String> {
        let listener = self.runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let port = listener.local_addr()?.port();
        self.listener = Some(listener);
        Ok(format!("{port} {QUANTUM}"))
    }

    fn start(&mut self, name: &str, publishers: usize, size: usize) -> Result<()> {
        let listener = self.listener.take().context("nobody would answer")?;
        let load = Load::start(listener, &self.transport, name, publishers, size);
        self.load = Some(self.runtime.block_on(load)?);
        Ok(())
    }

    fn ages(&self) -> Result<String> {
        let ages = self.ear.ages();
        let age = |percent: usize| {
            let index = (ages.len() * percent / 100).min(ages.len().saturating_sub(1));
            ages.get(index).context("nothing was heard")
        };
        Ok(format!("{} {} {}", age(50)?, age(99)?, age(100)?))
    }
}

fn channel(name: &str, index: usize) -> String {
    format!("{name}.{index}")
}
