//! Input that is made to cost much.

use crate::types::{Any, faults};
use autumn_ws_core::messages::decode;
use std::fmt::Write;

/// A message of about a mebibyte: an unknown field with `part` again and again.
fn repeated(part: &str) -> String {
    let parts = vec![part; 1024 * 1024 / (part.len() + 1)];
    format!(r#"{{"x":[{}],"type":10}}"#, parts.join(","))
}

#[test]
fn unknown_fields_are_read_and_ignored() {
    for part in ["{}", "[]", "0", "\"\"", "{\"a\":{}}", "1e5", "\"\\u00e4\""] {
        assert!(decode::<Any>(&repeated(part)).is_ok(), "{part}");
    }
}

#[test]
fn unknown_fields_have_to_be_json_without_repeated_keys() {
    let text = r#"{"type":10,"x":[{},{"a":1,"a":1}]}"#;
    assert_eq!(faults(text), ["at /x/1/a: must not be repeated"]);
    for broken in ["\"\\ud800\"", "1e400", "01", "'a'", "[", "\"\u{1}\""] {
        let text = format!(r#"{{"type":10,"x":{broken}}}"#);
        assert_eq!(faults(&text), ["must be JSON"], "{broken}");
    }
}

#[test]
fn deep_nesting_is_refused_without_a_stack_overflow() {
    for (open, close) in [("[", "]"), (r#"{"x":"#, "}")] {
        let text = |levels: usize| {
            let inside = if open == "[" { "" } else { "0" };
            let x = open.repeat(levels) + inside + &close.repeat(levels);
            format!(r#"{{"type":10,"x":{x}}}"#)
        };
        assert!(decode::<Any>(&text(63)).is_ok());
        for levels in [64, 100_000] {
            let fault = faults(&text(levels)).remove(0);
            assert!(
                fault.ends_with(": must be at most 64 levels deep"),
                "{fault}"
            );
        }
    }
}

#[test]
fn a_hundred_thousand_keys_are_one_object() {
    let mut text = r#"{"type":10"#.to_owned();
    for key in 0..100_000 {
        write!(text, r#","{key}":0"#).unwrap();
    }
    assert!(decode::<Any>(&format!("{text}}}")).is_ok());
    text.push_str(r#","99999":0}"#);
    assert_eq!(faults(&text), ["at /99999: must not be repeated"]);
}

#[test]
fn the_answer_to_a_large_message_is_small() {
    let key = "k".repeat(1024 * 1024);
    let text = format!(r#"{{"type":"every","map":{{"{key}":5}}}}"#);
    assert_eq!(faults(&text), ["at /map: must be an object"]);
}
