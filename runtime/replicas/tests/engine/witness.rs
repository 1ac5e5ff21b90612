//! Readers that record what they hear, and check it against the promises.

use autumn_ws_core::{Channels, Message, RecvError, Subscription};
use std::{
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};
use tokio::task::unconstrained;

/// What was published, and when.
#[derive(Debug, Default)]
pub struct Record {
    /// Counts events: the clock of all records.
    clock: AtomicUsize,
    words: Mutex<Vec<Word>>,
}

#[derive(Clone, Debug)]
pub struct Word {
    replica: usize,
    channel: &'static str,
    /// Counts the words.
    number: usize,
    time: usize,
}

impl Record {
    fn now(&self) -> usize {
        self.clock.fetch_add(1, Ordering::SeqCst)
    }

    /// Publishes the next word of a replica, with at least this length. Returns its number.
    pub fn publish(
        &self,
        replica: usize,
        channels: &Channels,
        channel: &'static str,
        length: usize,
    ) -> usize {
        let number = {
            let mut words = self.words.lock().unwrap();
            let number = words.len();
            words.push(Word {
                replica,
                channel,
                number,
                time: self.now(),
            });
            number
        };
        let text = format!("{replica} {number}");
        channels.publish(channel, format!("{text:<length$}"));
        number
    }

    /// The number of words.
    pub fn count(&self) -> usize {
        self.words.lock().unwrap().len()
    }

    fn words(&self) -> Vec<Word> {
        self.words.lock().unwrap().clone()
    }
}

/// A reader that reads everything at once: waking it reads. So no two gaps merge, and each stands
/// where it was made.
pub struct Reader {
    record: Arc<Record>,
    pub replica: usize,
    pub channel: &'static str,
    /// Whether its replica may lose its own messages, too.
    is_tight: bool,
    state: Mutex<State>,
}

struct State {
    subscription: Option<Subscription>,
    times: Times,
    heard: Vec<Heard>,
}

#[derive(Clone, Copy, Debug)]
struct Times {
    subscribed: usize,
    /// When it was known to hear all replicas.
    joined: Option<usize>,
    left: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Heard {
    what: Sound,
    time: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    Word {
        replica: usize,
        number: usize,
    },
    Gap,
    End,
    /// Not one of the published words.
    Strange,
}

/// More than there ever is to read.
const CAPACITY: usize = 1 << 20;

impl Reader {
    pub fn open(
        record: &Arc<Record>,
        replica: usize,
        channels: &Channels,
        channel: &'static str,
        is_tight: bool,
    ) -> Arc<Self> {
        let subscription = channels.subscribe_with_capacity(channel, CAPACITY);
        let reader = Arc::new(Self {
            record: Arc::clone(record),
            replica,
            channel,
            is_tight,
            state: Mutex::new(State {
                subscription: Some(subscription),
                times: Times {
                    subscribed: record.now(),
                    joined: None,
                    left: None,
                },
                heard: Vec::new(),
            }),
        });
        reader.listen();
        reader
    }

    /// Reads everything available.
    pub fn listen(self: &Arc<Self>) {
        let waker = Waker::from(Arc::clone(self));
        let mut cx = Context::from_waker(&waker);
        let mut state = self.state.lock().unwrap();
        let State {
            subscription: Some(subscription),
            heard,
            ..
        } = &mut *state
        else {
            return;
        };
        while let Poll::Ready(what) = pin!(unconstrained(subscription.recv())).poll(&mut cx) {
            let what = sound(what);
            if what == Sound::End {
                break;
            }
            let time = self.record.now();
            heard.push(Heard { what, time });
        }
    }

    /// Whether it hears all replicas by now.
    pub fn has_joined(&self) -> bool {
        let mut state = self.state.lock().unwrap();
        let Some(subscription) = &mut state.subscription else {
            return true;
        };
        let mut cx = Context::from_waker(Waker::noop());
        let joined = pin!(subscription.joined()).poll(&mut cx).is_ready();
        if joined {
            state.times.joined.get_or_insert(self.record.now());
        }
        joined
    }

    /// Records that it is known to hear all replicas.
    pub fn hears_everybody(&self) {
        let mut state = self.state.lock().unwrap();
        state.times.joined.get_or_insert(self.record.now());
    }

    pub fn leave(&self) {
        let mut state = self.state.lock().unwrap();
        let subscription = state.subscription.take();
        state.times.left.get_or_insert(self.record.now());
        drop(state);
        drop(subscription);
    }

    pub fn sounds(&self) -> Vec<Sound> {
        self.heard().iter().map(|heard| heard.what).collect()
    }

    fn heard(&self) -> Vec<Heard> {
        self.state.lock().unwrap().heard.clone()
    }

