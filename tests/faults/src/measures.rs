//! What the process holds.

use std::fs;

use tokio::runtime::Handle;

use crate::App;

/// What the process holds now, one value per line.
#[must_use]
pub fn measures(app: &App) -> String {
    let tasks = Handle::current().metrics().num_alive_tasks();
    let counted = app.ws().metrics().snapshot();
    let sessions: usize = counted.endpoints.iter().map(|endpoint| endpoint.open).sum();
    let channels: usize = counted.channels.iter().map(|channel| channel.open).sum();
    let listeners: usize = counted
        .channels
        .iter()
        .map(|channel| channel.subscribers)
        .sum();
    let files = open_files();
    let resident = resident_kib();
    format!(
        "tasks {tasks}\nsessions {sessions}\nchannels {channels}\nlisteners {listeners}\n\
         files {files}\nresident {resident}\n"
    )
}

fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// Resident memory, in KiB.
fn resident_kib() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.unwrap_or_default().to_owned()
}
