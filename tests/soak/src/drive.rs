//! The course of a run.

use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::crowd::Crowd;
use crate::process::Process;
use crate::sample::{Csv, Sample};
use crate::verdict::{self, Course, HELD};
use crate::{MINUTE, Outcome};

/// How often a sample is taken.
const EVERY: Duration = Duration::from_secs(10);

/// Runs a crowd against a process for this long. Returns what is wrong with the process, or with
/// the crowd.
pub async fn drive(time: Duration, csv: &Path) -> Outcome<Vec<String>> {
    let process = Process::start().await?;
    let before = process.sample().await?;
    let crowd = Crowd::start(process.addr);
    let samples = watch(&process, time, csv).await?;
    let (tally, mut faults) = crowd.leave().await;
    let after = settled(&process, &before).await?;
    println!("{tally}");
    let course = Course {
        before,
        samples,
        after,
    };
    println!("{course}");
    faults.extend(verdict::faults(&course, &tally));
    if !process.stop().await? {
        faults.push("the process did not end with success".to_owned());
    }
    Ok(faults)
}

async fn watch(process: &Process, time: Duration, csv: &Path) -> Outcome<Vec<Sample>> {
    let mut csv = Csv::create(csv)?;
    let mut samples = Vec::new();
    let start = Instant::now();
    let mut at = start + EVERY;
    while at <= start + time {
        sleep_until(at).await;
        let sample = process.sample().await?;
        csv.add(start.elapsed(), &sample)?;
        if samples.len() % 6 == 0 {
            println!("{:>5} s  {}", start.elapsed().as_secs(), shown(&sample));
        }
        samples.push(sample);
        at += EVERY;
    }
    Ok(samples)
}

/// Waits until the process holds no more than before. Then, or after a minute, returns what it
/// holds.
async fn settled(process: &Process, before: &Sample) -> Outcome<Sample> {
    let patience = Instant::now() + MINUTE;
    loop {
        let sample = process.sample().await?;
        let is_settled = HELD.iter().all(|name| sample.get(name) <= before.get(name));
        if is_settled || Instant::now() > patience {
            return Ok(sample);
        }
        sleep(Duration::from_millis(200)).await;
    }
}

/// What the process holds, in a line.
pub fn shown(sample: &Sample) -> String {
    let held = HELD.iter().chain(&["resident_kib"]);
    let shown = held.map(|name| format!("{name} {}", sample.get(name)));
    shown.collect::<Vec<_>>().join("  ")
}
