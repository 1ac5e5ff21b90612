//! Diagnostics in the layout of rustc.

use crate::{
    characters::visible,
    diagnostic::{Diagnostic, Severity, code::Code, shown::Shown},
    place::{Part, Place},
    read::locate::Map,
    source::Source,
};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::{
    fmt::{self, Write as _},
    ops::Range,
    sync::Arc,
};

/// How many diagnostics are shown before the rest is only counted.
const MOST_SHOWN: usize = 100;

/// A line longer than this is not shown: it was not written by hand.
const LONGEST_LINE: usize = 2000;

/// The diagnostics of a run, located and printable.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    /// In the order of the specs, and in each from top to bottom.
    pub located: Vec<Located>,
    /// How many more there are, which nobody would read.
    pub more: usize,
}

/// A diagnostic whose places have become positions.
#[derive(Clone, Debug)]
pub struct Located {
    /// Whether it stops the run.
    pub severity: Severity,
    /// The stable code.
    pub code: Code,
    /// The headline.
    pub message: String,
    /// Where: the mistake itself first, then other places that matter.
    pub marks: Vec<Mark>,
    /// What to do.
    pub help: Option<String>,
}

/// A position and what to say there.
#[derive(Clone, Debug)]
pub struct Mark {
    /// The file.
    pub path: String,
    /// Its text, as it is shown.
    text: Arc<Shown>,
    /// The bytes that are meant.
    pub span: Range<usize>,
    /// The line, counted from one.
    pub line: usize,
    /// The column in characters, counted from one.
    pub column: usize,
    /// What to say there.
    pub label: String,
}

impl Diagnostics {
    /// Locates diagnostics in their sources.
    #[must_use]
    pub fn new(sources: &[Source], diagnostics: &[Diagnostic]) -> Self {
        if diagnostics.is_empty() {
            return Self::default();
        }
        let mut texts = Texts::new(sources);
        // Beside errors, a warning may only be their consequence.
        let has_errors = diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error);
        let mut located: Vec<(usize, usize, Located)> = diagnostics
            .iter()
            .filter(|diagnostic| !has_errors || diagnostic.severity == Severity::Error)
            .take(MOST_SHOWN)
            .map(|diagnostic| {
                let located = texts.located(diagnostic);
                (
                    diagnostic.place.source(),
                    located.marks.first().map_or(0, |mark| mark.span.start),
                    located,
                )
            })
            .collect();
        located.sort_by_key(|(source, at, _)| (*source, *at));
        // What an alias means is read at each of its uses, but is wrong once.
        located.dedup_by(|(_, _, one), (_, _, other)| one.is_same(other));
        Self {
            located: located.into_iter().map(|(_, _, located)| located).collect(),
            more: diagnostics.len().saturating_sub(MOST_SHOWN),
        }
    }

    /// Whether any of them stops the run.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.located
            .iter()
            .any(|located| located.severity == Severity::Error)
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.located.is_empty()
    }

    /// The text for people, with the escapes of a terminal where `styled`.
    #[must_use]
    pub fn render(&self, styled: bool) -> String {
        let renderer = if styled {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let mut out = String::new();
        for located in &self.located {
            out.push_str(&located.in_place(renderer.render(&[located.group()])));
            out.push_str("\n\n");
        }
        if self.more > 0 {
            let _ = writeln!(out, "… and {} more\n", self.more);
        }
        out
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl Located {
    fn is_same(&self, other: &Self) -> bool {
        let marks = |located: &Self| {
            let spans = located
                .marks
                .iter()
                .map(|mark| (mark.path.clone(), mark.span.clone()));
            spans.collect::<Vec<_>>()
        };
        self.code == other.code && self.message == other.message && marks(self) == marks(other)
    }

    /// The text with the columns of the file, and not those of the lines as they are shown.
    fn in_place(&self, text: String) -> String {
        let moved = self.marks.iter().filter(|mark| mark.is_shown());
        let moved = moved.filter(|mark| mark.shown_column() != mark.column);
        moved.fold(text, |text, mark| {
            let place = |column| format!("{}:{}:{column}", mark.path, mark.line);
            text.replacen(&place(mark.shown_column()), &place(mark.column), 1)
        })
    }

    fn group(&self) -> Group<'_> {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = level
            .primary_title(&self.message)
            .id(self.code.as_str())
            .elements(std::iter::empty::<annotate_snippets::Origin>());
        let mut rest = self.marks.as_slice();
        while let Some(first) = rest.first() {
            let same = rest
                .iter()
                .take_while(|mark| mark.path == first.path)
                .count();
            let (here, others) = rest.split_at(same);
            let is_main = rest.len() == self.marks.len();
            group = if first.is_shown() {
                group.element(snippet(here, is_main))
            } else {
                group.element(
                    annotate_snippets::Origin::path(first.path.as_str())
                        .line(first.line)
                        .char_column(first.column),
                )
            };
            rest = others;
        }
        let unshown = self
            .marks
            .iter()
            .find(|mark| !mark.is_shown() && !mark.label.is_empty());
        if let Some(mark) = unshown {
            group = group.element(Level::NOTE.message(mark.label.as_str()));
        }
        match &self.help {
            Some(help) => group.element(Level::HELP.message(help)),
            None => group,
        }
    }
}

fn snippet(marks: &[Mark], is_main: bool) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let (path, text) = marks
        .first()
        .map_or(("", ""), |mark| (mark.path.as_str(), mark.text.as_str()));
    let annotations = marks.iter().enumerate().map(|(index, mark)| {
        let kind = if is_main && index == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        kind.span(mark.text.span(&mark.span))
            .label(mark.label.as_str())
    });
    Snippet::source(text).path(path).annotations(annotations)
}

