//! The handler of `/support`: who may enter, and what happens on the socket.

use super::{DESK_CHANNEL, SupportHandler, SupportRequest};
use crate::{Case, Desk};
use autumn_ws::{
    Bytes, Closed, ClosedBy, Lagged, Message, Rejection, Sender, Session, close_code,
};
use std::mem;

/// The most lines a case can have.
const LINES: usize = 1000;

/// The most bytes a case can have.
const LENGTH: usize = 1024 * 1024;

/// A customer's session.
pub struct Support {
    name: String,
    version: Version,
    /// Lines that are not stored yet.
    lines: Vec<String>,
    line: Sender,
    desk: Desk,
}

/// The subprotocols.
enum Version {
    /// Replies are text.
    V1,
    /// An attachment is acknowledged with its length: four bytes, big-endian.
    V2,
}

impl SupportHandler for Support {
    async fn open(desk: &Desk, request: SupportRequest) -> Result<Self, Rejection> {
        let user = request.user;
        if user.is_suspended {
            return Err(Rejection::forbidden("you are suspended, write us a letter"));
        }
        let version = match request.subprotocol.as_deref() {
            Some("support.v2") => Version::V2,
            Some("support.v1") => Version::V1,
            _ => return Err(Rejection::bad_request("speak support.v2 or support.v1")),
        };
        Ok(Self {
            name: user.name,
            version,
            lines: Vec::new(),
            line: desk.sockets().channels().sender(DESK_CHANNEL),
            desk: desk.clone(),
        })
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        match message {
            Message::Text(text) => self.on_text(text.as_str(), session).await,
            Message::Binary(bytes) => self.on_attachment(bytes, session).await,
            // Only text and binary messages reach this method.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => Ok(()),
        }
    }

    async fn on_desk(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        // The channel carries what everyone says. Nobody needs to hear their own words.
        if self.has_said(&message) {
            return Ok(());
        }
        session.send(message).await
    }

    async fn on_lag(&mut self, lagged: Lagged, session: &mut Session) -> Result<(), Closed> {
        let missed = lagged.missed;
        session.send(format!("* you missed {missed} messages")).await
    }

    async fn on_gap(&mut self, _: &'static str, session: &mut Session) -> Result<(), Closed> {
        session.send("* you may have missed something, ask again").await
    }

    async fn on_shutdown(&mut self, session: &mut Session) -> Result<(), Closed> {
        let Some(number) = self.keep_case().await else {
            return session.send("* goodbye").await;
        };
        session.send(format!("* goodbye, your case has number {number}")).await
    }

    async fn on_close(&mut self, session: &mut Session) {
        self.keep_case().await;
        let lost = session.closed().is_some_and(|closed| closed.by() == ClosedBy::Network);
        let how = if lost { "was lost" } else { "has left" };
        self.line.send(format!("* {} {how}", self.name));
    }
}

impl Support {
    async fn on_text(&mut self, text: &str, session: &mut Session) -> Result<(), Closed> {
        self.note(text.to_owned(), session).await?;
        let reached = self.line.send(format!("{}: {text}", self.name));
        // Everyone on the channel but this client.
        let others = reached.saturating_sub(1);
        session.send(format!("* heard by {others}")).await
    }

    async fn on_attachment(&mut self, bytes: Bytes, session: &mut Session) -> Result<(), Closed> {
        // The spec limits messages to 256 KiB.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.note(format!("[{length} bytes]"), session).await?;
        match self.version {
            Version::V1 => session.send(format!("* received {length} bytes")).await,
            Version::V2 => session.send(length.to_be_bytes().to_vec()).await,
        }
    }

    /// Adds a line. Whatever clients can make grow needs a limit.
    async fn note(&mut self, line: String, session: &mut Session) -> Result<(), Closed> {
        let length = self.lines.iter().map(String::len).sum::<usize>();
        if self.lines.len() >= LINES || length + line.len() > LENGTH {
            session.close(close_code::POLICY, "this is too long for one case").await?;
        }
        self.lines.push(line);
        Ok(())
    }

    fn has_said(&self, message: &Message) -> bool {
        let text = message.to_text().unwrap_or_default();
        text.strip_prefix(&self.name).is_some_and(|rest| rest.starts_with(": "))
    }

    /// Stores what was said, and returns the number of the case.
    async fn keep_case(&mut self) -> Option<usize> {
        if self.lines.is_empty() {
            return None;
        }
        let case = Case {
            customer: self.name.clone(),
            lines: mem::take(&mut self.lines),
        };
        Some(self.desk.keep(case).await)
    }
}
