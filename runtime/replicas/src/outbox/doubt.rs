//! Messages that a server took but that may not reach every replica.
//!
//! If another server can take this one's place, as in a failover, the old one may still take
//! messages that nobody else hears. The engine [checks](crate::Inbox::begin_check) that regularly;
//! what was published since the last good check is in doubt.

use super::{missed::Missed, transit::Item};
use std::sync::Arc;

/// The channels whose last messages are in doubt.
#[derive(Debug)]
pub(super) struct Doubt {
    /// Whether the engine checks at all. If not, nothing is in doubt.
    is_checked: bool,
    /// The server of this connection, and of the last one that was open, if they are known.
    server: Option<Arc<str>>,
    last_server: Option<Arc<str>>,
    /// On connections before this one.
    earlier: Missed,
    /// Before the check that is under way.
    before: Missed,
    /// Since that check began.
    since: Missed,
    /// The channel that was noted last, which is often the next one, too.
    last_name: Option<Arc<str>>,
}

impl Doubt {
    /// Up to `many` channels are known by name.
    pub(super) fn new(many: usize) -> Self {
        Self {
            is_checked: false,
            server: None,
            last_server: None,
            earlier: Missed::new(many),
            before: Missed::new(many),
            since: Missed::new(many),
            last_name: None,
        }
    }

    /// Notes something that goes to the server.
    pub(super) fn note(&mut self, item: &Item) {
        if !self.is_checked {
            return;
        }
        match item {
            Item::Echoed(name, ..) | Item::Sent(name, _) | Item::Notice(name) => {
                self.note_name(name);
            }
            Item::Everything => self.since.note_everything(),
            Item::Confirmed | Item::Held(..) | Item::Gap | Item::Probe => {}
        }
    }

    fn note_name(&mut self, name: &Arc<str>) {
        let is_last = |last: &Arc<str>| Arc::ptr_eq(last, name);
        if !self.last_name.as_ref().is_some_and(is_last) {
            self.since.note(name);
            self.last_name = Some(Arc::clone(name));
        }
    }

    /// A check begins.
    pub(super) fn begin_check(&mut self) {
        self.is_checked = true;
        self.last_name = None;
        self.before.absorb(&mut self.since);
    }

    /// The check that began last has found nothing wrong.
    pub(super) fn end_check(&mut self) {
        self.before.take();
    }

    /// The connection is lost.
    pub(super) fn cut(&mut self) {
        self.server = None;
        self.last_name = None;
        self.earlier.absorb(&mut self.before);
        self.earlier.absorb(&mut self.since);
    }

    /// The new connection leads to this server.
    pub(super) fn identify(&mut self, server: &str) {
        self.server = Some(server.into());
    }

    /// The new connection is open. What the same server has taken before is not lost; the rest is
    /// noted as missed.
    pub(super) fn open(&mut self, missed: &mut Missed) {
        if self.server.is_some() && self.server == self.last_server {
            self.earlier.take();
        }
        missed.absorb(&mut self.earlier);
        self.last_server = self.server.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::Doubt;
    use crate::outbox::{
        missed::{Missed, Notices},
        transit::Item,
    };

    fn send(doubt: &mut Doubt, name: &str) {
        doubt.note(&Item::Sent(name.into(), 1));
    }

    /// What is noted as missed once a new connection is open.
    fn doubted(doubt: &mut Doubt) -> Vec<String> {
        let mut missed = Missed::new(10);
        doubt.open(&mut missed);
        match missed.take() {
            Notices::Channels(names) => names.iter().map(|name| (**name).into()).collect(),
            Notices::Everything => vec!["everything".into()],
        }
    }

    #[test]
    fn without_checks_nothing_is_in_doubt() {
        let mut doubt = Doubt::new(10);
        send(&mut doubt, "a");
        doubt.cut();
        assert!(doubted(&mut doubt).is_empty());
    }

    #[test]
    fn a_good_check_clears_what_was_sent_before_it() {
        let mut doubt = Doubt::new(10);
        doubt.begin_check();
        doubt.end_check();
        send(&mut doubt, "before");
        doubt.begin_check();
        send(&mut doubt, "since");
        doubt.end_check();
        doubt.cut();
        assert_eq!(doubted(&mut doubt), ["since"]);
    }

    #[test]
    fn an_unfinished_check_clears_nothing() {
        let mut doubt = Doubt::new(10);
        doubt.begin_check();
        send(&mut doubt, "a");
        doubt.begin_check();
        send(&mut doubt, "b");
        doubt.begin_check();
        doubt.cut();
        assert_eq!(doubted(&mut doubt), ["a", "b"]);
    }

    #[test]
    fn checks_of_a_new_connection_say_nothing_about_the_old_server() {
        let mut doubt = Doubt::new(10);
        doubt.begin_check();
        send(&mut doubt, "a");
        doubt.cut();
        doubt.begin_check();
        doubt.end_check();
        assert_eq!(doubted(&mut doubt), ["a"]);
    }

    #[test]
    fn the_same_server_has_lost_nothing() {
        let mut doubt = Doubt::new(10);
        doubt.begin_check();
        for (server, expected) in [("one", 0), ("one", 0), ("two", 1), ("one", 1)] {
            doubt.identify(server);
            assert_eq!(doubted(&mut doubt).len(), expected, "{server}");
            send(&mut doubt, "a");
            doubt.cut();
        }
        // It is unknown which one it is.
        assert_eq!(doubted(&mut doubt), ["a"]);
        doubt.cut();
        send(&mut doubt, "a");
        doubt.cut();
        assert_eq!(doubted(&mut doubt), ["a"]);
    }

    #[test]
    fn a_connection_that_never_opens_changes_nothing() {
        let mut doubt = Doubt::new(10);
        doubt.begin_check();
        doubt.identify("one");
        assert!(doubted(&mut doubt).is_empty());
        send(&mut doubt, "a");
        doubt.cut();
        doubt.identify("two");
        doubt.cut();
        doubt.identify("two");
        assert_eq!(doubted(&mut doubt), ["a"]);
    }

    #[test]
    fn notices_are_in_doubt_too() {
        let mut doubt = Doubt::new(10);
        doubt.begin_check();
        doubt.note(&Item::Notice("a".into()));
        doubt.note(&Item::Probe);
        doubt.cut();
        assert_eq!(doubted(&mut doubt), ["a"]);
        doubt.note(&Item::Everything);
        doubt.cut();
        assert_eq!(doubted(&mut doubt), ["everything"]);
    }
}
