//! Links from one file of the repository to another.

use crate::nothing_wrong;
use document_tests::markdown::{Document, documents};
use std::fs;

#[test]
fn links_lead_somewhere() {
    let documents = documents();
    nothing_wrong(&documents.iter().flat_map(check).collect::<Vec<_>>());
}

/// What is wrong with the links of a document.
fn check(document: &Document) -> Vec<String> {
    let prose = document.prose();
    let links = prose
        .iter()
        .flat_map(|(line, text)| links(text).map(move |link| (line, link)));
    let wrong = links.filter_map(|(line, link)| {
        let what = wrong(document, link)?;
        Some(format!("{}:{line}: {what}", document.path))
    });
    wrong.collect()
}

/// What is wrong with a link of a document.
fn wrong(document: &Document, link: &str) -> Option<String> {
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => document.file.clone(),
        path => document.file.parent()?.join(path),
    };
    if !target.exists() {
        return Some(format!("there is no `{path}`"));
    }
    let is_markdown = target.extension().is_some_and(|end| end == "md");
    if anchor.is_empty() || !is_markdown {
        return None;
    }
    let text = fs::read_to_string(&target).unwrap();
    let target = Document {
        text,
        ..document.clone()
    };
    let is_there = target
        .prose()
        .iter()
        .any(|(_, line)| has_anchor(line, anchor));
    (!is_there).then(|| format!("no heading for `#{anchor}`"))
}

/// The targets in a line that lie in the repository.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.match_indices("](").map(|(at, sign)| at + sign.len());
    let targets = starts.filter_map(|at| line[at..].split([')', ' ']).next());
    targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
}

/// Whether a line has this anchor: one of its own, or the one that GitHub gives a heading.
fn has_anchor(line: &str, anchor: &str) -> bool {
    if line.contains(&format!("<a id=\"{anchor}\">")) {
        return true;
    }
    let Some(heading) = line.strip_prefix('#') else {
        return false;
    };
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    heading
        .chars()
        .filter(is_kept)
        .collect::<String>()
        .replace(' ', "-")
        == anchor
}
