//! JetStream's receipts for messages that do not come back.
//!
//! It drops what it has no memory for, one message and not the next, and reports so on a subject
//! that the message names.

use crate::{EngineError, Inbox};
use async_nats::{Client, Message, StatusCode, SubscribeError, Subscriber};
use futures_util::StreamExt;
use serde_json::Value;
use std::{
    ops::RangeInclusive,
    task::{Context, Poll},
};

/// The subscription on which receipts arrive.
pub(super) struct Receipts {
    prefix: String,
    line: Subscriber,
}

impl Receipts {
    pub(super) async fn open(client: &Client) -> Result<Self, SubscribeError> {
        let mut prefix = client.new_inbox();
        prefix.push('.');
        let line = client.subscribe(format!("{prefix}*")).await?;
        Ok(Self { prefix, line })
    }

    /// The subject for the receipt of frames with these numbers.
    pub(super) fn subject(&self, numbers: &RangeInclusive<u64>) -> String {
        format!("{}{}-{}", self.prefix, numbers.start(), numbers.end())
    }

    /// The frames of a receipt on this subject.
    fn numbers(&self, subject: &str) -> Option<RangeInclusive<u64>> {
        let (first, last) = subject.get(self.prefix.len()..)?.split_once('-')?;
        Some(first.parse().ok()?..=last.parse().ok()?)
    }

    /// Hands over the receipts that have arrived.
    pub(super) fn poll_take(&mut self, inbox: &Inbox, cx: &mut Context<'_>) -> Poll<EngineError> {
        while let Poll::Ready(Some(message)) = self.line.poll_next_unpin(cx) {
            if let Some(error) = refusal(&message) {
                return Poll::Ready(error);
            }
            if let Some(numbers) = self.numbers(&message.subject) {
                inbox.receipt(numbers);
            }
        }
        Poll::Pending
    }
}

/// Why a message was not taken, if so.
pub(super) fn refusal(message: &Message) -> Option<EngineError> {
    if message.status == Some(StatusCode::NO_RESPONDERS) {
        return Some(EngineError::away("its stream is gone"));
    }
    let payload = &*message.payload;
    // Mostly it is a receipt, and short.
    if !payload.windows(ERROR.len()).any(|part| part == ERROR) {
        return None;
    }
    let answer: Value = serde_json::from_slice(payload).ok()?;
    let text = answer
        .get("error")?
        .get("description")
        .and_then(Value::as_str);
    let text = text.unwrap_or("it does not take a message");
    Some(EngineError::away(format_args!("JetStream: {text}")))
}

const ERROR: &[u8] = b"\"error\"";
