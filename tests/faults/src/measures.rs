//! What the process holds.

use std::fmt::Debug;
use std::fs;

use tokio::runtime::Handle;

use crate::App;

/// What the process holds now, as text: a line for each.
#[must_use]
pub fn measures(app: &App) -> String {
    let tasks = Handle::current().metrics().num_alive_tasks();
    let sessions = counted(&app.ws().shutdown(), "sessions: ");
    let channels = counted(app.ws().channels(), "open: ");
    let files = open_files();
    let resident = resident_kib();
    format!(
        "tasks {tasks}\nsessions {sessions}\nchannels {channels}\nfiles {files}\nresident {resident}\n"
    )
}

/// A number that something shows of itself.
fn counted(shown: &impl Debug, name: &str) -> String {
    let shown = format!("{shown:?}");
    let number = shown.split_once(name).map_or("", |(_, rest)| rest);
    number.chars().take_while(char::is_ascii_digit).collect()
}

fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// Memory that is really there, in KiB.
fn resident_kib() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.unwrap_or_default().to_owned()
}
