//! What the process holds at one moment.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// Numbers by name.
#[derive(Clone, Debug)]
pub struct Sample {
    pub numbers: BTreeMap<String, u64>,
}

impl Sample {
    /// A number, or 0 if there is none of this name.
    pub fn get(&self, name: &str) -> u64 {
        self.numbers.get(name).copied().unwrap_or_default()
    }
}

/// A file of samples that can be read while it is written.
pub struct Csv {
    file: File,
    is_empty: bool,
}

impl Csv {
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = File::create(path)?;
        Ok(Self {
            file,
            is_empty: true,
        })
    }

    pub fn add(&mut self, at: Duration, sample: &Sample) -> io::Result<()> {
        if self.is_empty {
            let names: Vec<&str> = sample.numbers.keys().map(String::as_str).collect();
            writeln!(self.file, "seconds,{}", names.join(","))?;
            self.is_empty = false;
        }
        let numbers: Vec<String> = sample.numbers.values().map(u64::to_string).collect();
        writeln!(self.file, "{},{}", at.as_secs(), numbers.join(","))
    }
}
