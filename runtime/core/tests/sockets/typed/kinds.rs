//! The messages and the endpoint of a chat, as autumn-gen prints them.

use autumn_ws_core::{
    Accept, Bytes, Endpoint,
    messages::{
        At, Body, Carried, Check, Incoming, Invalid, Kind, PartOf, ReplyTo, RequestId, Tag,
        ToClient, Typed,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Say {
    pub text: String,
}

impl Kind for Say {
    const TAG: Tag<'static> = Tag::Text("say");
}

impl Check for Say {
    fn check(&self, at: &mut At<'_>) {
        at.field("text").length(&self.text, 1..=10);
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Said {
    pub text: String,
}

impl Kind for Said {
    const TAG: Tag<'static> = Tag::Text("said");
}

impl Check for Said {}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Join {
    pub name: String,
}

impl Kind for Join {
    const TAG: Tag<'static> = Tag::Text("join");
}

impl Check for Join {}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Joined {
    pub name: String,
}

impl Kind for Joined {
    const TAG: Tag<'static> = Tag::Text("joined");
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Prompt {
    pub text: String,
}

impl Kind for Prompt {
    const TAG: Tag<'static> = Tag::Text("prompt");
}

impl Check for Prompt {}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Delta {
    pub text: String,
}

impl Kind for Delta {
    const TAG: Tag<'static> = Tag::Text("delta");
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Done {}

impl Kind for Done {
    const TAG: Tag<'static> = Tag::Number(10);
}

/// What the room carries.
#[derive(Debug)]
pub enum RoomMessage {
    Said(Said),
}

impl Carried<RoomMessage> for Said {}

impl Incoming for RoomMessage {
    fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        match tag {
            Tag::Text("said") => Ok(Self::Said(body.read()?)),
            _ => Err(body.unknown_kind()),
        }
    }
}

pub struct Chat;

impl Endpoint for Chat {
    const NAME: &'static str = "chat";
    const ACCEPT: Accept = Accept::Text;
}

impl Typed for Chat {
    type Incoming = ChatIncoming;
}

#[derive(Debug)]
pub enum ChatIncoming {
    Say(Say),
    Join(RequestId, Join),
    Prompt(RequestId, Prompt),
    Binary(Bytes),
}

impl Incoming for ChatIncoming {
    fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        match tag {
            Tag::Text("say") => Ok(Self::Say(body.read()?)),
            Tag::Text("join") => {
                let (id, join) = body.request()?;
                Ok(Self::Join(id, join))
            }
            Tag::Text("prompt") => {
                let (id, prompt) = body.request()?;
                Ok(Self::Prompt(id, prompt))
            }
            _ => Err(body.unknown_kind()),
        }
    }

    fn binary(data: Bytes) -> Option<Self> {
        Some(Self::Binary(data))
    }
}

/// The answer to a prompt.
pub enum ChatPrompt {}

impl PartOf<ChatPrompt> for Delta {}
impl ReplyTo<ChatPrompt> for Done {}

impl<E> ToClient<E> for Said {}

pub fn said(text: &str) -> Said {
    let text = text.to_owned();
    Said { text }
}

pub fn delta(text: &str) -> Delta {
    let text = text.to_owned();
    Delta { text }
}
