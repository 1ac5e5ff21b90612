//! Soak: mixed traffic of well-behaved and ill-behaved clients against a real process of a
//! generated application. In the end the process must not hold anything that it did not hold in the
//! beginning.
//!
//! `soak [MINUTES] [CSV]` drives; `soak serve` is the process that it starts.

mod crowd;
mod drive;
mod process;
mod sample;
mod serve;
mod verdict;
mod ws;

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::main]
async fn main() -> Outcome<ExitCode> {
    let mut arguments = env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("serve") {
        serve::serve().await?;
        return Ok(ExitCode::SUCCESS);
    }
    let minutes: f64 = first.as_deref().unwrap_or("30").parse()?;
    let csv = arguments.next().unwrap_or_else(|| "soak.csv".to_owned());
    let faults = drive::drive(MINUTE.mul_f64(minutes), csv.as_ref()).await?;
    for fault in &faults {
        println!("FAULT: {fault}");
    }
    if faults.is_empty() {
        println!("the process gave everything back");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}
