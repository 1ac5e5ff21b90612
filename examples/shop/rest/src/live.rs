//! What changes while somebody may be watching.

use crate::Order;

/// Hears what has changed, once it is stored.
pub trait Live: Send + Sync + 'static {
    /// An order is new or has changed. Of two changes at the same time, the older one may be reported last: see
    /// [`Order::version`].
    fn order_changed(&self, order: Order);

    /// Somebody of the staff has something to say to this user, wherever the user is connected.
    fn notice(&self, user: i64, text: String);

    /// The user of this login ([`CurrentUser::login`](crate::CurrentUser)) has signed out.
    fn signed_out(&self, login: i64);
}
