//! What a process uses, as reported by Linux.

use anyhow::{Context, Result, ensure};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::{collections::BTreeMap, fs, io, thread, time::Duration};

/// The CPU time of a process at some moment.
#[derive(Debug)]
pub struct Cpu {
    /// User and system time of each live thread, in nanoseconds.
    threads: BTreeMap<u32, u64>,
    /// The time of all threads, including those that have ended.
    total: Duration,
}

impl Cpu {
    pub fn of(process: u32) -> Result<Self> {
        let mut threads = BTreeMap::new();
        for entry in fs::read_dir(format!("/proc/{process}/task"))? {
            let entry = entry?;
            let thread = entry.file_name().to_string_lossy().parse()?;
            match fs::read_to_string(entry.path().join("schedstat")) {
                Ok(stat) => threads.insert(thread, field(&stat, 0)?),
                // The thread has ended in the meantime.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error.into()),
            };
        }
        ensure!(!threads.is_empty(), "the kernel has no schedstat");
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
        // Fields 14 and 15 of proc_pid_stat(5), counted after the name, which may contain spaces.
        let (_, fields) = stat.rsplit_once(')').context("a stat")?;
        let ticks = field(fields, 11)? + field(fields, 12)?;
        let total = Duration::from_secs(ticks) / TICKS;
        Ok(Self { threads, total })
    }

    /// The time used since then, exact unless a thread has ended in the meantime.
    pub fn since(&self, earlier: &Self) -> Duration {
        let mut nanos = 0;
        for (thread, now) in &self.threads {
            nanos += now.saturating_sub(earlier.threads.get(thread).copied().unwrap_or(0));
        }
        let is_gone = |thread: &u32| !self.threads.contains_key(thread);
        if earlier.threads.keys().any(is_gone) {
            return self.total.saturating_sub(earlier.total);
        }
        Duration::from_nanos(nanos)
    }
}

/// Clock ticks per second: the same on all architectures, as far as programs can see.
const TICKS: u32 = 100;

fn field(stat: &str, index: usize) -> Result<u64> {
    let field = stat.split_whitespace().nth(index).context("a field")?;
    Ok(field.parse()?)
}

/// The resident memory of a process, in bytes, without the pages of files (its code above all):
/// these are shared, and the system takes them away and brings them back as it likes.
pub fn resident(process: u32) -> Result<u64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let line = rollup
        .lines()
        .find_map(|line| line.strip_prefix("Anonymous:"));
    Ok(field(line.context("the resident memory")?, 0)? * 1024)
}

/// Warns if the machine is busy with something else.
pub fn warn_if_busy() -> Result<()> {
    let before = idle_ticks()?;
    thread::sleep(Duration::from_secs(1));
    let idle = idle_ticks()?.saturating_sub(before);
    let cores = thread::available_parallelism()?.get() as u64;
    let share = 100 - (idle * 100 / (cores * u64::from(TICKS))).min(100);
    if share > 10 {
        eprintln!(
            "the machine is busy with something else ({share} %), which shows in the figures"
        );
    }
    Ok(())
}

/// How long all processors together were idle.
fn idle_ticks() -> Result<u64> {
    let stat = fs::read_to_string("/proc/stat")?;
    let total = stat.lines().next().context("a stat")?;
    // Idle, and waiting for a disk.
    Ok(field(total, 4)? + field(total, 5)?)
}

/// The connections of the largest measurement, and a few files.
const DESCRIPTORS: u64 = 10_200;

/// Allows as many open connections as the system grants, here and in the servers.
pub fn raise_descriptor_limit() -> Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    ensure!(
        maximum.is_none_or(|maximum| maximum >= DESCRIPTORS),
        "no more than {maximum:?} files may be open: see `ulimit -Hn`"
    );
    let limit = Rlimit {
        current: maximum,
        maximum,
    };
    setrlimit(Resource::Nofile, limit).context("cannot raise the limit of open files")
}
