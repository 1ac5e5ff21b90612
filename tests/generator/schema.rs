//! The JSON Schema of specs, tried with a validator that is not ours, and the reference page.

use crate::support::{Project, repository, specs, stem};
use autumn_gen::{Discovered, Surroundings, generate_from};
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{fs, path::Path};

/// Specs in `specs/invalid/` that no schema can refuse, because they are not YAML that can be read.
const NOT_YAML: &[&str] = &[
    "after_the_end",
    "alias_bomb",
    "block_nesting",
    "byte_order_mark",
    "conflict",
    "control_character",
    "dash",
    "duplicate_keys",
    "flow_braces",
    "full_width",
    "late_duplicate",
    "lone_surrogate",
    "merge_of_numbers",
    "merge_of_text",
    "no_break_space",
    "no_break_space_after_colon",
    "no_space",
    "static_reference",
    "syntax",
    "tab",
    "two_documents",
    "unknown_anchor",
    "unquoted_number",
    "yaml_words",
];

/// Specs in `specs/invalid/` that are well formed, and why they are wrong all the same.
const BEYOND_A_SCHEMA: &[(&str, &str)] = &[
    ("types_of_other_languages", "knows which types are in scope"),
    ("device_names", "knows which endpoints have a file"),
    ("channels_overlap", "compares the patterns of two names"),
    ("endless_types", "follows types to others"),
    (
        "examples",
        "compares a value with the type that the spec declares",
    ),
    ("heartbeat", "compares two durations"),
    ("hidden_types", "compares names with those in Rust types"),
    ("names_collide", "compares what two names become in Rust"),
    ("names_hide_types", "knows what generated code names"),
    ("no_endpoints", "looks at several sections"),
    ("params", "compares a name with the path"),
    ("paths_overlap", "compares two paths"),
    ("reserved_names", "knows what generated code names"),
    ("type_texts", "compares names with those of types"),
    ("typed_names", "compares two sections"),
    ("unfilled_channels", "compares placeholders with the path"),
    ("unfilled_fields", "compares placeholders with the path"),
    (
        "unknown_channels",
        "compares a name with the keys of `channels`",
    ),
];

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&autumn_gen::json_schema()).unwrap();
    jsonschema::draft202012::meta::validate(&schema).expect("the schema itself is valid");
    jsonschema::draft202012::new(&schema).unwrap()
}

/// A spec as an editor sees it: anchors, aliases and merge keys resolved.
fn document(spec: &Path) -> Option<Value> {
    let text = fs::read_to_string(spec).ok()?;
    if let Ok(document) = serde_json::from_str(&text) {
        return Some(document);
    }
    let documents = serde_yaml::Deserializer::from_str(&text).map(serde_yaml::Value::deserialize);
    let mut documents: Vec<serde_yaml::Value> = documents.collect::<Result<_, _>>().ok()?;
    // The end of the first document may be marked.
    documents.retain(|document| !document.is_null());
    let mut document = match documents.len() {
        0 | 1 => documents.pop().unwrap_or_default(),
        _ => return None,
    };
    document.apply_merge().ok()?;
    serde_json::to_value(document).ok()
}

#[test]
fn the_schema_accepts_every_good_spec() {
    let validator = validator();
    let folders = [
        "specs",
        "examples/chat/specs",
        "examples/feed/specs",
        "examples/shop/specs",
        "examples/support/specs",
        "examples/ws-echo/specs",
        "cli/templates/new/specs",
        "tests/bench/servers/autumn-gen/specs",
        "tests/faults/specs",
        "tests/fuzz/specs",
        "tests/soak/specs",
        "tests/wire/default-state/specs",
        "tests/wire/specs",
    ];
    for spec in folders.into_iter().flat_map(specs) {
        let document = document(&spec).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", spec.display());
    }
}

/// How a spec in `specs/invalid/` fares.
fn verdict(validator: &Validator, spec: &Path) -> &'static str {
    match document(spec) {
        None => "not YAML",
        Some(document) if validator.is_valid(&document) => "taken",
        Some(_) => "refused",
    }
}

