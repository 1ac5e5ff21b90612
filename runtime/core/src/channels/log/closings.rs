//! Closings that were dropped before everybody had read them.

use super::entry::{Entry, Reader};
use crate::Message;

/// What ends sessions must reach those that have fallen behind, too: it is kept here when it is
/// dropped with the messages around it.
#[derive(Default)]
pub(super) struct Closings(Vec<Closing>);

struct Closing {
    position: u64,
    entry: Entry,
}

/// How many are kept apart. Beyond that, later ones are merged.
const MANY: usize = 16;

impl Closings {
    pub(super) fn add(&mut self, position: u64, mut entry: Entry) {
        if self.0.len() >= MANY
            && let Some(last) = self.0.pop()
            && last.entry.except != entry.except
        {
            // Each of the two that are left out is closed by the other.
            entry.except = None;
        }
        self.0.push(Closing { position, entry });
    }

    /// Takes what a reader has missed before its new place: the first one that it must hear.
    pub(super) fn take(&mut self, reader: &Reader, from: u64) -> Option<Message> {
        let mut found = None;
        self.leave(|closing| {
            let is_missed = (from..reader.next).contains(&closing.position);
            if is_missed && found.is_none() && !closing.entry.leaves_out(reader) {
                found = Some(closing.entry.message.clone());
            }
            is_missed
        });
        found
    }

    /// A reader leaves that has yet to hear those from its place on.
    pub(super) fn unsubscribe(&mut self, reader: &Reader) {
        self.leave(|closing| closing.position >= reader.next);
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One reader fewer has to hear those that `is_left` says.
    fn leave(&mut self, mut is_left: impl FnMut(&Closing) -> bool) {
        self.0.retain_mut(|closing| {
            if is_left(closing) {
                closing.entry.remaining -= 1;
            }
            closing.entry.remaining > 0
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Log, Publication, RecvError,
        tests::{listener, push, read, text},
    };
    use crate::{CloseFrame, Message};

    fn close(code: u16) -> Message {
        let reason = "over".into();
        Message::Close(Some(CloseFrame { code, reason }))
    }

    #[test]
    fn a_close_comes_in_its_turn_and_is_not_counted() {
        let mut log = Log::default();
        let (mut own, id) = listener(&mut log);
        let (mut other, _) = listener(&mut log);
        log.push(text(0).into());
        log.push(Publication::except(close(4001), Some(id)));
        log.push(text(1).into());
        assert_eq!(read(&mut log, &mut other), Some(Ok(text(0))));
        assert_eq!(read(&mut log, &mut other), Some(Ok(close(4001))));
        assert_eq!(read(&mut log, &mut own), Some(Ok(text(0))));
        assert_eq!(read(&mut log, &mut own), Some(Ok(text(1))));
        assert_eq!(log.counts.heard, 2);
    }

    /// Otherwise a client could stay by not reading.
    #[test]
    fn a_close_reaches_those_that_have_fallen_behind_it() {
        let mut log = Log::default();
        let (mut behind, _) = listener(&mut log);
        let (mut left_out, id) = listener(&mut log);
        let leaving = log.subscribe(4);
        log.push(Publication::except(close(4001), Some(id)));
        let (mut late, _) = listener(&mut log);
        push(&mut log, 0..5);
        assert_eq!(read(&mut log, &mut behind), Some(Err(RecvError::Lagged(2))));
        assert_eq!(read(&mut log, &mut behind), Some(Ok(close(4001))));
        assert_eq!(read(&mut log, &mut behind), Some(Ok(text(1))));
        assert_eq!(
            read(&mut log, &mut left_out),
            Some(Err(RecvError::Lagged(2)))
        );
        assert_eq!(read(&mut log, &mut left_out), Some(Ok(text(1))));
        assert_eq!(read(&mut log, &mut late), Some(Err(RecvError::Lagged(1))));
        assert_eq!(read(&mut log, &mut late), Some(Ok(text(1))));
        assert!(log.closings.is_some());
        log.unsubscribe(&leaving);
        assert!(log.closings.is_none());
    }

    #[test]
    fn closings_that_were_dropped_do_not_pile_up() {
        let mut log = Log::default();
        let (mut behind, own) = listener(&mut log);
        let (mut other, id) = listener(&mut log);
        for n in 0..1000 {
            let except = if n % 2 == 0 { id } else { own };
            log.push(Publication::except(close(4000 + n), Some(except)));
        }
        // Each is left out by one, and closed by the next.
        for (reader, code) in [(&mut behind, 4000), (&mut other, 4001)] {
            assert!(matches!(
                read(&mut log, reader),
                Some(Err(RecvError::Lagged(_)))
            ));
            assert_eq!(read(&mut log, reader), Some(Ok(close(code))));
        }
        assert!(log.closings.is_none());
    }
}
