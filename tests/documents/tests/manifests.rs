//! TOML in documents.

use crate::each;
use document_tests::markdown::repository;
use std::fs;
use toml::{Table, Value};

#[test]
fn manifests_name_features_that_exist() {
    let manifest = fs::read_to_string(repository().join("runtime/Cargo.toml")).unwrap();
    let manifest: Table = manifest.parse().unwrap();
    let features = manifest["features"].as_table().unwrap();
    each("toml", |block| match block.text.parse::<Table>() {
        Err(error) => vec![error.to_string()],
        Ok(table) => {
            let named = named_features(&table).into_iter();
            let unknown = named.filter(|feature| !features.contains_key(feature));
            unknown
                .map(|feature| format!("`autumn-ws` has no feature `{feature}`"))
                .collect()
        }
    });
}

/// The features of the runtime that a manifest, or a part of one, asks for.
fn named_features(table: &Table) -> Vec<String> {
    let sections = ["dependencies", "dev-dependencies"].iter();
    let sections = sections.filter_map(|section| table.get(*section)?.as_table());
    let runtimes = sections
        .chain([table])
        .filter_map(|section| section.get("autumn-ws"));
    let features = runtimes
        .filter_map(|runtime| runtime.get("features")?.as_array())
        .flatten();
    features
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
