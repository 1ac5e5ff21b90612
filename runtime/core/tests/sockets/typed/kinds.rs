//! The messages of a chat, as autumn-gen prints them.

use autumn_ws_core::messages::{Carried, Kind, Tag};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Said {
    pub text: String,
}

impl Kind for Said {
    const TAG: Tag<'static> = Tag::Text("said");
}

/// What the room carries.
pub enum RoomMessage {}

impl Carried<RoomMessage> for Said {}

pub fn said(text: &str) -> Said {
    let text = text.to_owned();
    Said { text }
}
