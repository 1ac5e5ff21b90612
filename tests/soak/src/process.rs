//! The process under test, seen from outside.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Stdio;
use std::{env, fs, io};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::sample::Sample;
use crate::{MINUTE, Outcome};

/// A server in a process of its own.
pub struct Process {
    child: Child,
    id: u32,
    pub addr: SocketAddr,
}

impl Process {
    pub async fn start() -> Outcome<Self> {
        let mut child = Command::new(env::current_exe()?)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let id = child.id().ok_or("the process has ended already")?;
        let output = child.stdout.take().ok_or("the process has no output")?;
        let line = BufReader::new(output).lines().next_line().await?;
        let addr = line
            .ok_or("the process does not print its address")?
            .parse()?;
        Ok(Self { child, id, addr })
    }

    /// What it holds now.
    pub async fn sample(&self) -> Outcome<Sample> {
        // Asked first, while this connection is still open, so that it counts in every sample.
        let mut stream = TcpStream::connect(self.addr).await?;
        let request = "GET /measures HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await?;
        let mut response = String::new();
        timeout(MINUTE, stream.read_to_string(&mut response)).await??;
        drop(stream);
        let (_, body) = response.split_once("\r\n\r\n").ok_or("no response")?;
        let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
        for line in body.lines() {
            let (name, number) = line.split_once(' ').ok_or("no measure")?;
            numbers.insert(name.to_owned(), number.parse()?);
        }
        numbers.insert("files".to_owned(), self.files()?);
        numbers.insert("resident_kib".to_owned(), self.resident_kib()?);
        Ok(Sample { numbers })
    }

    /// Ends it as an operator would, and returns whether it ended well.
    pub async fn stop(mut self) -> Outcome<bool> {
        drop(self.child.stdin.take());
        let status = timeout(MINUTE, self.child.wait()).await??;
        Ok(status.success())
    }

    fn files(&self) -> io::Result<u64> {
        let files = fs::read_dir(format!("/proc/{}/fd", self.id))?;
        Ok(files.count() as u64)
    }

    fn resident_kib(&self) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.ok_or("no VmRSS")?.parse()?)
    }
}
