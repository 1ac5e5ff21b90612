//! What a client has heard, and whether that is right.

use std::collections::{BTreeMap, BTreeSet};

/// Who speaks, and the number of the message.
pub type Talker = usize;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Heard(Talker, u64),
    /// The connection has ended, and why. That is a sign that messages may be missing.
    Left(String),
}

/// What one client has heard, in order.
#[derive(Debug, Default)]
pub struct Log {
    pub entries: Vec<Entry>,
    /// The last message of each talker.
    pub latest: BTreeMap<Talker, u64>,
    /// The number of the client's own next message.
    pub said: u64,
    /// Whether the client is connected.
    pub is_open: bool,
    /// How often its connection has ended.
    pub gaps: usize,
}

impl Log {
    pub fn hear(&mut self, text: &str) {
        let (talker, number) = text.split_once(' ').unwrap();
        let (talker, number) = (talker.parse().unwrap(), number.parse().unwrap());
        self.latest.insert(talker, number);
        self.entries.push(Entry::Heard(talker, number));
    }

    pub fn leave(&mut self, why: String) {
        self.is_open = false;
        self.gaps += 1;
        self.entries.push(Entry::Left(why));
    }

    /// What the client has heard from one talker.
    fn of(&self, talker: Talker) -> BTreeSet<u64> {
        let numbers = self.entries.iter().filter_map(|entry| match entry {
            Entry::Heard(other, number) if *other == talker => Some(*number),
            _ => None,
        });
        numbers.collect()
    }

    /// Checks that each message came once, in the order in which it was said, and that no message
    /// is missing without a sign. A message that its talker has not heard itself may have been lost
    /// with a closing connection.
    fn check(&self, accepted: &BTreeMap<Talker, BTreeSet<u64>>) {
        let mut last = BTreeMap::new();
        let mut since_sign = BTreeMap::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let Entry::Heard(talker, number) = entry else {
                since_sign.clear();
                continue;
            };
            if let Some(last) = last.insert(talker, number) {
                assert!(
                    number > last,
                    "{talker} said {number} once, before {last}: {:?}",
                    self.near(index)
                );
            }
            if let Some(last) = since_sign.insert(talker, number) {
                let missed: Vec<_> = accepted[talker].range(last + 1..*number).collect();
                assert!(
                    missed.is_empty(),
                    "of {talker}, {missed:?} were lost without a sign: {:?}",
                    self.near(index)
                );
            }
        }
    }

    fn near(&self, index: usize) -> &[Entry] {
        let end = self.entries.len().min(index + 10);
        &self.entries[index.saturating_sub(30)..end]
    }
}

/// Checks what clients have heard; the first ones are the talkers. Returns how often connections
/// ended, by reason.
pub fn check(logs: &[Log]) -> BTreeMap<String, usize> {
    let talkers = logs.iter().enumerate();
    let accepted = talkers.map(|(talker, log)| (talker, log.of(talker)));
    let accepted = accepted.collect();
    let mut signs = BTreeMap::new();
    for log in logs {
        log.check(&accepted);
        for entry in &log.entries {
            if let Entry::Left(why) = entry {
                *signs.entry(why.clone()).or_default() += 1;
            }
        }
    }
    signs
}

/// A check that cannot fail proves nothing.
mod tests {
    use super::{Log, check};

    /// What a talker and a listener have heard, as numbers, with `-` for the end of a connection.
    fn check_both(talker: &str, listener: &str) {
        let logs = [talker, listener].map(|words| {
            let mut log = Log::default();
            for word in words.split_whitespace() {
                match word {
                    "-" => log.leave("gap".to_owned()),
                    number => log.hear(&format!("0 {number}")),
                }
            }
            log
        });
        check(&logs);
    }

    #[test]
    fn a_signalled_loss_is_accepted() {
        check_both("0 1 2 3 4", "1 2 3");
        check_both("0 1 2 3 4", "0 - 3 - 4");
        // Nobody knows whether it was ever sent.
        check_both("0 - 3", "0 3");
        check_both("0 - 3", "0 1 3");
    }

    #[test]
    #[should_panic = "[2] were lost without a sign"]
    fn a_silent_loss_is_found() {
        check_both("0 1 2 3", "- 0 1 3");
    }

    #[test]
    #[should_panic = "0 said 1 once, before 1"]
    fn a_duplicate_is_found() {
        check_both("0 1 2", "0 1 - 1 2");
    }

    #[test]
    #[should_panic = "0 said 1 once, before 2"]
    fn a_wrong_order_is_found() {
        check_both("0 1 2", "0 - 2 1");
    }
}
