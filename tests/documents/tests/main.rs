//! Every code block in the Markdown files of the repository is compiled, generated from, parsed or looked up. CONTRIBUTING.md
//! says how a block is written.

// A test fails by a panic.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod links;
mod manifests;
mod operations;
mod shell;
mod specs;

use document_tests::markdown::{Block, Document, documents};

/// The Rust of the documents compiles, and the tests in it pass: `build.rs` has written it.
#[allow(warnings, clippy::all, clippy::pedantic, clippy::restriction)]
mod shown {
    include!(concat!(env!("OUT_DIR"), "/shown.rs"));
}

/// Every block of every document.
fn blocks() -> Vec<Block> {
    let blocks = documents();
    blocks.iter().flat_map(Document::blocks).collect()
}

/// Fails with everything that is wrong.
fn nothing_wrong(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Checks the blocks of a language.
fn each(language: &str, check: impl Fn(&Block) -> Vec<String>) {
    let mut wrong = Vec::new();
    for block in blocks().iter().filter(|block| block.is(language)) {
        let said = check(block).into_iter();
        wrong.extend(said.map(|what| format!("{}: {}", block.place(), what.trim_end())));
    }
    nothing_wrong(&wrong);
}

#[test]
fn every_block_says_what_it_is() {
    const LANGUAGES: &[&str] = &["console", "json", "rust", "sh", "text", "toml", "yaml"];
    // `tests/proxies` runs these.
    const PROXIES: &[&str] = &["caddy", "haproxy", "nginx"];
    let mut blocks = blocks();
    assert!(blocks.len() > 20, "blocks are missing");
    let is_checked = |language: &str| LANGUAGES.contains(&language) || PROXIES.contains(&language);
    blocks.retain(|block| !is_checked(&block.language) && !block.has("unchecked"));
    let said = blocks.iter().map(|block| {
        let (place, language) = (block.place(), &block.language);
        format!("{place}: no test checks `{language}`: mark it `unchecked`")
    });
    nothing_wrong(&said.collect::<Vec<_>>());
}

/// The build does not notice new documents.
#[test]
fn every_snippet_is_compiled() {
    let compiled = include_str!(concat!(env!("OUT_DIR"), "/shown.rs"));
    let is_missing = |block: &Block| !compiled.contains(&format!("mod {};", block.name()));
    let mut blocks = blocks();
    blocks.retain(|block| block.is_snippet() && is_missing(block));
    let missing = blocks.iter().map(Block::place);
    let said = missing.map(|place| format!("{place}: new; run `touch tests/documents/build.rs`"));
    nothing_wrong(&said.collect::<Vec<_>>());
}

#[test]
fn json_in_documents_is_json() {
    each("json", |block| {
        let parsed = serde_json::from_str::<serde_json::Value>(&block.text);
        parsed
            .err()
            .map(|error| error.to_string())
            .into_iter()
            .collect()
    });
}
