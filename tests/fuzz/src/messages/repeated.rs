//! What `serde_json` does not see: repeated keys, and how deep a text is.

use std::collections::HashSet;

/// Whether a text that is JSON has at most 64 levels, and no key twice in one object.
pub fn is_plain(json: &str) -> bool {
    let mut open: Vec<Option<HashSet<String>>> = Vec::new();
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let mut taken = first.len_utf8();
        match first {
            '{' => open.push(Some(HashSet::new())),
            '[' => open.push(None),
            '}' | ']' => drop(open.pop()),
            '"' => {
                taken = string(rest);
                let (text, after) = rest.split_at(taken);
                let is_key = after.trim_start().starts_with(':');
                let key = serde_json::from_str(text).expect("a string");
                if is_key && !open.last_mut().is_some_and(|keys| insert(keys, key)) {
                    return false;
                }
            }
            _ => {}
        }
        if open.len() > 64 {
            return false;
        }
        rest = &rest[taken..];
    }
    true
}

fn insert(keys: &mut Option<HashSet<String>>, key: String) -> bool {
    keys.as_mut().is_some_and(|keys| keys.insert(key))
}

/// The length of the string that a text begins with.
fn string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    unreachable!("a string of JSON has an end");
}
