//! What the REST service reports, the sockets hear.

use crate::{
    Shop,
    ws::shop::{
        FEED_CHANNEL, NoticesEndpoint, login_channel,
        messages::{Changed, Notice},
        order_channel, user_channel,
    },
};
use shop_rest::{Live, Order};

impl Live for Shop {
    fn order_changed(&self, order: Order) {
        let changed = Changed { order };
        order_channel(changed.order.id).publish(self.sockets.channels(), changed.clone());
        FEED_CHANNEL.publish(self.sockets.channels(), changed);
    }

    fn notice(&self, user: i64, text: String) {
        user_channel(user).publish(self.sockets.channels(), Notice { text });
    }

    fn signed_out(&self, login: i64) {
        let code = NoticesEndpoint::SIGNED_OUT;
        login_channel(login).close(self.sockets.channels(), code, "signed out");
    }
}
