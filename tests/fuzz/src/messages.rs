//! Typed messages: any text is decoded as a second decoder does, or refused with places that are true.
//!
//! The second one is `serde_json` with a naive checker: it takes the whole text as a `Value`, and walks
//! through that with the spec in mind.

mod incoming;
mod reference;
mod repeated;

use autumn_ws::messages::{Fault, decode};
use incoming::Incoming;
use serde_json::Value;

/// Decodes the input, and panics if a promise is broken:
///
/// * nothing panics, and what the reference takes is taken with the same values, nothing else is;
/// * a text is refused with 1 to 8 places, short ones, which exist in the text or are missing fields;
/// * no answer has a word of the text in it, except for keys in places.
pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let reference = reference::read(text);
    match decode::<Incoming>(text) {
        Ok(message) => {
            let expected = reference.unwrap_or_else(|| panic!("the reference refuses {text}"));
            assert_eq!(message.into_json(), expected, "{text}");
        }
        Err(invalid) => {
            assert_eq!(reference, None, "{invalid}");
            check_faults(text, invalid.faults());
        }
    }
}

fn check_faults(text: &str, faults: &[Fault]) {
    assert!((1..=8).contains(&faults.len()), "{faults:?}");
    let value = serde_json::from_str::<Value>(text).ok();
    // What stands at a repeated key is lost in the value.
    let value = value.filter(|_| repeated::is_plain(text));
    for fault in faults {
        assert!(fault.at().len() <= 1024 && fault.must().len() <= 100);
        assert!(is_known(fault.must()), "{fault}");
        let parent = fault.at().rsplit_once('/').map_or("", |(parent, _)| parent);
        if let Some(value) = &value {
            assert!(value.pointer(parent).is_some(), "{fault}");
        } else {
            // The text is not JSON, is too deep, or repeats a key.
            assert_eq!(faults.len(), 1);
        }
    }
}

/// What an answer may say: nothing in it comes from the text.
fn is_known(must: &str) -> bool {
    const WHOLE: &[&str] = &[
        "be JSON",
        "be an object",
        "be an array",
        "be a string",
        "be a string in base64",
        "be an integer",
        "be a number",
        "be a number of 32 bits",
        "be true or false",
        "be present",
        "not be repeated",
        "be at most 64 levels deep",
        "be a string or an integer",
        "be an integer or a string of at most 64 bytes",
        "be an integer of 64 bits, or one in a string",
        "be an unsigned integer of 64 bits, or one in a string",
        "be a kind of message that is accepted here",
        "be one of `admin`, `over-size`",
        "be one of `user`, `place`, `pair`",
    ];
    let is_bound = || {
        let bounds = [
            "be at least ",
            "be at most ",
            "have at least ",
            "have at most ",
        ];
        let rest = bounds.iter().find_map(|bound| must.strip_prefix(bound));
        let words = rest.map(|rest| rest.split(' ').collect::<Vec<_>>());
        words.is_some_and(|words| match words.as_slice() {
            [number] => number.parse::<f64>().is_ok(),
            [number, unit] => {
                let units = ["character", "byte", "item"];
                number.parse::<u64>().is_ok() && units.contains(&unit.trim_end_matches('s'))
            }
            _ => false,
        })
    };
    WHOLE.contains(&must) || is_bound()
}
