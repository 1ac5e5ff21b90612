//! Three replicas of the chat that share their channels over Redis or NATS.

use replicas::{
    engine::{NATS, REDIS},
    launcher, replica,
};
use std::{env, error::Error, process::ExitCode};

#[tokio::main]
async fn main() -> ExitCode {
    match run(env::args().nth(1).as_deref()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(argument: Option<&str>) -> Result<(), Box<dyn Error>> {
    match argument {
        Some("redis") => Ok(launcher::run(&REDIS).await?),
        Some("nats") => Ok(launcher::run(&NATS).await?),
        // The launcher starts this program with `replica` three times.
        Some("replica") => replica::run().await,
        _ => Err(
            "usage: cargo run -p replicas -- redis\n       cargo run -p replicas -- nats".into(),
        ),
    }
}
