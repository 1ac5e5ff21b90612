//! What a typed session does between the client and its code.

use super::requests::Requests;
use crate::{
    CloseCode, Event, Message, Utf8Bytes,
    close::INTERNAL_ERROR,
    close_code,
    messages::{
        encode::encode_as,
        fault::Fault,
        incoming::{Incoming, Reading, open, parse},
        invalid::{Invalid, InvalidKind},
        kind::{Tag, Wire},
        queue::{Outbox, Queue, Queued, Request, queue},
        request_id::RequestId,
        typed::{OnInvalid, Typed},
    },
    session::Live,
};
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use std::{
    collections::VecDeque,
    mem,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::Instant;

/// More invalid messages than these in a [`MINUTE`] close the session.
const MOST_INVALID: usize = 20;

const MINUTE: Duration = Duration::from_mins(1);

/// The most messages from other tasks in a row while there may be others.
const TURN: u8 = 16;

/// What an endpoint has decided.
pub(super) struct Rules {
    wire: Wire,
    on_invalid: OnInvalid,
}

impl Rules {
    pub(super) const fn of<E: Typed>() -> Self {
        Self {
            wire: E::Incoming::WIRE,
            on_invalid: E::ON_INVALID,
        }
    }
}

/// The part of a session that knows about messages.
///
/// There is one for each open socket: what few sessions need is behind a pointer.
#[derive(Default)]
pub(super) struct State {
    /// A message of this module that waits for room.
    due: Option<Message>,
    /// The kind of the last message.
    kind: Option<Tag<'static>>,
    more: Option<Box<More>>,
    /// How many messages of other tasks came in a row.
    turn: u8,
}

#[derive(Default)]
struct More {
    /// The id of the last message, if it had one.
    id: Option<RequestId>,
    /// When the last invalid messages came.
    invalid: VecDeque<Instant>,
    requests: Requests,
    ways: Option<(Queue, Outbox)>,
}

/// A message of the client.
enum Read<I> {
    Message(I),
    Ping,
    Cancel(Option<RequestId>),
}

impl State {
    /// Waits for the next event, and does what needs no code in the meantime.
    pub(super) fn poll_next<E: Typed>(
        &mut self,
        live: &mut Live,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Event<E::Incoming>>> {
        loop {
            ready!(self.poll_due(live, cx));
            if self.turn < TURN
                && let Poll::Ready(Some(queued)) = self.poll_queued(cx)
            {
                self.turn += 1;
                self.take(queued, live);
                continue;
            }
            let is_over = mem::take(&mut self.turn) == TURN;
            match live.poll_next(cx) {
                Poll::Ready(Some(event)) => {
                    if let Some(event) = self.receive::<E>(event, live) {
                        return Poll::Ready(Some(event));
                    }
                }
                Poll::Ready(None) => return Poll::Ready(None),
                // Other tasks may have more.
                Poll::Pending if is_over => {}
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Waits until what is due is queued for the client.
    pub(super) fn poll_due(&mut self, live: &mut Live, cx: &mut Context<'_>) -> Poll<()> {
        if self.due.is_some() {
            // If the session has ended, the next event reports it.
            let _ = ready!(live.poll_send(&mut self.due, cx));
            self.due = None;
        }
        Poll::Ready(())
    }

    /// The way in for other tasks.
    pub(super) fn queue(&mut self) -> Queue {
        let (queue, _) = self.more().ways.get_or_insert_with(queue);
        queue.clone()
    }

    /// Begins to answer a request beside the session.
    pub(super) fn begin(&mut self, id: RequestId) -> Arc<Request> {
        self.more().requests.begin(id)
    }

    /// Refuses the last message.
    pub(super) fn refuse_last(&mut self, fault: Fault, rules: &Rules, live: &mut Live) {
        let id = self.more.as_ref().and_then(|more| more.id.clone());
        let kind = self.kind.map_or(InvalidKind::None, InvalidKind::Known);
        let invalid = Invalid::new(vec![fault], id, kind).inside(&rules.wire);
        self.refuse(&invalid, rules, live);
    }

    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    fn poll_queued(&mut self, cx: &mut Context<'_>) -> Poll<Option<Queued>> {
        let ways = self.more.as_mut().and_then(|more| more.ways.as_mut());
        match ways {
            Some((_, outbox)) => outbox.poll_next(cx),
            None => Poll::Ready(None),
        }
    }

    /// Does what another task wants.
    fn take(&mut self, queued: Queued, live: &mut Live) {
        match queued {
            Queued::Message(text) => self.due = Some(Message::Text(text)),
            Queued::Part(request, text) => {
                if !request.cancelled.is_cancelled() {
                    self.due = Some(Message::Text(text));
                }
            }
            Queued::Reply(request, text) => {
                if self.more().requests.finish(&request) {
                    self.due = Some(Message::Text(text));
                }
            }
            Queued::Abandoned(request) => {
                if self.more().requests.finish(&request) {
                    live.counters().errors.count();
                    tracing::error!("an answer was dropped before it was finished");
                    end(live, close_code::ERROR, INTERNAL_ERROR);
                }
            }
            Queued::Close(code, reason) => live.end(code, reason),
        }
    }

    /// Takes an event of the session below. `None`: it is not one for the code.
    fn receive<E: Typed>(&mut self, event: Event, live: &mut Live) -> Option<Event<E::Incoming>> {
        let rules = Rules::of::<E>();
        match event.into_message() {
            Ok(Message::Text(text)) => match E::Incoming::text(&text) {
                Some(message) => Some(Event::Message(message)),
                None => self.read(&text, &rules, live).map(Event::Message),
            },
            Ok(Message::Binary(data)) => {
                self.note_last(None, None);
                let message = E::Incoming::binary(data);
                if message.is_none() {
                    end(live, close_code::UNSUPPORTED, "text messages only");
                }
                message.map(Event::Message)
            }
            Ok(_) => None,
            Err(Event::Expiring(left)) if rules.wire.built_in => {
                self.announce(&rules, "$expiring", &[("in", left.as_secs())]);
                None
            }
            Err(event) => Some(event),
        }
    }

    /// Reads a text. `None`: it is not a message for the code.
    fn read<I: Incoming>(&mut self, text: &str, rules: &Rules, live: &mut Live) -> Option<I> {
        match self.try_read(text, rules) {
            Ok(Read::Message(message)) => return Some(message),
            Ok(Read::Ping) => {
                live.excuse();
                self.announce(rules, "$pong", &[]);
            }
            Ok(Read::Cancel(id)) => {
                live.excuse();
                if let (Some(more), Some(id)) = (&mut self.more, id) {
                    more.requests.cancel(&id);
                }
            }
            Err(invalid) => self.refuse(&invalid, rules, live),
        }
        None
    }

    fn try_read<I: Incoming>(&mut self, text: &str, rules: &Rules) -> Result<Read<I>, Invalid> {
        let requests = self.more.as_deref().map(|more| &more.requests);
        let admit = |id: &RequestId| requests.map_or(Ok(()), |requests| requests.admit(id));
        let tree = parse(text)?;
        let reading = Reading::new(&admit);
        let (tag, body) = open(&rules.wire, &tree, &reading)?;
        let id = body.id();
        match tag {
            Tag::Text("$ping") if rules.wire.built_in => return Ok(Read::Ping),
            Tag::Text("$cancel") if rules.wire.built_in => return Ok(Read::Cancel(id)),
            _ => {}
        }
        let read = I::read(tag, body);
        self.note_last(reading.kind.get(), id);
        read.map(Read::Message)
    }

    /// Notes what the answer to the last message would refer to.
    fn note_last(&mut self, kind: Option<Tag<'static>>, id: Option<RequestId>) {
        self.kind = kind;
        if id.is_some() || self.more.is_some() {
            self.more().id = id;
        }
    }

    /// Answers a message that is not accepted, or closes.
    fn refuse(&mut self, invalid: &Invalid, rules: &Rules, live: &mut Live) {
        live.counters().refuse(invalid.kind().label());
        tracing::debug!(kind = %invalid.kind().label(), error = %invalid, "a message is not accepted");
        if rules.on_invalid == OnInvalid::Close || !rules.wire.built_in {
            live.end(close_code::POLICY, invalid.to_string().into());
        } else if !invalid.is_unknown_kind() && self.more().is_too_much() {
            end(live, close_code::POLICY, "too many invalid messages");
        } else {
            let tag = Tag::Text("$invalid");
            let text = encode_as(&rules.wire, tag, invalid.id(), invalid);
            self.due = text.ok().map(Message::Text);
        }
    }

    /// Sends a message of this module.
    fn announce(&mut self, rules: &Rules, tag: &str, fields: &[(&str, u64)]) {
        let text = encode_as(&rules.wire, Tag::Text(tag), None, &Fields(fields));
        self.due = text.ok().map(Message::Text);
    }
}

impl More {
    /// Notes an invalid message. Returns whether there were too many in the last minute.
    fn is_too_much(&mut self) -> bool {
        let now = Instant::now();
        if self.invalid.len() < MOST_INVALID {
            self.invalid.push_back(now);
            return false;
        }
        let first = self.invalid.pop_front();
        self.invalid.push_back(now);
        first.is_some_and(|first| now.duration_since(first) < MINUTE)
    }
}

/// The content of a message of this module.
struct Fields<'a>(&'a [(&'a str, u64)]);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

fn end(live: &mut Live, code: CloseCode, reason: &'static str) {
    live.end(code, Utf8Bytes::from_static(reason));
}

#[cfg(test)]
mod tests {
    use super::{MINUTE, MOST_INVALID, More, State};
    use std::time::Duration;
    use tokio::time::advance;

    /// There is one for each open socket.
    #[test]
    fn it_stays_small() {
        assert!(size_of::<State>() <= 88, "{}", size_of::<State>());
    }

    #[tokio::test(start_paused = true)]
    async fn the_21st_invalid_message_in_a_minute_is_too_much() {
        let mut more = More::default();
        for _ in 0..MOST_INVALID {
            assert!(!more.is_too_much());
            advance(Duration::from_secs(2)).await;
        }
        assert!(more.is_too_much());
        advance(MINUTE).await;
        assert!(!more.is_too_much());
    }
}
