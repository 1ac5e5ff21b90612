//! Ranges of what was read.

use super::{
    fault::{Fault, prepend},
    number::LARGEST_INT,
};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::Display,
    ops::{Bound, RangeBounds},
};

/// The most faults of one message that are reported.
const MOST_FAULTS: usize = 8;

/// A type whose values have ranges: lengths of texts and lists, bounds of numbers.
///
/// A message is checked after it was read and before the application sees it. What is sent is not
/// checked. A type without ranges, in itself and in everything below, needs no method:
///
/// ```
/// use autumn_ws::messages::{At, Check};
///
/// struct Say { text: String, tags: Vec<String>, age: Option<u8> }
///
/// impl Check for Say {
///     fn check(&self, at: &mut At<'_>) {
///         at.field("text").length(&self.text, 1..=500);
///         at.field("tags").items(self.tags.len(), ..=10);
///         at.field("tags").each(&self.tags, |at, tag| at.length(tag, 1..=20));
///         if let Some(age) = self.age {
///             at.field("age").range(age, ..=150);
///         }
///     }
/// }
///
/// struct Typing {}
///
/// impl Check for Typing {}
/// ```
pub trait Check {
    /// Reports each range that this value breaks to `at`, which is the value's place.
    fn check(&self, at: &mut At<'_>) {
        let _ = at;
    }
}

impl<T: Check + ?Sized> Check for Box<T> {
    fn check(&self, at: &mut At<'_>) {
        (**self).check(at);
    }
}

impl<T: Check> Check for Option<T> {
    fn check(&self, at: &mut At<'_>) {
        if let Some(value) = self {
            value.check(at);
        }
    }
}

impl<T: Check> Check for Vec<T> {
    fn check(&self, at: &mut At<'_>) {
        at.each(self, |at, element| element.check(at));
    }
}

impl<T: Check> Check for BTreeMap<String, T> {
    fn check(&self, at: &mut At<'_>) {
        at.entries(self, |at, value| value.check(at));
    }
}

/// A place in a message that is [checked](Check), and what is wrong there.
///
/// Methods that compare say what must be the case if it is not: "have at most 500 characters". The
/// first 8 faults of a message count.
#[derive(Debug)]
pub struct At<'a> {
    place: Place<'a>,
    faults: &'a mut Vec<Fault>,
}

/// A place, from the inside out. It becomes text only where something is wrong.
#[derive(Clone, Copy, Debug)]
enum Place<'a> {
    Top,
    Key(&'a Place<'a>, &'a str),
    Index(&'a Place<'a>, usize),
}

impl At<'_> {
    /// Checks the value of a whole message, and returns what is wrong with it.
    pub(super) fn faults_of<T: Check + ?Sized>(value: &T) -> Vec<Fault> {
        let mut faults = Vec::new();
        value.check(&mut At {
            place: Place::Top,
            faults: &mut faults,
        });
        faults
    }

    /// The place of a field of the value at this place, or of the value of a key in a map.
    pub fn field<'a>(&'a mut self, name: &'a str) -> At<'a> {
        At {
            place: Place::Key(&self.place, name),
            faults: self.faults,
        }
    }

    fn element(&mut self, index: usize) -> At<'_> {
        At {
            place: Place::Index(&self.place, index),
            faults: self.faults,
        }
    }

    /// Checks a value of a type with ranges of its own, or a list, a map or an `Option` of such.
    pub fn value<T: Check + ?Sized>(&mut self, value: &T) {
        value.check(self);
    }

    /// Checks every element of a list.
    pub fn each<T>(&mut self, list: &[T], mut check: impl FnMut(&mut At<'_>, &T)) {
        for (index, element) in list.iter().enumerate() {
            if self.is_full() {
                break;
            }
            check(&mut self.element(index), element);
        }
    }

    /// Checks the value of every key of a map.
    pub fn entries<T>(
        &mut self,
        map: &BTreeMap<String, T>,
        mut check: impl FnMut(&mut At<'_>, &T),
    ) {
        for (key, value) in map {
            if self.is_full() {
                break;
            }
            check(&mut self.field(key), value);
        }
    }

    /// The length of a text, in characters (Unicode scalar values).
    pub fn length(&mut self, text: &str, range: impl RangeBounds<usize>) {
        // No text has more characters than bytes.
        let fits = text.len() <= most(&range) && least(&range) == 0;
        if !fits {
            self.count(text.chars().count(), &range, "character");
        }
    }

    /// The length of binary data, in bytes.
    pub fn size(&mut self, bytes: usize, range: impl RangeBounds<usize>) {
        self.count(bytes, &range, "byte");
    }

    /// How many elements a list has, or keys a map.
    pub fn items(&mut self, count: usize, range: impl RangeBounds<usize>) {
        self.count(count, &range, "item");
    }

    /// The bounds of a number.
    pub fn range<T: PartialOrd + Display + Copy>(&mut self, value: T, range: impl RangeBounds<T>) {
        if !range.contains(&value)
            && let Some(bound) = broken(&value, &range)
        {
            self.must(format!("be {bound}"));
        }
    }

    /// The bounds of an integer that every JSON parser can read: within `range`, and within
    /// ±(2⁵³−1).
    pub fn int(&mut self, value: i64, range: impl RangeBounds<i64>) {
        if range.contains(&value) {
            self.range(value, -LARGEST_INT..=LARGEST_INT);
        } else {
            self.range(value, range);
        }
    }

    /// Reports that something else is wrong. `must` is the end of a sentence that begins with "it
    /// must". It should not contain the value.
    pub fn must(&mut self, must: impl Into<Cow<'static, str>>) {
        if !self.is_full() {
            self.faults.push(Fault::new(self.place.pointer(), must));
        }
    }

    fn count(&mut self, count: usize, range: &impl RangeBounds<usize>, unit: &str) {
        let Some(bound) = broken(&count, range) else {
            return;
        };
        let plural = if bound.ends_with(" 1") { "" } else { "s" };
        self.must(format!("have {bound} {unit}{plural}"));
    }

    fn is_full(&self) -> bool {
        self.faults.len() >= MOST_FAULTS
    }
}

impl Place<'_> {
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        let mut place = self;
        loop {
            place = match place {
                Self::Top => return pointer,
                Self::Key(outer, name) => {
                    prepend(&mut pointer, name);
                    outer
                }
                Self::Index(outer, index) => {
                    prepend(&mut pointer, &index.to_string());
                    outer
                }
            };
        }
    }
}

