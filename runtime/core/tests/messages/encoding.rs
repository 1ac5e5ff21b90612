//! Messages as they are sent.

use crate::types::{Aim, Ping, Target, User};
use autumn_ws_core::messages::{Kind, Tag, Wire, encode};
use serde::{Serialize, Serializer, ser::Error};

/// The same fields with another envelope.
#[derive(Serialize)]
#[serde(transparent)]
struct In<T, const WIRE: usize>(T);

const WIRES: [Wire; 2] = [
    Wire {
        tag: "the \"op\"",
        ..Wire::DEFAULT
    },
    Wire {
        tag: "op",
        content: Some("d"),
        ..Wire::DEFAULT
    },
];

impl<T: Kind, const WIRE: usize> Kind for In<T, WIRE> {
    const TAG: Tag<'static> = T::TAG;
    const WIRE: Wire = WIRES[WIRE];
}

fn aim() -> Aim {
    let name = "A\"\u{1F44D}".to_owned();
    let at = Target::User(User { name });
    Aim { at }
}

#[test]
fn the_tag_comes_first() {
    let fields = "\"at\":{\"kind\":\"user\",\"name\":\"A\\\"\u{1F44D}\"}";
    assert_eq!(
        encode(&aim()).unwrap().as_str(),
        format!(r#"{{"type":"aim",{fields}}}"#)
    );
    assert_eq!(
        encode(&In::<_, 0>(aim())).unwrap().as_str(),
        format!(r#"{{"the \"op\"":"aim",{fields}}}"#)
    );
    assert_eq!(
        encode(&In::<_, 1>(aim())).unwrap().as_str(),
        format!(r#"{{"op":"aim","d":{{{fields}}}}}"#)
    );
}

#[test]
fn a_message_may_have_no_fields() {
    assert_eq!(encode(&Ping {}).unwrap().as_str(), r#"{"type":10}"#);
    assert_eq!(
        encode(&In::<_, 1>(Ping {})).unwrap().as_str(),
        r#"{"op":10,"d":{}}"#
    );
}

#[test]
fn what_is_not_an_object_is_an_error() {
    #[derive(Serialize)]
    struct Number(u8);
    impl Kind for Number {
        const TAG: Tag<'static> = Tag::Text("number");
    }
    let error = encode(&Number(7)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a message cannot be written as JSON: it is not an object"
    );
}

#[test]
fn a_type_that_fails_is_an_error() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("out of order"))
        }
    }
    impl Kind for Broken {
        const TAG: Tag<'static> = Tag::Text("broken");
    }
    let error = encode(&Broken).unwrap_err();
    assert!(error.to_string().ends_with("out of order"));
}
