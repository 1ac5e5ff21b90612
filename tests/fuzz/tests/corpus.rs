//! Findings stay fixed: every committed input still passes, without a fuzzer.

use std::{fs, path::Path};

fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    let mut inputs: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty());
    for input in inputs {
        println!("{}", input.display());
        check(&fs::read(input).unwrap());
    }
}

#[test]
fn messages() {
    replay("messages", fuzz_tests::messages::check);
}

#[test]
fn spec() {
    replay("spec", fuzz_tests::spec::check);
}

#[test]
fn upgrade() {
    replay("upgrade", fuzz_tests::upgrade::check);
}
