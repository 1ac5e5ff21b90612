//! The same by hand: serde's tagged enum, and checks after it.

use crate::Dispatch;
use serde::Deserialize;
use std::ops::RangeInclusive;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum FromClient {
    Say {
        text: String,
    },
    Typing {},
    Place {
        lines: Vec<Line>,
        #[allow(dead_code, reason = "it is read as part of the message")]
        urgent: bool,
    },
}

#[derive(Deserialize)]
struct Line {
    item: String,
    count: i64,
    price: f64,
    note: Option<String>,
}

impl FromClient {
    fn is_valid(&self) -> bool {
        match self {
            Self::Say { text } => has(text, 1..=500),
            Self::Typing {} => true,
            Self::Place { lines, .. } => {
                (1..=100).contains(&lines.len()) && lines.iter().all(Line::is_valid)
            }
        }
    }
}

impl Line {
    fn is_valid(&self) -> bool {
        has(&self.item, 1..=100)
            && (1..=1000).contains(&self.count)
            && self.price >= 0.0
            && self.note.as_ref().is_none_or(|note| has(note, 0..=200))
    }
}

fn has(text: &str, lengths: RangeInclusive<usize>) -> bool {
    lengths.contains(&text.chars().count())
}

/// Decodes, checks and dispatches.
pub fn handle(text: &str) -> Option<Dispatch> {
    let message: FromClient = serde_json::from_str(text).ok()?;
    message.is_valid().then_some(())?;
    Some(match message {
        FromClient::Say { text } => Dispatch::Say(text.len()),
        FromClient::Typing {} => Dispatch::Typing,
        FromClient::Place { lines, .. } => Dispatch::Place(lines.len()),
    })
}