impl Mark {
    /// The column in the line as it is shown, where escapes take more room.
    fn shown_column(&self) -> usize {
        let start = self.text.span(&self.span).start;
        let before = self.text.as_str().get(..start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.chars().count() + 1
    }

    /// Whether there is a line to show, and one that people can read.
    fn is_shown(&self) -> bool {
        let line = self.text.as_str().lines().nth(self.line.saturating_sub(1));
        line.is_some_and(|line| line.len() <= LONGEST_LINE)
    }
}

/// The texts of a run, each mapped when the first diagnostic asks for it.
struct Texts<'a> {
    sources: &'a [Source],
    maps: Vec<Option<(Arc<Shown>, Map<'a>)>>,
}

impl<'a> Texts<'a> {
    fn new(sources: &'a [Source]) -> Self {
        Self {
            sources,
            maps: sources.iter().map(|_| None).collect(),
        }
    }

    fn located(&mut self, diagnostic: &Diagnostic) -> Located {
        let main = std::iter::once((&diagnostic.place, &diagnostic.label));
        let related = diagnostic
            .related
            .iter()
            .map(|(place, label)| (place, label));
        Located {
            severity: diagnostic.severity,
            code: diagnostic.code,
            message: visible(&diagnostic.message).into_owned(),
            marks: main
                .chain(related)
                .filter_map(|(place, label)| self.mark(place, label))
                .collect(),
            help: diagnostic
                .help
                .as_deref()
                .map(|help| visible(help).into_owned()),
        }
    }

    fn mark(&mut self, place: &Place, label: &str) -> Option<Mark> {
        let source = self.sources.get(place.source())?;
        let text = source.text.as_deref().unwrap_or_default();
        let map = self.maps.get_mut(place.source())?;
        let (shown, map) = map.get_or_insert_with(|| (Arc::new(Shown::new(text)), Map::new(text)));
        // The whole of a document is meant: its first line stands for it.
        let is_document = place.steps().is_empty() && !matches!(place.meant(), Part::Within(_));
        let span = if is_document {
            0..text.lines().next().map_or(0, str::len)
        } else {
            map.find(place)
        };
        // A mistake at the end of the text, after its last line, is shown at the end of that line.
        let last = text.trim_end().len();
        let span = if span.start > last { last..last } else { span };
        let before = text.get(..span.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Some(Mark {
            path: source.path.clone(),
            span: span.clone(),
            line: before.matches('\n').count() + 1,
            column: before
                .get(line_start..)
                .map_or(1, |line| line.chars().count() + 1),
            label: visible(label).into_owned(),
            text: shown.clone(),
        })
    }
}
