//! The open sessions of each endpoint.

use super::counters::Counters;
use crate::{
    CloseCode,
    sync::{Mutex, lock},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

/// The endpoints of an application, by name. An endpoint is here from its first request on.
#[derive(Debug, Default)]
pub(crate) struct Endpoints(Mutex<BTreeMap<&'static str, OpenSessions>>);

impl Endpoints {
    /// The sessions of the endpoint `name`, which declares these close codes.
    pub(crate) fn get(&self, name: &'static str, closes: &[CloseCode]) -> OpenSessions {
        let sessions = || OpenSessions(Arc::new(Counters::of(closes)));
        lock(&self.0).entry(name).or_insert_with(sessions).clone()
    }

    /// All endpoints so far.
    pub(crate) fn all(&self) -> BTreeMap<&'static str, OpenSessions> {
        lock(&self.0).clone()
    }
}

/// The sessions of one endpoint: how many are open, and what is counted at them.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenSessions(Arc<Counters>);

impl OpenSessions {
    /// Whether one more session may open now.
    pub(crate) fn has_room(&self, limit: Option<usize>) -> bool {
        limit.is_none_or(|limit| self.0.open.load(Ordering::Relaxed) < limit)
    }

    /// Counts one more session as open, if there may be one more.
    pub(crate) fn open(&self, limit: Option<usize>) -> Option<OpenSession> {
        let more = |open: usize| limit.is_none_or(|limit| open < limit).then_some(open + 1);
        self.0
            .open
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .ok()
            .map(|_| OpenSession(self.clone()))
    }

    /// What is counted at the endpoint.
    pub(crate) fn counters(&self) -> &Arc<Counters> {
        &self.0
    }
}

/// A session that counts as open until this is dropped.
#[derive(Debug)]
pub(crate) struct OpenSession(OpenSessions);

impl OpenSession {
    /// What is counted at the session's endpoint.
    pub(crate) fn counters(&self) -> &Arc<Counters> {
        self.0.counters()
    }
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        self.counters().open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoints, OpenSessions};

    #[test]
    fn a_dropped_session_makes_room() {
        let sessions = OpenSessions::default();
        let first = sessions.open(Some(1));
        assert!(first.is_some());
        assert!(!sessions.has_room(Some(1)));
        assert!(sessions.open(Some(1)).is_none());
        drop(first);
        assert!(sessions.has_room(Some(1)));
        assert!(sessions.open(Some(1)).is_some());
    }

    #[test]
    fn a_limit_of_zero_admits_nobody() {
        assert!(OpenSessions::default().open(Some(0)).is_none());
        assert!(OpenSessions::default().open(None).is_some());
    }

    #[test]
    fn endpoints_are_counted_apart() {
        let endpoints = Endpoints::default();
        let _one = endpoints.get("one", &[]).open(Some(1));
        assert!(!endpoints.get("one", &[]).has_room(Some(1)));
        assert!(endpoints.get("two", &[]).has_room(Some(1)));
        let names: Vec<_> = endpoints.all().into_keys().collect();
        assert_eq!(names, ["one", "two"]);
    }
}
