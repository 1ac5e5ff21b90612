//! "Did you mean …?"

/// The candidate closest to `word`, if one is close enough to have been meant.
#[must_use]
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const ALIKE: f64 = 0.75;
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let score = strsim::jaro_winkler(&word.to_lowercase(), &candidate.to_lowercase()).max(
            1.0 - length(strsim::damerau_levenshtein(word, candidate)) / length(word.len().max(1)),
        );
        if score > ALIKE && best.is_none_or(|(so_far, _)| score > so_far) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A help line that names the candidate closest to `word`, or else all of them.
#[must_use]
pub fn did_you_mean(word: &str, what: &str, candidates: &[&str]) -> Option<String> {
    match closest(word, candidates.iter().copied()) {
        Some(candidate) => Some(format!("did you mean `{candidate}`?")),
        None if candidates.is_empty() => None,
        None => Some(format!("{what}: {}", list(candidates))),
    }
}

/// `` `a`, `b` or `c` ``
#[must_use]
pub fn alternatives(words: &[&str]) -> String {
    either(words.iter().map(|word| format!("`{word}`")).collect())
}

/// "a, b or c"
#[must_use]
pub fn either(mut parts: Vec<String>) -> String {
    match parts.pop() {
        Some(last) if !parts.is_empty() => format!("{} or {last}", parts.join(", ")),
        only => only.unwrap_or_default(),
    }
}

/// `` `a`, `b`, `c` ``
#[must_use]
pub fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

fn length(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
