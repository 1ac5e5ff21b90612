//! Clients of a channel that says more than it keeps.

use super::client::{Client, End, Socket, close, expect, hear, hear_end};
use crate::Outcome;

/// So many messages are heard before the client leaves.
const ENOUGH: usize = 500;

/// Whoever falls behind is closed.
pub async fn closing(client: Client) -> Outcome {
    let mut socket = client.open("/lag/closing").await?;
    expect(&hear_end(&mut socket).await, &End::Closed(1013))
}

/// Whoever falls behind hears the rest, in order.
pub async fn skipping(client: Client) -> Outcome {
    let mut socket = client.open("/lag/skipping").await?;
    let gaps = listen(&mut socket).await?;
    if gaps.found == 0 {
        return Err("nothing was missed".into());
    }
    close(socket, 1000).await
}

/// Whoever falls behind is told by user code how much it has missed, exactly.
pub async fn counting(client: Client) -> Outcome {
    let mut socket = client.open("/lag/counting").await?;
    let gaps = listen(&mut socket).await?;
    if gaps.found == 0 || gaps.found != gaps.told {
        return Err(format!("{} were missed, {} were told", gaps.found, gaps.told).into());
    }
    close(socket, 1000).await
}

/// Messages that were missed.
#[derive(Default)]
struct Gaps {
    /// By the numbers of those that came.
    found: u64,
    /// By the server.
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
        // What was missed before the first one came, nobody can count.
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
