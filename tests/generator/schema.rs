//! The JSON Schema of specs, tried with a validator that is not ours, and the reference page.

use crate::support::{Project, repository, specs, stem};
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;
use std::{fs, path::Path};

/// Specs in `specs/invalid/` that no schema can refuse, because they are not YAML that can be read.
const NOT_YAML: &[&str] = &[
    "alias_bomb",
    "block_nesting",
    "duplicate_keys",
    "flow_braces",
    "late_duplicate",
    "merge_of_text",
    "no_break_space",
    "no_break_space_after_colon",
    "syntax",
    "tab",
    "two_documents",
    "unknown_anchor",
    "unquoted_number",
];

/// Specs in `specs/invalid/` that are well formed, and why they are wrong all the same.
const BEYOND_A_SCHEMA: &[(&str, &str)] = &[
    ("channels_overlap", "compares the patterns of two names"),
    ("heartbeat", "compares two durations"),
    ("names_collide", "compares what two names become in Rust"),
    ("names_hide_types", "knows what generated code names"),
    ("params", "compares a name with the path"),
    ("paths_overlap", "compares two paths"),
    ("reserved_names", "knows what generated code names"),
    ("unfilled_channels", "compares placeholders with the path"),
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
fn the_schema_takes_every_good_spec() {
    let validator = validator();
    let folders = [
        "specs",
        "examples/chat/specs",
        "examples/feed/specs",
        "examples/support/specs",
        "examples/ws-echo/specs",
        "templates/new/specs",
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
