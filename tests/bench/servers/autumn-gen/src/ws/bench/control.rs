//! The handler of `/control`: publishes as ordered.

use autumn_ws::{AppState, Closed, Message, Rejection, Sender, Session};
use job::Burst;

use super::{ControlHandler, ControlRequest, FEED_CHANNEL};

/// The load generator.
pub struct Control {
    feed: Sender,
}

impl ControlHandler for Control {
    async fn open(state: &AppState, _request: ControlRequest) -> Result<Self, Rejection> {
        let feed = state.channels().sender(FEED_CHANNEL);
        Ok(Self { feed })
    }

    async fn on_message(&mut self, message: Message, _: &mut Session) -> Result<(), Closed> {
        // The spec accepts text only.
        if let Message::Text(text) = message
            && let Some(burst) = Burst::parse(&text)
        {
            for message in burst.messages() {
                self.feed.send(message);
            }
        }
        Ok(())
    }
}
