//! Sessions that end because one of their channels is closed.

use crate::{
    AsChannelName, Channels, CloseCode, Session, Utf8Bytes,
    channels::{ListenerId, Listening},
    close::frame,
};

impl Channels {
    /// Closes every session that listens to the channel `name`, on every replica, after everything
    /// that was published before. Returns how many subscriptions in this process are concerned.
    ///
    /// This is how a sign-out, or a right that is taken away, ends what was opened with it: each
    /// session listens to a channel of its user. A session that is opening and does not listen yet
    /// is not closed: look up whatever can be revoked when the session already listens, as `open`
    /// does in generated code. While the [engine](Channels#other-processes) is away, sessions of
    /// other replicas get a [gap](crate::RecvError::Gap) later instead, which closes them by
    /// default.
    ///
    /// Code and reason are treated as in [`Session::close`]. A [`Subscription`](crate::Subscription)
    /// outside of sessions continues.
    pub fn close(
        &self,
        name: impl AsChannelName,
        code: CloseCode,
        reason: impl Into<Utf8Bytes>,
    ) -> usize {
        self.publish_close(name, frame(code, reason.into()))
    }
}

impl Session {
    /// Closes every other session that listens to `channel`, on every replica, with a code and no
    /// reason: as where a user may have one open socket, and the newest one stays. Returns how many
    /// subscriptions in this process are concerned. Otherwise as [`Channels::close`].
    pub fn close_others(&self, channel: impl AsChannelName, code: CloseCode) -> usize {
        let frame = frame(code, Utf8Bytes::default());
        let channels = self.live.channels();
        channels.publish_close_except(self, channel, frame)
    }
}

impl Listening for Session {
    fn id(&self) -> Option<ListenerId> {
        self.live.feeds.id()
    }

    fn subscriptions(&self, name: &str) -> usize {
        self.live.feeds.subscriptions(name)
    }
}
