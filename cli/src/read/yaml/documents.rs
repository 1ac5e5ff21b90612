//! Where one YAML document ends and the next one begins.

/// The line that begins a document.
const DOCUMENT: &str = "---";

/// The line that ends one.
const END: &str = "...";

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
    let (mut is_in_document, mut has_ended) = (false, false);
    for line in text.split_inclusive('\n') {
        let begins = is_marker(line, DOCUMENT);
        let has_content = has_content(Some(line));
        if (begins && is_in_document) || (has_content && has_ended) {
            return Some(at);
        }
        is_in_document |= begins || has_content;
        has_ended |= is_in_document && is_marker(line, END);
        at += line.len();
    }
    None
}

fn is_marker(line: &str, marker: &str) -> bool {
    let rest = line.strip_prefix(marker);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// Whether there is more than comments, directives and document markers.
fn has_content(text: Option<&str>) -> bool {
    let mut lines = text.unwrap_or_default().lines().map(str::trim);
    lines.any(|line| {
        !line.is_empty() && !line.starts_with(['#', '%']) && line != DOCUMENT && line != END
    })
}
