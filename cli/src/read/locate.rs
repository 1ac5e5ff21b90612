//! Places into positions in the text; run only when there is something to report.

use super::{readable::Readable, scan::too_deep};
use crate::place::{Part, Place, Step};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle};
use serde_yaml::Value;
use std::{collections::BTreeMap, ops::Range};

/// The nodes of one YAML document with their positions.
pub struct Map<'a> {
    original: &'a str,
    text: Readable<'a>,
    nodes: Nodes,
}

/// What is in a document: the first node is the whole of it.
#[derive(Debug, Default)]
struct Nodes {
    all: Vec<Node>,
    anchors: BTreeMap<usize, usize>,
}

#[derive(Debug)]
struct Node {
    span: Range<usize>,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    Scalar(String),
    Sequence(Vec<usize>),
    /// Keys and values.
    Mapping(Vec<(usize, usize)>),
    Alias(usize),
}

/// How many aliases are followed; more are taken for a circle.
const MOST_ALIASES: usize = 16;

impl<'a> Map<'a> {
    /// Maps a document, up to where it is no longer YAML or nests too deeply.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let readable = Readable::new(text);
        let nodes = Nodes::read(readable.as_str());
        Self {
            original: text,
            text: readable,
            nodes,
        }
    }

    /// The bytes of the text that `place` means, or those of the nearest node around it.
    #[must_use]
    pub fn find(&self, place: &Place) -> Range<usize> {
        let mut node = 0;
        let mut key = None;
        for step in place.steps() {
            match self.child(node, step, 0) {
                Some((key_node, value)) => (key, node) = (key_node, value),
                None => break,
            }
        }
        match place.meant() {
            Part::Within(range) if place.steps().is_empty() => clamp(self.original, range),
            Part::Within(range) => self.within(node, range),
            Part::Key => self.first_line(key.unwrap_or(node)),
            Part::Value => self.first_line(node),
        }
    }

    /// A part of the readable text, as one of the original.
    fn original(&self, span: &Range<usize>) -> Range<usize> {
        let span = clamp(self.text.as_str(), span);
        clamp(self.original, &self.text.original_range(&span))
    }

    /// The first duplicate key of a mapping: where it is first, and where again.
    #[must_use]
    pub fn duplicate_key(&self) -> Option<(Range<usize>, Range<usize>)> {
        let keys = self.nodes.all.iter().filter_map(|node| match &node.shape {
            Shape::Mapping(entries) => Some(
                entries
                    .iter()
                    .filter_map(|(key, _)| self.nodes.all.get(*key)),
            ),
            _ => None,
        });
        keys.into_iter().find_map(|keys| {
            let mut seen: BTreeMap<&str, &Node> = BTreeMap::new();
            keys.into_iter().find_map(|key| match &key.shape {
                Shape::Scalar(text) => seen
                    .insert(text, key)
                    .map(|first| (self.original(&first.span), self.original(&key.span))),
                _ => None,
            })
        })
    }

    /// The value of the first `<<` that cannot be merged.
    #[must_use]
    pub fn bad_merge(&self) -> Option<Range<usize>> {
        let entries = self.nodes.all.iter().flat_map(|node| match &node.shape {
            Shape::Mapping(entries) => entries.as_slice(),
            _ => &[],
        });
        entries
            .filter(|(key, _)| self.is_scalar(*key, "<<"))
            .map(|(_, value)| *value)
            .find(|value| !self.is_mergeable(*value))
            .map(|value| self.first_line(value))
    }

    /// Whether a node is a mapping, or a list of mappings.
    fn is_mergeable(&self, node: usize) -> bool {
        match self.meant(node) {
            Some(Shape::Mapping(_)) => true,
            Some(Shape::Sequence(elements)) => elements
                .iter()
                .all(|element| matches!(self.meant(*element), Some(Shape::Mapping(_)))),
            _ => false,
        }
    }

    /// What a node is, or the node that it is an alias of.
    fn meant(&self, node: usize) -> Option<&Shape> {
        match &self.nodes.all.get(node)?.shape {
            Shape::Alias(anchor) => {
                let anchor = self.nodes.anchors.get(anchor)?;
                self.nodes.all.get(*anchor).map(|node| &node.shape)
            }
            shape => Some(shape),
        }
    }

    fn child(&self, node: usize, step: &Step, aliases: usize) -> Option<(Option<usize>, usize)> {
        if aliases > MOST_ALIASES {
            return None;
        }
        match (&self.nodes.all.get(node)?.shape, step) {
            (Shape::Alias(anchor), _) => {
                self.child(*self.nodes.anchors.get(anchor)?, step, aliases + 1)
            }
            (Shape::Sequence(elements), Step::Index(index)) => Some((None, *elements.get(*index)?)),
            // Several mappings merged into one: `<<: [*a, *b]`.
            (Shape::Sequence(elements), Step::Key(_)) => elements
                .iter()
                .find_map(|&element| self.child(element, step, aliases + 1)),
            (Shape::Mapping(entries), Step::Key(key)) => {
                let value_of =
                    |name: &str| entries.iter().find(|(key, _)| self.is_scalar(*key, name));
                let meant = || entries.iter().find(|(node, _)| self.is_read_as(*node, key));
                match (value_of(key), value_of("<<")) {
                    (Some(&(key, value)), _) => Some((Some(key), value)),
                    (None, Some((_, merged))) => self.child(*merged, step, aliases + 1),
                    (None, None) => meant().map(|&(key, value)| (Some(key), value)),
                }
            }
            _ => None,
        }
    }

    fn is_scalar(&self, node: usize, text: &str) -> bool {
        matches!(self.nodes.all.get(node), Some(Node { shape: Shape::Scalar(scalar), .. }) if scalar == text)
    }

    /// Whether a key that is not text is read as `text`: `0x10` as `16`, and whatever has no text as nothing.
    fn is_read_as(&self, node: usize, text: &str) -> bool {
        match self.nodes.all.get(node).map(|node| &node.shape) {
            Some(Shape::Scalar(scalar)) => match serde_yaml::from_str(scalar) {
                Ok(Value::Number(number)) => number.to_string() == text,
                Ok(Value::Bool(value)) => value.to_string() == text,
                Ok(Value::Null) => text.is_empty(),
                _ => false,
            },
            Some(Shape::Sequence(_) | Shape::Mapping(_)) => text.is_empty(),
            _ => false,
        }
    }

    /// The bytes `range` of a scalar's text, if they are in the document as they are.
    fn within(&self, node: usize, range: &Range<usize>) -> Range<usize> {
        if let Some(Node {
            span,
            shape: Shape::Scalar(scalar),
        }) = self.nodes.all.get(node)
            && let Some(start) = self
                .text
                .as_str()
                .get(span.clone())
                .and_then(|raw| raw.find(scalar.as_str()))
        {
            let start = span.start + start;
            return self.original(&(start + range.start..start + range.end));
        }
        self.first_line(node)
    }

    /// A node's span up to the end of its first line: a caret under a whole section helps nobody.
    fn first_line(&self, node: usize) -> Range<usize> {
        let span = self
            .nodes
            .all
            .get(node)
            .map_or(0..0, |node| node.span.clone());
        let text = self.text.as_str().get(span.clone()).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default().trim_end();
        self.original(&(span.start..span.start + line.len().max(1)))
    }
}

