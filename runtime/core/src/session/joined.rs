//! Channels that a session joins and leaves at run time.

use super::Session;
use crate::{AsChannelName, Subscription};
use std::{error::Error, fmt};

impl Session {
    /// Joins a channel until the session [leaves](Session::leave) it: its messages go straight to the
    /// client, as with [`relay`](Session::relay). Whether the client may hear them is to be decided
    /// before.
    ///
    /// When it returns, everything that is published from then on arrives, also what other replicas
    /// publish: state that is read now is followed by every change to it. Joining a channel again
    /// changes nothing. [`Event::Lagged`](crate::Event::Lagged) and
    /// [`Event::Gap`](crate::Event::Gap) name the channel by `label`.
    ///
    /// # Errors
    ///
    /// [`JoinError`] when the session has joined [`Endpoint::JOINED`](crate::Endpoint::JOINED)
    /// channels in this way.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is done joins nothing.
    pub async fn join(
        &mut self,
        label: &'static str,
        mut subscription: Subscription,
    ) -> Result<(), JoinError> {
        if self.live.feeds.has_joined(subscription.name()) {
            return Ok(());
        }
        let most = self.live.wire.policy().joined;
        if self.live.feeds.joined_count() >= most {
            return Err(JoinError { most });
        }
        subscription.joined().await;
        self.live.feeds.join(label, subscription);
        Ok(())
    }

    /// Leaves a channel that the session has [joined](Session::join). Returns whether it had. What
    /// was published before may still be on its way to the client.
    pub fn leave(&mut self, channel: impl AsChannelName) -> bool {
        self.live.feeds.leave(channel.key().name)
    }
}

/// A session that has joined as many channels as it may
/// ([`Endpoint::JOINED`](crate::Endpoint::JOINED)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinError {
    most: usize,
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = self.most;
        write!(
            f,
            "the session has joined {most} channels and may join no more"
        )
    }
}

impl Error for JoinError {}
