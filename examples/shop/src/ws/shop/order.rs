//! The handler of `/live/orders/{id}`.

use super::{OrderHandler, OrderRequest, OrderSession, messages};
use crate::Shop;
use autumn_ws::{Closed, Rejection};
use shop_rest::CurrentUser;

/// A customer who watches an order.
pub struct Order {
    user: CurrentUser,
    order: shop_rest::Order,
}

impl OrderHandler for Order {
    async fn open(shop: &Shop, request: OrderRequest) -> Result<Self, Rejection> {
        let OrderRequest { user, id, .. } = request;
        shop.store.require_login(&user).await?;
        let order = shop.store.order_of(&user, id).await?;
        Ok(Self { user, order })
    }

    async fn on_open(&mut self, session: &mut OrderSession) -> Result<(), Closed> {
        session.expires_at(self.user.expires);
        let order = self.order.clone();
        session.send(messages::Changed { order }).await
    }
}
