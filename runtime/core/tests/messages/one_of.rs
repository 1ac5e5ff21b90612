//! Values of one of several types.

use crate::types::{Aim, Any, HasRole, Role, Target, faults};
use autumn_ws_core::messages::decode;

#[test]
fn the_tag_may_come_last() {
    let text = r#"{"at":{"level":2.0,"role":"admin","kind":"role"},"type":"aim"}"#;
    let read = decode::<Any>(text).unwrap();
    let role = Target::Role(HasRole {
        role: Role::Admin,
        level: 2,
    });
    assert_eq!(read, Any::Aim(Aim { at: role }));
}

#[test]
fn places_lead_through_nested_ones() {
    let cases = [
        ("7", "at /at: must be an object"),
        ("{}", "at /at/kind: must be one of `user`, `role`, `nested`"),
        (
            r#"{"kind":7}"#,
            "at /at/kind: must be one of `user`, `role`, `nested`",
        ),
        (
            r#"{"kind":"root"}"#,
            "at /at/kind: must be one of `user`, `role`, `nested`",
        ),
        (r#"{"kind":"user"}"#, "at /at/name: must be present"),
        (
            r#"{"kind":"nested","targets":[{"kind":"nested","targets":[{"kind":"role","role":"admin","level":256}]}]}"#,
            "at /at/targets/0/targets/0/level: must be at most 255",
        ),
    ];
    for (target, expected) in cases {
        let text = format!(r#"{{"type":"aim","at":{target}}}"#);
        assert_eq!(faults(&text), [expected]);
    }
}

#[test]
fn any_deserializer_will_do() {
    let text = r#"{"kind":"nested","targets":[{"kind":"role","level":1.0,"role":"admin"}]}"#;
    let target: Target = serde_json::from_str(text).unwrap();
    let again: Target = serde_json::from_value(serde_json::to_value(&target).unwrap()).unwrap();
    assert_eq!(again, target);
    let error = serde_json::from_str::<Target>(r#"{"kind":"role","role":"admin","level":-1}"#);
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("at /level: must be at least 0"),
        "{error}"
    );
    let error = serde_json::from_str::<Target>(r#"{"kind":"user","name":{"a":1,"a":2}}"#);
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("at /name/a: must not be repeated"),
        "{error}"
    );
}