    /// Checks that each word came at most once, those of a replica in order, and that every missing
    /// promised word has a gap in its place.
    pub fn check(&self) {
        let words = self.record.words();
        let words = words.iter().filter(|word| word.channel == self.channel);
        let mut of_replica: Vec<Vec<&Word>> = Vec::new();
        for word in words {
            if of_replica.len() <= word.replica {
                of_replica.resize_with(word.replica + 1, Vec::new);
            }
            of_replica[word.replica].push(word);
        }
        let times = self.state.lock().unwrap().times;
        let heard = self.heard();
        let is_strange = heard.iter().any(|heard| heard.what == Sound::Strange);
        assert!(!is_strange, "{self:?} heard something else: {heard:?}");
        for words in of_replica {
            self.check_replica(times, &heard, &words);
        }
    }

    /// Checks that a reader that was there all the time heard the same in the same order.
    pub fn check_same(&self, all: &[Sound]) {
        let heard = self.sounds();
        let mut rest = all.iter();
        let is_same = heard.iter().all(|sound| rest.any(|other| other == sound));
        assert!(is_same, "{self:?} heard {heard:?} of {all:?}");
    }

    /// [`check`](Self::check) for the words of one replica.
    fn check_replica(&self, times: Times, heard: &[Heard], words: &[&Word]) {
        let Some(replica) = words.first().map(|word| word.replica) else {
            return;
        };
        let is_own = replica == self.replica;
        let since = if is_own {
            Some(times.subscribed)
        } else {
            times.joined
        };
        let until = times.left.unwrap_or(usize::MAX);
        let is_promised = |word: &Word| {
            let since = since.is_some_and(|since| since < word.time);
            since && word.time < until
        };
        let found = Words::of(replica, heard);
        found.check_order(self);
        for word in words.iter().filter(|word| is_promised(word)) {
            // A reader that leaves does not wait for what is in flight.
            let is_late = times.left.is_some() && found.is_after(word.number);
            if is_late || found.has(word.number) {
                continue;
            }
            let may_be_missing = !is_own || self.is_tight;
            assert!(
                may_be_missing && found.has_gap_for(word),
                "{word:?} is missing without a sign to {self:?}, {times:?}: {heard:?}"
            );
        }
    }
}

/// The words of one replica in the log, with their positions.
struct Words<'a> {
    heard: &'a [Heard],
    words: Vec<(usize, usize)>,
}

impl<'a> Words<'a> {
    fn of(replica: usize, heard: &'a [Heard]) -> Self {
        let numbers = heard.iter().enumerate().filter_map(|(place, heard)| {
            let is_theirs = |by: usize| by == replica;
            match heard.what {
                Sound::Word {
                    replica: by,
                    number,
                } if is_theirs(by) => Some((number, place)),
                _ => None,
            }
        });
        Self {
            heard,
            words: numbers.collect(),
        }
    }

    fn check_order(&self, reader: &Reader) {
        let is_right = self.words.windows(2).all(|pair| pair[0].0 < pair[1].0);
        assert!(
            is_right,
            "words came twice, or out of order, to {reader:?}: {:?}",
            self.words
        );
    }

    fn next(&self, number: usize) -> usize {
        self.words.partition_point(|(heard, _)| *heard < number)
    }

    fn has(&self, number: usize) -> bool {
        let next = self.words.get(self.next(number));
        next.is_some_and(|(heard, _)| *heard == number)
    }

    /// Whether nothing later was heard.
    fn is_after(&self, number: usize) -> bool {
        self.next(number) == self.words.len()
    }

    /// Whether there is a gap in place of a word, made after it was published.
    fn has_gap_for(&self, word: &Word) -> bool {
        let next = self.next(word.number);
        let before = next.checked_sub(1).map_or(0, |last| self.words[last].1);
        let after = self
            .words
            .get(next)
            .map_or(self.heard.len(), |(_, place)| *place);
        let mut between = self.heard[before..after].iter();
        between.any(|heard| heard.what == Sound::Gap && heard.time > word.time)
    }
}

impl Wake for Reader {
    fn wake(self: Arc<Self>) {
        self.listen();
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "a reader of {} on replica {}",
            self.channel, self.replica
        )
    }
}

/// It must not panic: it runs within a publish, under the publisher's locks.
fn sound(heard: Result<Message, RecvError>) -> Sound {
    match heard {
        Ok(Message::Text(text)) => word(&text).unwrap_or(Sound::Strange),
        Err(RecvError::Gap) => Sound::Gap,
        Err(RecvError::Closed) => Sound::End,
        _ => Sound::Strange,
    }
}

fn word(text: &str) -> Option<Sound> {
    let (replica, number) = text.trim_end().split_once(' ')?;
    Some(Sound::Word {
        replica: replica.parse().ok()?,
        number: number.parse().ok()?,
    })
}
