//! How a file differs from what is generated, line by line.

use super::header::{Header, unix};
use similar::{ChangeTag, TextDiff};
use std::fmt;

/// How many lines stay around a change, to find the place.
const CONTEXT: usize = 2;

/// The difference between a file and what is generated.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The text on the disk.
    pub before: String,
    /// The text that is generated; empty if the file is to be removed.
    pub after: String,
}

impl Difference {
    /// The difference between two texts. Their digests do not count: they differ whenever something else does.
    #[must_use]
    pub(super) fn new(before: &str, after: &str) -> Self {
        let before = unix(before);
        let digest = |text| {
            Header::find(text)
                .and_then(|header| header.digest())
                .unwrap_or_default()
        };
        let before = match (digest(&before), digest(after)) {
            ("", _) | (_, "") => before,
            (old, new) => before.replacen(old, new, 1),
        };
        Self {
            before,
            after: after.to_owned(),
        }
    }

    /// The lines that change, with some around them, at most `most` in all: each with its sign.
    #[must_use]
    pub fn lines(&self, most: usize) -> Vec<(Sign, String)> {
        let diff = TextDiff::from_lines(&self.before, &self.after);
        let mut lines = Vec::new();
        for group in diff.grouped_ops(CONTEXT) {
            if let Some(first) = group.first() {
                lines.push((
                    Sign::Place,
                    format!("@@ line {} @@", first.new_range().start + 1),
                ));
            }
            for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                let sign = match change.tag() {
                    ChangeTag::Equal => Sign::Same,
                    ChangeTag::Delete => Sign::Removed,
                    ChangeTag::Insert => Sign::Added,
                };
                lines.push((sign, change.value().trim_end().to_owned()));
                if lines.len() >= most {
                    return lines;
                }
            }
        }
        lines
    }
}

/// What a line of a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Where the lines that follow stand.
    Place,
    /// A line of both texts.
    Same,
    /// A line of the disk only.
    Removed,
    /// A line of the generated text only.
    Added,
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Place => "",
            Self::Same => " ",
            Self::Removed => "-",
            Self::Added => "+",
        })
    }
}
