//! The channels of generated endpoints.

use autumn_ws::{Channels, Subscription};
use bus::Bus;
use futures_util::FutureExt;

/// The channels of an application.
#[derive(Default)]
pub struct Registry(Channels);

impl Bus for Registry {
    type Listener = Subscription;

    fn listen(&self, name: &str) -> Subscription {
        self.0.subscribe(name)
    }

    fn publish(&self, name: &str, message: String) {
        self.0.publish(name, message);
    }

    fn receive(listener: &mut Subscription) -> bool {
        matches!(listener.recv().now_or_never(), Some(Ok(_)))
    }
}
