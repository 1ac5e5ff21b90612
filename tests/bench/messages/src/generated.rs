//! Typed messages: what the spec generates, and what an endpoint takes of it.

use crate::{
    Dispatch,
    ws::shop::messages::{Place, Say, Typing},
};
use autumn_ws::messages::{self, Body, Incoming, Invalid, Tag};

enum ShopIncoming {
    Say(Say),
    Typing(Typing),
    Place(Place),
}

impl Incoming for ShopIncoming {
    fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        match tag {
            Tag::Text("say") => Ok(Self::Say(body.read()?)),
            Tag::Text("typing") => Ok(Self::Typing(body.read()?)),
            Tag::Text("place") => Ok(Self::Place(body.read()?)),
            _ => Err(body.unknown_kind()),
        }
    }
}

/// Decodes, checks and dispatches.
pub fn handle(text: &str) -> Option<Dispatch> {
    Some(match messages::decode(text).ok()? {
        ShopIncoming::Say(say) => Dispatch::Say(say.text.len()),
        ShopIncoming::Typing(Typing {}) => Dispatch::Typing,
        ShopIncoming::Place(place) => Dispatch::Place(place.lines.len()),
    })
}
