//! What travels.

use axum::extract::ws::Utf8Bytes;
use serde::{Deserialize, Serialize};
use shop_rest::{Line, Order};

/// The most characters somebody can say at once.
const TEXT: usize = 500;

/// A message of a client.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromClient {
    Say { text: String },
    Typing {},
}

/// A message to a client.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToClient {
    Changed {
        order: Order,
    },
    Snapshot {
        orders: Vec<Order>,
    },
    Said(Line),
    Typing {},
    Notice {
        text: String,
    },
    #[serde(rename = "$invalid")]
    Invalid {
        errors: [Invalid; 1],
    },
}

/// What is wrong with a message: where, and what must be different.
#[derive(Debug, Serialize)]
pub struct Invalid {
    at: &'static str,
    must: String,
}

impl FromClient {
    /// Reads a message.
    pub fn read(text: &str) -> Result<Self, Invalid> {
        let message = serde_json::from_str(text);
        let message = message.map_err(|_| Invalid::new("", "be a message of this endpoint"))?;
        if let Self::Say { text } = &message {
            match text.chars().count() {
                0 => return Err(Invalid::new("/text", "have at least 1 character")),
                1..=TEXT => {}
                _ => {
                    let must = format!("have at most {TEXT} characters");
                    return Err(Invalid::new("/text", must));
                }
            }
        }
        Ok(message)
    }
}

impl ToClient {
    /// Its JSON.
    pub fn encode(&self) -> Result<Utf8Bytes, serde_json::Error> {
        serde_json::to_string(self).map(Utf8Bytes::from)
    }
}

impl Invalid {
    pub fn new(at: &'static str, must: impl Into<String>) -> Self {
        let must = must.into();
        Self { at, must }
    }
}
