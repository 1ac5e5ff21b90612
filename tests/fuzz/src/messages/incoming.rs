//! What is decoded.

use crate::ws::decoding::messages::{Ask, Every, Hello, Must, Typing};
use autumn_ws::messages::{self, Body, Invalid, Kind, RequestId, Tag, encode};
use serde_json::Value;

/// All messages of the spec.
pub enum Incoming {
    Every(Box<Every>),
    Must(Must),
    Ask(RequestId, Ask),
    Typing(Typing),
    Hello(Hello),
}

impl messages::Incoming for Incoming {
    fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        match tag {
            Tag::Text("every") => Ok(Self::Every(Box::new(body.read()?))),
            Tag::Text("must") => Ok(Self::Must(body.read()?)),
            Tag::Text("ask") => {
                let (id, ask) = body.request()?;
                Ok(Self::Ask(id, ask))
            }
            Tag::Text("typing") => Ok(Self::Typing(body.read()?)),
            Tag::Number(10) => Ok(Self::Hello(body.read()?)),
            _ => Err(body.unknown_kind()),
        }
    }
}

impl Incoming {
    /// The message as it would be sent, and the id beside it.
    pub fn into_json(self) -> Value {
        match self {
            Self::Every(every) => json(&*every),
            Self::Must(must) => json(&must),
            Self::Ask(id, ask) => {
                let mut value = json(&ask);
                value["$id"] = serde_json::to_value(id).expect("an id is JSON");
                value
            }
            Self::Typing(typing) => json(&typing),
            Self::Hello(hello) => json(&hello),
        }
    }
}

fn json<K: Kind>(message: &K) -> Value {
    let text = encode(message).expect("a message is JSON");
    serde_json::from_str(&text).expect("what is encoded is JSON")
}
