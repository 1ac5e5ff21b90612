//! What an engine has to do.

use crate::{Command, EngineError, Inbox};

/// A server that carries channels from one replica of an application to the others.
///
/// It is handed to [`connect`](crate::connect()), which does everything else: it
/// decides what to send and when, keeps the order, notices outages, and connects again. To
/// implement an engine is to translate three commands and to hand over what comes, for one
/// connection at a time; `conformance` (feature `testing`) tests it.
pub trait Engine: Send + 'static {
    /// A connection to the server.
    type Connection: Connection;

    /// Where the server is, for log lines: without a password.
    fn address(&self) -> String;

    /// Opens a connection and logs in. From then on everything that comes on it is handed to the
    /// inbox, in the order in which it comes, once, and also while the connection
    /// [sends](Connection::send): best by a task of its own, which ends with the connection.
    ///
    /// There is one connection at a time. Each new one is told everything anew, its subscriptions
    /// first.
    ///
    /// The future may be dropped, when it takes too long.
    ///
    /// # Errors
    ///
    /// [`EngineError::away`] where it may work later, [`EngineError::refused`] where somebody has to
    /// do something about it.
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
///   published after a subscription comes back. Only to unsubscribe may overtake what was published
///   before.
/// * What is published on one subject reaches all connections that are subscribed to it in one
///   order.
/// * What a connection has published itself, on whatever subjects, comes back to it in the order in
///   which it was sent.
///
/// What a connection that was given up brings to the server after all may reach the others: they
/// ignore what comes after something that the same replica has sent on a later one.
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

    /// How many frames the server may have before the first of them has come back, where it drops
    /// what it cannot take in at once. Fewer than 1024 count as 1024.
    fn window(&self) -> usize {
        usize::MAX
    }

    /// Whether the server may drop a frame and take later ones, and tells which it has taken: those
    /// that want a [receipt](crate::Frame::receipt). Otherwise, what comes back proves what was sent before
    /// it.
    fn has_receipts(&self) -> bool {
        false
    }

    /// Sends commands, in order, and leaves the batch empty. It returns when it can take more,
    /// which need not be when the server has taken them.
    ///
    /// No subject is subscribed to twice. The future is dropped only together with the connection.
    ///
    /// # Errors
    ///
    /// When the connection is lost, or the server has refused a command.
    fn send(
        &mut self,
        batch: &mut Vec<Command>,
    ) -> impl Future<Output = Result<(), EngineError>> + Send;

    /// Waits until the connection is lost, or the server has refused a command that was sent
    /// before. It is not asked while something is being sent: [`send`](Connection::send) should tell
    /// then. The future may be dropped, and asked for again until it has answered.
    fn lost(&mut self) -> impl Future<Output = EngineError> + Send;
}
