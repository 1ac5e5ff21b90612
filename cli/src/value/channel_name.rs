//! Names of channels at run time.

use super::{Described, Form, Mistake, Name, Notation, Scalar, WireName};
use crate::{
    characters::{is_hidden, look_alike},
    diagnostic::code,
};
use std::{collections::BTreeSet, ops::Range};

/// A channel name: fixed, or with placeholders that an endpoint fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelName {
    text: String,
    segments: Vec<Segment>,
    parts: Vec<Part>,
}

/// A piece of a channel name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Text that is always the same.
    Fixed(String),
    /// `{name}`: filled by a path param, a query field or an extracted value of that name. `{user.id}`: a field of one.
    Filled {
        /// The name between the braces.
        wire: String,
        /// What the value is called in code.
        name: Name,
        /// Where the name is in the text.
        at: Range<usize>,
    },
}

impl ChannelName {
    const LONGEST: usize = 200;
}

impl Described for ChannelName {
    const FORM: Form = Form::Notation(&Notation {
        name: "channel name",
        doc: "Any text of at most 200 bytes without white space, control characters, backticks and `%`. A name in braces is a placeholder; `:` or `/` must separate it from other text.",
        pattern: Some(r"^[^\s%`]{1,200}$"),
        numbers: &[],
        examples: &["lobby", "\"room:{room}\""],
    });
}

impl Scalar for ChannelName {
    fn parse(text: &str) -> Result<Self, Mistake> {
        let mistake = |label: String, range: Range<usize>| {
            Mistake::new(
                code::BAD_CHANNEL_NAME,
                format!("{text:?} is not a channel name"),
                label,
            )
            .within(range)
        };
        if text.is_empty() || text.len() > Self::LONGEST {
            return Err(mistake(
                format!("expected 1 to {} bytes", Self::LONGEST),
                0..text.len(),
            ));
        }
        if let Some((at, c)) = text.char_indices().find(|(_, c)| !is_name_char(*c)) {
            return Err(mistake(
                "white space, control characters, backticks and `%` are not allowed".to_owned(),
                at..at + c.len_utf8(),
            ));
        }
        let segments = split(text).map_err(|(label, range)| {
            mistake(label.to_owned(), range)
                .help("a placeholder is a name in braces: `room:{room}`")
        })?;
        let name = Self {
            text: text.to_owned(),
            parts: parts(&segments),
            segments,
        };
        if let Some(range) = name.repeated() {
            return Err(mistake("repeated placeholder".to_owned(), range)
                .help("use each placeholder once, and none that code would call the same"));
        }
        match name.touching() {
            Some(range) => Err(mistake("a placeholder must be separated from the text beside it".to_owned(), range)
                .help("write `:` or `/` between them, as in `room:{room}`: values never contain those, so no value can reach another channel")),
            None => Ok(name),
        }
    }
}

impl ChannelName {
    /// The name as the spec writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The pieces, in order.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The placeholders, in order: what is between the braces, what it is called in code, and where it is in the text.
    pub fn placeholders(&self) -> impl Iterator<Item = (&str, &Name, Range<usize>)> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Fixed(_) => None,
            Segment::Filled { wire, name, at } => Some((wire.as_str(), name, at.clone())),
        })
    }

    /// Whether the name has no placeholders.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.placeholders().next().is_none()
    }

    /// Whether both names have the same fixed text and placeholders at the same positions: one channel.
    #[must_use]
    pub fn same_channel(&self, other: &Self) -> bool {
        self.parts == other.parts
    }

    /// Whether some values make both names the same.
    ///
    /// Values never have separators, so names can only be equal part by part between separators.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(|pair| match pair {
                (Part::Value, Part::Value) => true,
                (Part::Value, Part::Text(text)) | (Part::Text(text), Part::Value) => {
                    !text.starts_with(is_separator)
                }
                (Part::Text(ours), Part::Text(theirs)) => ours == theirs,
            })
    }

    /// The first placeholder that code would call the same as one before it.
    fn repeated(&self) -> Option<Range<usize>> {
        let mut seen = BTreeSet::new();
        let mut placeholders = self.placeholders();
        let again = placeholders.find(|(_, name, _)| !seen.insert(*name));
        again.map(|(.., range)| range)
    }

    /// The first placeholder that is not set off by separators, with its braces.
    fn touching(&self) -> Option<Range<usize>> {
        let ends = |segment: Option<&Segment>, end: fn(&str) -> Option<char>| match segment {
            None => false,
            Some(Segment::Fixed(text)) => !end(text).is_some_and(is_separator),
            Some(Segment::Filled { .. }) => true,
        };
        self.segments
            .iter()
            .enumerate()
            .find_map(|(index, segment)| {
                let Segment::Filled { at, .. } = segment else {
                    return None;
                };
                let before = index
                    .checked_sub(1)
                    .and_then(|index| self.segments.get(index));
                let after = self.segments.get(index + 1);
                let touches = ends(before, |text| text.chars().next_back())
                    || ends(after, |text| text.chars().next());
                touches.then_some(at.start - 1..at.end + 1)
            })
    }
}

/// A value, or a run of text: of separators, or of other characters.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Value,
    Text(String),
}

fn parts(segments: &[Segment]) -> Vec<Part> {
    let mut parts = Vec::new();
    for segment in segments {
        match segment {
            Segment::Filled { .. } => parts.push(Part::Value),
            Segment::Fixed(text) => {
                let mut rest = text.as_str();
                while let Some(first) = rest.chars().next() {
                    let is_other = |c| is_separator(c) != is_separator(first);
                    let end = rest.find(is_other).unwrap_or(rest.len());
                    let (run, beyond) = rest.split_at(end);
                    parts.push(Part::Text(run.to_owned()));
                    rest = beyond;
                }
            }
        }
    }
    parts
}

/// Whether a name may have this character.
fn is_name_char(c: char) -> bool {
    c != ' ' && !"%`".contains(c) && look_alike(c).is_none() && !is_hidden(c)
}

/// Whether a filled-in value can never have this character: it would be escaped (`autumn_ws::escape`).
fn is_separator(c: char) -> bool {
    !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.' | '%')
}

/// Splits at braces; an error says what is wrong with a placeholder, and where.
fn split(text: &str) -> Result<Vec<Segment>, (&'static str, Range<usize>)> {
    let mut segments = Vec::new();
    let mut rest = text;
    while let Some(brace) = rest.find(['{', '}']) {
        let (fixed, from_brace) = rest.split_at(brace);
        let start = text.len() - from_brace.len();
        if !fixed.is_empty() {
            segments.push(Segment::Fixed(fixed.to_owned()));
        }
        let inside = from_brace
            .strip_prefix('{')
            .and_then(|after| after.split_once('}'));
        let (wire, beyond) = inside
            .filter(|(wire, _)| !wire.is_empty() && !wire.contains('{'))
            .ok_or(("unbalanced brace", start..start + 1))?;
        let at = start + 1..start + 1 + wire.len();
        let name = WireName::parse(wire).ok().and_then(|wire| wire.name());
        segments.push(Segment::Filled {
            wire: wire.to_owned(),
            name: name.ok_or(("no name in code can be made of this", at.clone()))?,
            at,
        });
        rest = beyond;
    }
    if !rest.is_empty() {
        segments.push(Segment::Fixed(rest.to_owned()));
    }
    Ok(segments)
}