/// The bound that a value is beyond: "at most 500".
fn broken<T: PartialOrd + Display>(value: &T, range: &impl RangeBounds<T>) -> Option<String> {
    match range.start_bound() {
        Bound::Included(least) if value < least => return Some(format!("at least {least}")),
        Bound::Excluded(less) if value <= less => return Some(format!("more than {less}")),
        _ => {}
    }
    match range.end_bound() {
        Bound::Included(most) if value > most => Some(format!("at most {most}")),
        Bound::Excluded(more) if value >= more => Some(format!("less than {more}")),
        _ => None,
    }
}

fn least(range: &impl RangeBounds<usize>) -> usize {
    match range.start_bound() {
        Bound::Included(least) => *least,
        Bound::Excluded(less) => less.saturating_add(1),
        Bound::Unbounded => 0,
    }
}

fn most(range: &impl RangeBounds<usize>) -> usize {
    match range.end_bound() {
        Bound::Included(most) => *most,
        Bound::Excluded(more) => more.saturating_sub(1),
        Bound::Unbounded => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::{At, Check, LARGEST_INT};
    use std::collections::BTreeMap;

    struct Checked<F: Fn(&mut At<'_>)>(F);

    impl<F: Fn(&mut At<'_>)> Check for Checked<F> {
        fn check(&self, at: &mut At<'_>) {
            (self.0)(at);
        }
    }

    fn faults(check: impl Fn(&mut At<'_>)) -> Vec<String> {
        let faults = At::faults_of(&Checked(check));
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_the_broken_bound_is_reported() {
        assert_eq!(
            faults(|at| at.length("", 1..=5)),
            ["must have at least 1 character"]
        );
        assert_eq!(
            faults(|at| at.length("ääääää", 1..=5)),
            ["must have at most 5 characters"]
        );
        assert_eq!(faults(|at| at.size(3, ..=2)), ["must have at most 2 bytes"]);
        assert_eq!(
            faults(|at| at.items(0, 2..)),
            ["must have at least 2 items"]
        );
        assert_eq!(
            faults(|at| at.range(91.5, -90.0..=90.0)),
            ["must be at most 90"]
        );
        assert_eq!(faults(|at| at.range(-1, 0..)), ["must be at least 0"]);
        assert_eq!(faults(|at| at.range(5, 0..5)), ["must be less than 5"]);
    }

    #[test]
    fn both_ends_of_a_range_are_in_it() {
        for text in ["ä", "äääää"] {
            assert!(faults(|at| at.length(text, 1..=5)).is_empty());
        }
        for number in [-90.0, 90.0] {
            assert!(faults(|at| at.range(number, -90.0..=90.0)).is_empty());
        }
        assert!(faults(|at| at.items(usize::MAX, 1..)).is_empty());
    }

    #[test]
    fn a_length_is_counted_in_characters() {
        assert!(faults(|at| at.length("👍🏽", ..=2)).is_empty());
        assert_eq!(faults(|at| at.length("👍🏽", ..=1)).len(), 1);
    }

    #[test]
    fn places_lead_into_lists_and_maps() {
        let lists = BTreeMap::from([("a/b".to_owned(), vec![1, 11]), ("c".to_owned(), vec![12])]);
        let found = faults(|at| {
            at.field("lists").entries(&lists, |at, list| {
                at.each(list, |at, number| at.range(*number, ..=10));
            });
        });
        assert_eq!(
            found,
            [
                "at /lists/a~1b/1: must be at most 10",
                "at /lists/c/0: must be at most 10"
            ]
        );
    }

    #[test]
    fn at_most_8_faults_are_reported() {
        let numbers = [1; 100];
        let found = faults(|at| {
            at.each(&numbers, |at, number| at.range(*number, ..=0));
            at.must("be something else");
        });
        assert_eq!(found.len(), 8);
        assert_eq!(found[7], "at /7: must be at most 0");
    }

    #[test]
    fn an_int_is_one_in_every_language() {
        assert!(faults(|at| at.int(LARGEST_INT, ..)).is_empty());
        let beyond = ["must be at most 9007199254740991"];
        assert_eq!(faults(|at| at.int(LARGEST_INT + 1, 0..)), beyond);
        assert_eq!(faults(|at| at.int(i64::MIN, 0..)), ["must be at least 0"]);
    }
}
