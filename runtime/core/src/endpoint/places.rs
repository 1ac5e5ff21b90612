//! Places that are counted for each user, address or the like.

use crate::sync::{Mutex, lock};
use futures_util::task::AtomicWaker;
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Context,
};

/// What happens when one more session opens than may be open with the same value
/// ([`Upgrade::connections_per`](crate::Upgrade::connections_per)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// Its request gets `429 Too Many Requests`.
    #[default]
    Refuse,
    /// The oldest session is closed with 4000 and the reason `replaced`.
    Oldest,
}

/// What a request wants a place for, and how many there are.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) holder: Holder,
    pub(crate) most: usize,
    pub(crate) over: Over,
}

/// Whose places these are: those of one value at one endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Holder {
    pub(crate) endpoint: &'static str,
    pub(crate) key: &'static str,
    pub(crate) value: Box<str>,
}

/// The places that are taken in an application.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places(Arc<Mutex<Taken>>);

/// By holder, the oldest first.
type Taken = HashMap<Holder, VecDeque<Arc<Place>>>;

#[derive(Debug, Default)]
struct Place {
    /// The session has begun.
    has_begun: AtomicBool,
    /// Another session has taken the place.
    is_replaced: AtomicBool,
    /// Wakes the session when it is replaced.
    session: AtomicWaker,
}

/// A place that is taken until this is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    places: Places,
    claim: Claim,
    place: Arc<Place>,
}

impl Places {
    /// Whether a place could be taken now.
    pub(crate) fn has_room(&self, claim: &Claim) -> bool {
        has_room(&lock(&self.0), claim)
    }

    /// Takes all places that a request wants, or none.
    pub(crate) fn take(&self, claims: Vec<Claim>) -> Option<Vec<Seat>> {
        if claims.is_empty() {
            return Some(Vec::new());
        }
        let mut taken = lock(&self.0);
        if !claims.iter().all(|claim| has_room(&taken, claim)) {
            return None;
        }
        let seats = claims.into_iter().map(|claim| {
            let place = Arc::<Place>::default();
            let places = taken.entry(claim.holder.clone()).or_default();
            places.push_back(Arc::clone(&place));
            Seat {
                places: self.clone(),
                claim,
                place,
            }
        });
        Some(seats.collect())
    }
}

fn has_room(taken: &Taken, claim: &Claim) -> bool {
    let count = || taken.get(&claim.holder).map_or(0, VecDeque::len);
    claim.over == Over::Oldest || count() < claim.most
}

impl Place {
    fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Relaxed)
    }
}

impl Seat {
    /// The session begins: the oldest ones make room for it. They have begun, too: a request that
    /// may still be refused replaces nobody, and is not replaced.
    pub(crate) fn begin(&self) {
        self.place.has_begun.store(true, Ordering::Relaxed);
        for place in self.surplus() {
            place.is_replaced.store(true, Ordering::Release);
            place.session.wake();
        }
    }

    fn surplus(&self) -> Vec<Arc<Place>> {
        let mut taken = lock(&self.places.0);
        let mut surplus = Vec::new();
        if let Some(places) = taken.get_mut(&self.claim.holder) {
            let begun = places.iter().filter(|place| place.has_begun()).count();
            for _ in self.claim.most.max(1)..begun {
                let oldest = places.iter().position(|place| self.replaces(place));
                surplus.extend(oldest.and_then(|oldest| places.remove(oldest)));
            }
        }
        surplus
    }

    fn replaces(&self, place: &Arc<Place>) -> bool {
        place.has_begun() && !Arc::ptr_eq(place, &self.place)
    }

    /// Whether another session has taken the place.
    pub(crate) fn is_replaced(&self) -> bool {
        self.place.is_replaced.load(Ordering::Acquire)
    }

    /// As [`is_replaced`](Seat::is_replaced); wakes the task when that changes.
    pub(crate) fn poll_replaced(&self, cx: &Context<'_>) -> bool {
        self.place.session.register(cx.waker());
        self.is_replaced()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = lock(&self.places.0);
        let Some(places) = taken.get_mut(&self.claim.holder) else {
            return;
        };
        places.retain(|place| !Arc::ptr_eq(place, &self.place));
        if places.is_empty() {
            taken.remove(&self.claim.holder);
        }
        if taken.is_empty() {
            *taken = Taken::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Claim, Holder, Over, Places, Seat};
    use crate::sync::lock;

    fn claim(value: &str, most: usize, over: Over) -> Claim {
        let value = value.into();
        let holder = Holder {
            endpoint: "chat",
            key: "user.id",
            value,
        };
        Claim { holder, most, over }
    }

    fn take(places: &Places, value: &str, most: usize, over: Over) -> Option<Seat> {
        places.take(vec![claim(value, most, over)])?.pop()
    }

    #[test]
    fn a_place_is_free_again_when_its_session_has_gone() {
        let places = Places::default();
        let one = take(&places, "ann", 2, Over::Refuse);
        let _two = take(&places, "ann", 2, Over::Refuse).unwrap();
        assert!(!places.has_room(&claim("ann", 2, Over::Refuse)));
        assert!(take(&places, "ann", 2, Over::Refuse).is_none());
        assert!(take(&places, "bob", 2, Over::Refuse).is_some());
        drop(one);
        assert!(take(&places, "ann", 2, Over::Refuse).is_some());
    }

    #[test]
    fn a_request_takes_all_its_places_or_none() {
        let places = Places::default();
        let both = || {
            let claims = ["ann", "127.0.0.1"].map(|value| claim(value, 1, Over::Refuse));
            places.take(claims.into())
        };
        let ann = take(&places, "ann", 1, Over::Refuse).unwrap();
        assert!(both().is_none());
        drop(ann);
        assert!(take(&places, "127.0.0.1", 1, Over::Refuse).is_some());
        assert_eq!(both().unwrap().len(), 2);
        assert!(lock(&places.0).is_empty());
    }

    #[test]
    fn the_oldest_make_room_for_a_session_that_begins() {
        let places = Places::default();
        let next = || take(&places, "ann", 2, Over::Oldest).unwrap();
        let seats = [next(), next(), next(), next()];
        let replaced = || seats.each_ref().map(Seat::is_replaced);
        for (begins, expected) in [
            (0, [false, false, false, false]),
            (1, [false, false, false, false]),
            (3, [true, false, false, false]),
            (2, [true, true, false, false]),
        ] {
            seats[begins].begin();
            assert_eq!(replaced(), expected);
        }
        let fifth = next();
        fifth.begin();
        assert_eq!(replaced(), [true, true, true, false]);
        drop((fifth, seats));
        assert!(lock(&places.0).is_empty());
    }

    #[test]
    fn a_request_that_is_refused_after_all_replaces_nobody() {
        let places = Places::default();
        let next = || take(&places, "ann", 1, Over::Oldest).unwrap();
        let old = next();
        old.begin();
        drop(next());
        assert!(!old.is_replaced());
    }
}
