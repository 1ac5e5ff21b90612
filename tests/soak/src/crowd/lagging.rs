//! Clients of a channel on which more is published than it keeps.

use super::client::{Client, End, Socket, close, expect, hear, hear_end};
use crate::Outcome;

/// How many messages a client hears before it leaves.
const ENOUGH: usize = 500;

/// A client that falls behind is closed.
pub async fn closing(client: Client) -> Outcome {
    let mut socket = client.open("/lag/closing").await?;
    expect(&hear_end(&mut socket).await, &End::Closed(1013))
}

/// A client that falls behind hears the rest, in order.
pub async fn skipping(client: Client) -> Outcome {
    let mut socket = client.open("/lag/skipping").await?;
    let gaps = listen(&mut socket).await?;
    if gaps.found == 0 {
        return Err("nothing was missed".into());
    }
    close(socket, 1000).await
}

/// A client that falls behind learns from user code exactly how much it missed.
pub async fn counting(client: Client) -> Outcome {
    let mut socket = client.open("/lag/counting").await?;
    let gaps = listen(&mut socket).await?;
    if gaps.found == 0 || gaps.found != gaps.told {
        return Err(format!("{} were missed, {} were reported", gaps.found, gaps.told).into());
    }
    close(socket, 1000).await
}

/// Missed messages.
#[derive(Default)]
struct Gaps {
    /// Missed according to the numbers of those that arrived.
    found: u64,
    /// Missed according to the server.
    told: u64,
}

async fn listen(socket: &mut Socket) -> Outcome<Gaps> {
    let mut gaps = Gaps::default();
    let mut expected: Option<u64> = None;
    let mut told = 0;
    for _ in 0..ENOUGH {
        let message = hear(socket).await.map_err(|end| format!("{end:?}"))?;
        let text = message.to_text()?;
        if let Some(missed) = text.strip_prefix("missed ") {
            told += missed.parse::<u64>()?;
            continue;
        }
        let number: u64 = text.parse()?;
        // Messages missed before the first one cannot be counted.
        if let Some(expected) = expected {
            let missed = number.checked_sub(expected).ok_or("out of order")?;
            gaps.found += missed;
            gaps.told += told;
        }
        told = 0;
        expected = Some(number + 1);
    }
    Ok(gaps)
}