#[test]
fn the_schema_refuses_every_invalid_spec_that_a_schema_can_refuse() {
    let validator = validator();
    let expected = |name: &str| {
        if NOT_YAML.contains(&name) {
            "not YAML"
        } else if BEYOND_A_SCHEMA.iter().any(|(beyond, _)| *beyond == name) {
            "taken"
        } else {
            "refused"
        }
    };
    let surprises: Vec<String> = specs("specs/invalid")
        .iter()
        .map(|spec| (stem(spec), verdict(&validator, spec)))
        .filter(|(name, verdict)| expected(name) != *verdict)
        .map(|(name, verdict)| format!("{name}: {verdict}, expected: {}", expected(&name)))
        .collect();
    assert!(surprises.is_empty(), "{surprises:#?}");
}

/// What a spec becomes that has one endpoint and one channel, with `value` written under `section`.
fn code(section: &str, key: &str, value: &Value) -> Vec<String> {
    let mut spec = json!({
        "version": 1,
        "channels": { "news": {} },
        "endpoints": { "feed": { "path": "/feed", "subscribe": ["news"] } },
    });
    let place = match section {
        "Channel" => "/channels/news",
        "Endpoint" => "/endpoints/feed",
        "LongClose" => {
            spec["endpoints"]["feed"]["closes"] = json!({ "4001": { "name": "gone" } });
            "/endpoints/feed/closes/4001"
        }
        "Limits" => "/endpoints/feed/limits",
        "LongPlaces" => {
            spec["endpoints"]["feed"]["limits"] =
                json!({ "connections_per": { "peer": { "most": 5 } } });
            "/endpoints/feed/limits/connections_per/peer"
        }
        "Shutdown" => "/endpoints/feed/shutdown",
        "Wire" => "/wire",
        other => panic!("where does a {other} go?"),
    };
    spec["messages"] = json!({ "say": { "text": "string" } });
    let (parent, last) = place.rsplit_once('/').unwrap();
    let parent = spec.pointer_mut(parent).unwrap();
    if parent[last].is_null() {
        parent[last] = json!({});
    }
    parent[last][key] = value.clone();
    let mut discovered = Discovered::default();
    let bytes = spec.to_string().into_bytes();
    discovered.add("specs/feed.yaml", vec!["feed".to_owned()], Some(bytes));
    let generated = generate_from(&discovered, &Surroundings::default()).unwrap();
    let files = generated.files.iter();
    files.map(|file| format!("{file:?}")).collect()
}

#[test]
fn a_default_that_is_written_out_changes_nothing() {
    let schema: Value = serde_json::from_str(&autumn_gen::json_schema()).unwrap();
    let mut defaults = 0;
    for (section, definition) in schema["$defs"].as_object().unwrap() {
        let properties = definition["properties"].as_object().into_iter().flatten();
        for (key, property) in properties {
            let default = &property["default"];
            // `defaults` has the keys of an endpoint.
            if !default.is_null() && section != "Policy" {
                let unset = code(section, "x-unset", &Value::Null);
                assert_eq!(code(section, key, default), unset, "{section}.{key}");
                defaults += 1;
            }
        }
    }
    assert!(defaults > 10, "only {defaults} defaults");
}

#[test]
fn the_command_prints_the_schema_or_writes_it_to_a_file() {
    let project = Project::new();
    let printed = project.run(&["schema"]);
    assert_eq!(
        (printed.code, printed.stdout),
        (0, autumn_gen::json_schema())
    );
    project.done(&["schema", "--out", "specs/.schema.json"]);
    assert_eq!(
        project.read("specs/.schema.json"),
        autumn_gen::json_schema()
    );
    let refused = project.run(&["schema", "--out", "Cargo.toml/schema.json"]);
    assert_eq!(refused.code, 3, "{}", refused.stderr);
}

#[test]
fn the_reference_page_is_up_to_date() {
    let page = fs::read_to_string(repository().join("cli/docs/spec.md")).unwrap();
    assert!(
        page == autumn_gen::reference_page().unwrap(),
        "run `cargo run -- schema --markdown --out cli/docs/spec.md`"
    );
}
