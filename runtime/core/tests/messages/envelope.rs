//! What stands around the content of a message.

use crate::types::{Any, Ping, faults, faults_in};
use autumn_ws_core::messages::{Body, Incoming, Invalid, Tag, Wire, decode};

/// The same messages in another envelope.
#[derive(Debug, PartialEq)]
struct Enveloped(Any);

impl Incoming for Enveloped {
    const WIRE: Wire = Wire {
        tag: "op",
        id: "nonce",
        content: Some("d"),
        built_in: true,
    };

    fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        Any::read(tag, body).map(Self)
    }
}

#[test]
fn the_tag_may_be_a_number() {
    for tag in ["10", "10.0"] {
        let text = format!(r#"{{"type":{tag},"$id":null}}"#);
        assert_eq!(decode::<Any>(&text).unwrap(), Any::Ping(Ping {}));
    }
    for tag in ["\"10\"", "11", "\"\""] {
        let text = format!(r#"{{"type":{tag},"$id":7}}"#);
        let invalid = decode::<Any>(&text).unwrap_err();
        assert!(invalid.is_unknown_kind());
        assert_eq!(format!("{:?}", invalid.id().unwrap()), "7");
        let unknown = "at /type: must be a kind of message that is accepted here";
        assert_eq!(invalid.faults()[0].to_string(), unknown);
    }
}

#[test]
fn a_message_without_a_tag_is_invalid() {
    let cases = [
        ("7", "must be an object"),
        ("[]", "must be an object"),
        ("{}", "at /type: must be present"),
        (
            r#"{"type":true}"#,
            "at /type: must be a string or an integer",
        ),
        (
            r#"{"type":1.5}"#,
            "at /type: must be a string or an integer",
        ),
        (
            r#"{"type":1e300}"#,
            "at /type: must be a string or an integer",
        ),
        ("{", "must be JSON"),
    ];
    for (text, expected) in cases {
        assert_eq!(faults(text), [expected]);
        assert!(!decode::<Any>(text).unwrap_err().is_unknown_kind());
    }
}

#[test]
fn a_request_has_an_id() {
    let ask = |id: &str| format!(r#"{{"type":"ask"{id},"at":{{"kind":"user","name":"x"}}}}"#);
    let read = decode::<Any>(&ask(r#","$id":"a""#)).unwrap();
    assert!(matches!(read, Any::Ask(id, _) if format!("{id:?}") == "\"a\""));
    assert_eq!(faults(&ask("")), ["at /$id: must be present"]);
    let expected = "at /$id: must be an integer or a string of at most 64 bytes";
    assert_eq!(faults(&ask(r#","$id":null"#)), [expected]);
}

#[test]
fn the_content_may_have_a_field_of_its_own() {
    let text = r#"{"d":{"at":{"kind":"user","name":"x"}},"nonce":7,"op":"ask"}"#;
    let read = decode::<Enveloped>(text).unwrap();
    assert!(matches!(read, Enveloped(Any::Ask(id, _)) if format!("{id:?}") == "7"));
    let cases = [
        (
            r#"{"op":"aim","d":{"at":5}}"#,
            "at /d/at: must be an object",
        ),
        (r#"{"op":"aim","d":5}"#, "at /d: must be an object"),
        (r#"{"op":"aim","at":5}"#, "at /d/at: must be present"),
        (r#"{"op":"ask","d":{}}"#, "at /nonce: must be present"),
        (
            r#"{"op":"who"}"#,
            "at /op: must be a kind of message that is accepted here",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(faults_in::<Enveloped>(text), [expected]);
    }
    assert_eq!(
        decode::<Enveloped>(r#"{"op":10}"#).unwrap(),
        Enveloped(Any::Ping(Ping {}))
    );
}

#[test]
fn the_answer_has_the_form_of_the_contract() {
    let text = format!(r#"{{"type":"aim","at":{{"kind":"{}"}}}}"#, "x".repeat(100));
    let invalid = decode::<Any>(&text).unwrap_err();
    assert_eq!(
        serde_json::to_string(&invalid).unwrap(),
        r#"{"errors":[{"at":"/at/kind","must":"be one of `user`, `role`, `nested`"}]}"#
    );
}
