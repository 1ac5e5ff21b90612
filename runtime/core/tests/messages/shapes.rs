//! What is said about a value of the wrong shape, and where.

use crate::types::{Any, Role, every, faults};
use autumn_ws_core::{Bytes, messages::decode};
use serde_json::{Value, json};

/// What is wrong with the message in which one value is another one.
fn with(pointer: &str, value: Value) -> String {
    let mut message = every();
    *message.pointer_mut(pointer).unwrap() = value;
    let faults = faults(&message.to_string());
    assert_eq!(faults.len(), 1, "the first place only: {faults:?}");
    faults[0].clone()
}

#[test]
fn a_message_with_every_type_is_read() {
    let read = decode::<Any>(&every().to_string()).unwrap();
    let Any::Every(every) = read else {
        panic!("{read:?}");
    };
    assert_eq!(every.int, 5);
    assert_eq!(every.big, i64::MIN);
    assert_eq!(every.counts["a"], [1, 2]);
    assert_eq!(every.data, Bytes::from_static(b"\xff\xef"));
    assert_eq!(every.json, json!({"any": [null, 1.5, -3]}));
    assert_eq!(every.list, [Role::Admin, Role::OverSize]);
    assert_eq!(
        (every.maybe, every.maybe_big, every.nullable),
        (None, None, None)
    );
}

#[test]
fn the_place_and_what_must_be_there_are_reported() {
    let cases = [
        ("/text", json!(5), "at /text: must be a string"),
        ("/is", json!("true"), "at /is: must be true or false"),
        ("/int", json!(5.5), "at /int: must be an integer"),
        ("/int", json!("5"), "at /int: must be an integer"),
        ("/tiny", json!(-129), "at /tiny: must be at least -128"),
        ("/tiny", json!(1e300), "at /tiny: must be at most 127"),
        ("/byte", json!(-1), "at /byte: must be at least 0"),
        ("/byte", json!(256.0), "at /byte: must be at most 255"),
        (
            "/single",
            json!(1e39),
            "at /single: must be a number of 32 bits",
        ),
        ("/double", json!("1"), "at /double: must be a number"),
        (
            "/big",
            json!("9223372036854775808"),
            "at /big: must be an integer of 64 bits, or one in a string",
        ),
        (
            "/big",
            json!(true),
            "at /big: must be an integer of 64 bits, or one in a string",
        ),
        (
            "/big",
            json!("+1"),
            "at /big: must be an integer of 64 bits, or one in a string",
        ),
        (
            "/counts/a/1",
            json!(-1),
            "at /counts/a/1: must be an unsigned integer of 64 bits, or one in a string",
        ),
        (
            "/data",
            json!("a*b="),
            "at /data: must be a string in base64",
        ),
        ("/data", json!([1]), "at /data: must be a string"),
        ("/list", json!({}), "at /list: must be an array"),
        (
            "/list/1",
            json!("root"),
            "at /list/1: must be one of `admin`, `over-size`",
        ),
        (
            "/list/1",
            json!(7),
            "at /list/1: must be one of `admin`, `over-size`",
        ),
        ("/map", json!([]), "at /map: must be an object"),
        ("/map/x", json!(null), "at /map/x: must be an object"),
        ("/map/x", json!({}), "at /map/x/name: must be present"),
        ("/nullable", json!(1), "at /nullable: must be an object"),
        (
            "/tree/left/children",
            json!([{}]),
            "at /tree/left/children/0/children: must be present",
        ),
    ];
    for (pointer, value, expected) in cases {
        assert_eq!(with(pointer, value), expected);
    }
}

#[test]
fn the_offending_value_is_never_in_the_answer() {
    for pointer in [
        "/text", "/is", "/big", "/list/0", "/map/x", "/data", "/tree", "/type",
    ] {
        for value in [
            json!({"secret": "secret"}),
            json!(["secret"]),
            json!("secret!"),
        ] {
            let mut message = every();
            *message.pointer_mut(pointer).unwrap() = value;
            let text = message.to_string();
            if let Err(invalid) = decode::<Any>(&text) {
                assert!(!invalid.to_string().contains("secret"), "{invalid}");
            }
        }
    }
}

#[test]
fn a_field_is_missing_unless_it_may_be_absent() {
    for field in ["text", "int", "big", "json", "nullable", "tree"] {
        let mut message = every();
        message.as_object_mut().unwrap().remove(field).unwrap();
        let expected = format!("at /{field}: must be present");
        assert_eq!(faults(&message.to_string()), [expected]);
    }
}

#[test]
fn null_counts_as_absent() {
    let mut message = every();
    message["maybe"] = Value::Null;
    message["maybe_big"] = Value::Null;
    assert!(decode::<Any>(&message.to_string()).is_ok());
}

#[test]
fn broken_ranges_are_reported_together() {
    let mut message = every();
    message["text"] = json!("x".repeat(501));
    message["int"] = json!(9_007_199_254_740_992_i64);
    message["map"]["x"]["name"] = json!("");
    message["nullable"] = json!({"name": "x".repeat(41)});
    assert_eq!(
        faults(&message.to_string()),
        [
            "at /text: must have at most 500 characters",
            "at /int: must be at most 9007199254740991",
            "at /map/x/name: must have at least 1 character",
            "at /nullable/name: must have at most 40 characters",
        ]
    );
}
