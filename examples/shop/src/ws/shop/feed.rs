//! The handler of `/live/feed`.

use super::{FeedHandler, FeedRequest, FeedSession, messages};
use crate::Shop;
use autumn_ws::{Closed, Rejection};
use shop_rest::{CurrentUser, Order};
use std::mem;

/// Somebody of the staff.
pub struct Feed {
    user: CurrentUser,
    orders: Vec<Order>,
}

impl FeedHandler for Feed {
    async fn open(shop: &Shop, request: FeedRequest) -> Result<Self, Rejection> {
        let user = request.user;
        user.require_staff()?;
        shop.store.require_login(&user).await?;
        let orders = shop.store.open_orders().await?;
        Ok(Self { user, orders })
    }

    async fn on_open(&mut self, session: &mut FeedSession) -> Result<(), Closed> {
        session.expires_at(self.user.expires);
        let orders = mem::take(&mut self.orders);
        session.send(messages::Snapshot { orders }).await
    }
}
