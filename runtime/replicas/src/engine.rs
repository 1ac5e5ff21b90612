//! What an engine must do.

use crate::{Command, EngineError, Inbox};

/// A server that carries channels from one replica of an application to the others.
///
/// Pass it to [`connect`](crate::connect()), which does everything else: it decides what to send
/// and when, keeps the order, notices outages, and reconnects. An engine translates three commands
/// and hands over what arrives, for one connection at a time; `conformance` (feature `testing`)
/// tests it.
pub trait Engine: Send + 'static {
    /// A connection to the server.
    type Connection: Connection;

    /// The server's address for log lines, without a password.
    fn address(&self) -> String;

    /// Opens a connection and logs in. From then on, everything that arrives on it is handed to the
    /// inbox once, in order, even while the connection [sends](Connection::send): best by a task of
    /// its own, which ends with the connection.
    ///
    /// There is one connection at a time. Each new one gets all subscriptions again, first of all.
    ///
    /// The future may be dropped if it takes too long.
    ///
    /// # Errors
    ///
    /// [`EngineError::away`] if it may work later, [`EngineError::refused`] if somebody has to do
    /// something about it.
    fn connect(
        &mut self,
        inbox: Inbox,
    ) -> impl Future<Output = Result<Self::Connection, EngineError>> + Send;
}

/// One connection of an [`Engine`]. Dropping it closes it, and ends whatever reads from it.
///
/// # Order
///
/// * The server takes the commands of one connection in the order in which they are sent: what is
///   published after a subscription comes back. Only an unsubscription may overtake earlier
///   messages.
/// * Messages on one subject reach all subscribed connections in one order.
/// * A connection's own messages, on any subjects, come back to it in the order in which they were
///   sent.
///
/// Messages of an abandoned connection that reach the server late may reach the others: they ignore
/// what arrives after something that the same replica sent on a later connection.
pub trait Connection: Send + 'static {
    /// The largest frame that the server takes, in bytes.
    fn max_frame(&self) -> usize {
        usize::MAX
    }

    /// The longest subject that the server takes, in bytes of its text. Channels with longer names
    /// stay in their process.
    fn max_subject(&self) -> usize {
        usize::MAX
    }

    /// The most frames in flight, for a server that drops what it cannot take at once. Fewer than
    /// 1024 count as 1024.
    fn window(&self) -> usize {
        usize::MAX
    }

    /// Whether the server may drop a frame and take later ones, and confirms those that want a
    /// [receipt](crate::Frame::receipt). Otherwise, what comes back proves that everything sent
    /// before it was taken.
    fn has_receipts(&self) -> bool {
        false
    }

    /// Sends commands, in order, and leaves the batch empty. It returns when it can take more,
    /// which may be before the server has taken them.
    ///
    /// No subject is subscribed to twice. The future is dropped only together with the connection.
    ///
    /// # Errors
    ///
    /// If the connection is lost, or the server has refused a command.
    fn send(
        &mut self,
        batch: &mut Vec<Command>,
    ) -> impl Future<Output = Result<(), EngineError>> + Send;

    /// Waits until the connection is lost, or the server has refused an earlier command. It is not
    /// called while something is being sent: [`send`](Connection::send) should fail then. The
    /// future may be dropped, and called again until it has returned.
    fn lost(&mut self) -> impl Future<Output = EngineError> + Send;
}
