//! Where it was measured.

use std::{fs, thread};

/// The processor and the system, in short.
pub fn machine() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let release = read("/proc/sys/kernel/osrelease");
    let linux = release.split('-').next().unwrap_or_default().trim();
    format!("{cores} cores of {}, Linux {linux}", processor())
}

fn processor() -> String {
    let info = read("/proc/cpuinfo");
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map(|line| line.trim_start_matches([' ', '\t', ':']));
    let model = model.unwrap_or("an unknown processor");
    model.replace("(R)", "").replace("(TM)", "")
}

/// An empty text if the file cannot be read.
fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
