//! The handler of `/live/support/{room}`.

use super::{RoomMessage, SupportHandler, SupportRequest, SupportSession, messages, room_channel};
use crate::Shop;
use autumn_ws::{Closed, Rejection, messages::Sender};
use shop_rest::{CurrentUser, Store};

/// A user in a room.
pub struct Support {
    user: CurrentUser,
    name: String,
    room: Sender<RoomMessage>,
    store: Store,
}

impl SupportHandler for Support {
    async fn open(shop: &Shop, request: SupportRequest) -> Result<Self, Rejection> {
        let SupportRequest { user, room, .. } = request;
        shop.store.require_room(&room).await?;
        shop.store.require_login(&user).await?;
        Ok(Self {
            user,
            room: room_channel(&room).sender(shop.sockets.channels()),
            name: room,
            store: shop.store.clone(),
        })
    }

    async fn on_open(&mut self, session: &mut SupportSession) -> Result<(), Closed> {
        session.expires_at(self.user.expires);
        Ok(())
    }

    async fn on_say(&mut self, say: messages::Say, _: &mut SupportSession) -> Result<(), Closed> {
        let line = self.store.say(&self.name, &self.user.name, say.text).await?;
        let shop_rest::Line { id, by, text } = line;
        self.room.send(messages::Said { id, by, text });
        Ok(())
    }
}
