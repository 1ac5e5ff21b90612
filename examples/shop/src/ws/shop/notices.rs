//! The handler of `/live/notices`.

use super::{NoticesHandler, NoticesRequest, NoticesSession};
use crate::Shop;
use autumn_ws::{Closed, Rejection};
use shop_rest::CurrentUser;

/// A user who is somewhere in the shop.
pub struct Notices(CurrentUser);

impl NoticesHandler for Notices {
    async fn open(shop: &Shop, request: NoticesRequest) -> Result<Self, Rejection> {
        shop.store.require_login(&request.user).await?;
        Ok(Self(request.user))
    }

    async fn on_open(&mut self, session: &mut NoticesSession) -> Result<(), Closed> {
        session.expires_at(self.0.expires);
        Ok(())
    }
}