impl Nodes {
    /// Reads the events into nodes, without recursion: however deep a document nests.
    fn read(text: &str) -> Self {
        let mut nodes = Self::default();
        let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let byte = |marker: &Marker| offsets.get(marker.index()).copied().unwrap_or(text.len());
        let mut open: Vec<usize> = Vec::new();
        let mut pending_keys: Vec<Option<usize>> = Vec::new();
        let shallow = too_deep(text).and_then(|end| text.get(..end));
        for event in Parser::new_from_str(shallow.unwrap_or(text)) {
            let Ok((event, span)) = event else { break };
            let span = byte(&span.start)..byte(&span.end);
            let (shape, anchor) = match event {
                Event::Scalar(text, style, anchor, _) => {
                    (Shape::Scalar(scalar(&text, style)), anchor)
                }
                Event::Alias(anchor) => (Shape::Alias(anchor), 0),
                Event::SequenceStart(anchor, _) => (Shape::Sequence(Vec::new()), anchor),
                Event::MappingStart(anchor, _) => (Shape::Mapping(Vec::new()), anchor),
                Event::SequenceEnd | Event::MappingEnd => {
                    pending_keys.pop();
                    if let Some(node) = open.pop().and_then(|node| nodes.all.get_mut(node)) {
                        node.span.end = span.start.max(node.span.end);
                    }
                    continue;
                }
                Event::DocumentEnd => break,
                Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_) => continue,
            };
            let node = nodes.all.len();
            let opens = matches!(shape, Shape::Sequence(_) | Shape::Mapping(_));
            nodes.all.push(Node { span, shape });
            if anchor != 0 {
                nodes.anchors.insert(anchor, node);
            }
            nodes.attach(node, open.last().copied(), pending_keys.last_mut());
            if opens {
                open.push(node);
                pending_keys.push(None);
            }
        }
        nodes
    }

    /// Puts a node into its collection: as an element, a key, or the value of the pending key.
    fn attach(
        &mut self,
        node: usize,
        parent: Option<usize>,
        pending_key: Option<&mut Option<usize>>,
    ) {
        let (Some(parent), Some(pending_key)) = (
            parent.and_then(|parent| self.all.get_mut(parent)),
            pending_key,
        ) else {
            return;
        };
        match &mut parent.shape {
            Shape::Sequence(elements) => elements.push(node),
            Shape::Mapping(entries) => match pending_key.take() {
                Some(key) => entries.push((key, node)),
                None => *pending_key = Some(node),
            },
            Shape::Scalar(_) | Shape::Alias(_) => {}
        }
    }
}

/// The part of a range that is in a text, from one character to another.
fn clamp(text: &str, range: &Range<usize>) -> Range<usize> {
    let bound = |at: usize| {
        let mut candidates = (0..=at.min(text.len())).rev();
        candidates
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(0)
    };
    let start = bound(range.start);
    start..bound(range.end).max(start)
}

fn scalar(text: &str, style: ScalarStyle) -> String {
    match style {
        // Their text is not in the document as it is: lines are joined and indentation is cut.
        ScalarStyle::Literal | ScalarStyle::Folded => String::new(),
        _ => text.to_owned(),
    }
}
