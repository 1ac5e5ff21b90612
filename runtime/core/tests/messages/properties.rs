//! Any values, against `serde_json` as a second decoder.

use crate::types::{Any, Every, Role, Tree, User};
use autumn_ws_core::{
    Bytes,
    messages::{decode, encode},
};
use proptest::{
    collection::{btree_map, vec},
    prelude::{Just, ProptestConfig, Strategy, any, prop_oneof},
    proptest,
};
use serde_json::{Map, Number, Value};

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..12).prop_map(String::from_iter)
}

fn user() -> impl Strategy<Value = User> {
    vec(any::<char>(), 1..40).prop_map(|name| User {
        name: String::from_iter(name),
    })
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = Just(Tree {
        left: None,
        children: Vec::new(),
    });
    leaf.prop_recursive(8, 32, 4, |inner| {
        let left = proptest::option::of(inner.clone().prop_map(Box::new));
        (left, vec(inner, 0..4)).prop_map(|(left, children)| Tree { left, children })
    })
}

fn json() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("finite", Number::from_f64),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number.prop_map(Value::Number),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 48, 12, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..12).prop_map(Value::Array),
            btree_map(text(), inner, 0..12)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn every() -> impl Strategy<Value = Every> {
    let numbers = (
        -9_007_199_254_740_991..=9_007_199_254_740_991_i64,
        any::<i8>(),
        any::<u8>(),
        any::<f32>().prop_filter("finite", |value| value.is_finite()),
        any::<f64>().prop_filter("finite", |value| value.is_finite()),
        any::<i64>(),
    );
    let maps = (
        btree_map(text(), vec(any::<u64>(), 0..3), 0..3),
        btree_map(text(), user(), 0..12),
    );
    let role = prop_oneof![Just(Role::Admin), Just(Role::OverSize)];
    let lists = (vec(any::<u8>(), 0..20), vec(role, 0..4));
    let options = (
        proptest::option::of(text()),
        proptest::option::of(any::<u64>()),
        proptest::option::of(user()),
    );
    let all = (
        text(),
        any::<bool>(),
        numbers,
        maps,
        lists,
        options,
        json(),
        tree(),
    );
    all.prop_map(
        |(text, is, numbers, maps, lists, options, json, tree)| Every {
            text,
            is,
            int: numbers.0,
            tiny: numbers.1,
            byte: numbers.2,
            single: numbers.3,
            double: numbers.4,
            big: numbers.5,
            counts: maps.0,
            map: maps.1,
            data: Bytes::from(lists.0),
            list: lists.1,
            maybe: options.0,
            maybe_big: options.1,
            nullable: options.2,
            json,
            tree,
        },
    )
}

/// Replaces one of the values somewhere inside.
fn replace(value: &mut Value, path: &[usize], by: Value) {
    let Some((first, path)) = path.split_first() else {
        *value = by;
        return;
    };
    let inside: Vec<_> = match value {
        Value::Array(array) => array.iter_mut().collect(),
        Value::Object(object) => object.values_mut().collect(),
        _ => Vec::new(),
    };
    let len = inside.len();
    match inside.into_iter().nth(first % len.max(1)) {
        Some(inner) => replace(inner, path, by),
        None => *value = by,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_encoded_is_decoded_to_the_same(every in every()) {
        let text = encode(&every).unwrap();
        let read = decode::<Any>(&text).unwrap();
        assert_eq!(read, Any::Every(Box::new(every.clone())));
        let mut value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value.as_object_mut().unwrap().remove("type").unwrap(), "every");
        let other = serde_json::to_string(&every).unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(&other).unwrap());
    }

    #[test]
    fn both_decoders_take_the_same_messages(
        every in every(),
        path in vec(any::<usize>(), 1..4),
        by in json(),
    ) {
        let mut value = serde_json::to_value(&every).unwrap();
        value["type"] = "every".into();
        replace(&mut value, &path, by);
        value["type"] = "every".into();
        let text = value.to_string();
        let other = serde_json::from_str::<Every>(&text);
        match (decode::<Any>(&text), other) {
            (Ok(read), Ok(other)) => assert_eq!(read, Any::Every(Box::new(other))),
            // The other decoder checks no ranges, and takes an array for a struct.
            (Err(invalid), Ok(_)) => for fault in invalid.faults() {
                let must = fault.must();
                let is_range = must.starts_with("have at ") || must.starts_with("be at ");
                assert!(is_range || must == "be an object", "{invalid}");
            },
            // The other decoder takes `5.0` for no integer.
            (Ok(_), Err(error)) => assert!(error.to_string().contains("floating point"), "{error}"),
            (Err(invalid), Err(_)) => assert_eq!(invalid.faults().len(), 1),
        }
    }

    #[test]
    fn any_text_is_json_for_both_decoders_or_for_none(text in "[\\[\\]{}:,\" 0-9a-c.eE+\\-\\\\un]{0,40}") {
        let invalid = decode::<Any>(&text).unwrap_err();
        let is_json = invalid.faults()[0].must() != "be JSON";
        assert_eq!(is_json, serde_json::from_str::<Value>(&text).is_ok(), "{text}");
    }
}
