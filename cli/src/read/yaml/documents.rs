//! Where one YAML document ends and the next one begins.

/// The line that begins a document.
const DOCUMENT: &str = "---";

/// The text without documents that have nothing in them, after the first one.
pub(super) fn first(text: &str) -> &str {
    match second(text) {
        Some(at) if has_content(text.get(at + DOCUMENT.len()..)) => text,
        Some(at) => text.get(..at).unwrap_or(text),
        None => text,
    }
}

/// Where a document begins after the first one.
pub(super) fn second(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut is_in_document = false;
    for line in text.split_inclusive('\n') {
        let rest = line.strip_prefix(DOCUMENT);
        let is_marker =
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']));
        if is_marker && is_in_document {
            return Some(at);
        }
        is_in_document |= is_marker || has_content(Some(line));
        at += line.len();
    }
    None
}

/// Whether there is more than comments, directives and document markers.
fn has_content(text: Option<&str>) -> bool {
    let mut lines = text.unwrap_or_default().lines().map(str::trim);
    lines.any(|line| {
        !line.is_empty() && !line.starts_with(['#', '%']) && line != DOCUMENT && line != "..."
    })
}
