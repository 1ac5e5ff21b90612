//! YAML in documents: specs and parts of specs go through the generator, the rest is parsed.

use crate::{blocks, each, nothing_wrong, shell};
use autumn_gen::{Discovered, Error, File, Surroundings, generate_from};
use document_tests::markdown::{Block, documents};
use serde_yaml::Value;

/// Endpoints, for parts of a spec that have none.
const ENDPOINTS: &str = "endpoints:\n  sample: { path: /sample, on_message: ignore }\n";

#[test]
fn specs_are_accepted() {
    each("yaml", check);
}

/// The spec with the mistake is the block before, marked `refused`, or hidden in a comment.
#[test]
fn mistakes_are_reported_as_shown() {
    let (mut wrong, mut refused) = (Vec::new(), None);
    for block in blocks() {
        let spec = refused.take().or(block.hidden.clone());
        if block.has("refused") {
            refused = Some(block.text);
        } else if block.is("text") && block.text.starts_with("error[") {
            let said = spec.map_or_else(|| "no spec".to_owned(), |spec| report(&block.text, &spec));
            if said != block.text.trim() {
                wrong.push(format!("{}: the report is:\n{said}", block.place()));
            }
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn shown_code_is_what_the_spec_before_it_generates() {
    let mut wrong = Vec::new();
    for document in documents() {
        let mut generated = String::new();
        for block in document.blocks() {
            if block.is("yaml") && is_spec(&block) {
                generated = all_code(&block);
            } else if block.is("rust") && block.has("generated") && !generated.contains(&block.text)
            {
                wrong.push(format!(
                    "{}: this is not what is generated, which is:\n{generated}",
                    block.place()
                ));
            }
        }
    }
    nothing_wrong(&wrong);
}

/// What is wrong with a block.
fn check(block: &Block) -> Vec<String> {
    let text = &block.text;
    if block.has("refused") {
        let is_refused = generate_text("sample", text).is_err();
        return (!is_refused)
            .then(|| "it is not refused".to_owned())
            .into_iter()
            .collect();
    }
    if block.has("endpoint") {
        let lines = text.lines().flat_map(|line| ["    ", line, "\n"]);
        let body: String = lines.collect();
        let path = if text.starts_with("path:") {
            ""
        } else {
            "    path: /sample\n"
        };
        return refusal(&format!("version: 1\nendpoints:\n  sample:\n{path}{body}"));
    }
    if block.has("part") {
        let has = |key: &str| text.lines().any(|line| line.starts_with(key));
        let version = if has("version:") { "" } else { "version: 1\n" };
        let endpoints = if has("endpoints:") { "" } else { ENDPOINTS };
        return refusal(&format!("{version}{endpoints}{text}"));
    }
    if is_spec(block) {
        return refusal(text);
    }
    match serde_yaml::from_str::<Value>(text) {
        Err(error) => vec![error.to_string()],
        Ok(value) if block.has("other") || is_workflow(&value) => {
            runs(&value).iter().flat_map(|run| shell::check(run)).collect()
        }
        Ok(_) => vec!["mark it: `part` for some keys of a spec, `endpoint` for some keys of an endpoint, `refused` for a mistake, `other` for what is not a spec".to_owned()],
    }
}

fn is_spec(block: &Block) -> bool {
    let names_one = block.file().is_some_and(|file| file.starts_with("specs/"));
    names_one || block.text.lines().any(|line| line.starts_with("version:"))
}

/// Why a text is refused, if it is.
fn refusal(text: &str) -> Vec<String> {
    let generated = generate_text("sample", text);
    generated
        .err()
        .map(|error| error.to_string())
        .into_iter()
        .collect()
}

/// What is said about a spec. The report that is shown names it.
fn report(shown: &str, spec: &str) -> String {
    let name = shown
        .split_once("specs/")
        .and_then(|(_, rest)| rest.split_once(".yaml"));
    let generated = generate_text(name.map_or("sample", |(name, _)| name), spec);
    let said = generated.map_or_else(|error| error.to_string(), |_| "nothing".to_owned());
    said.trim().to_owned()
}

fn generate(block: &Block) -> Result<Vec<File>, Error> {
    let name = block
        .file()
        .and_then(|file| file.strip_prefix("specs/")?.strip_suffix(".yaml"));
    generate_text(name.unwrap_or("sample"), &block.text)
}

/// Generates the files of `specs/{name}.yaml`, as if it stood alone in a project.
fn generate_text(name: &str, text: &str) -> Result<Vec<File>, Error> {
    let mut discovered = Discovered::default();
    let module = name.split('/').map(str::to_owned).collect();
    discovered.add(&format!("specs/{name}.yaml"), module, Some(text.into()));
    Ok(generate_from(&discovered, &Surroundings::default())?.files)
}

/// The code that a spec becomes.
fn all_code(block: &Block) -> String {
    let files = generate(block);
    let files = files.iter().flatten();
    files.filter_map(File::generated).collect()
}

/// A workflow of a CI, or steps of one.
fn is_workflow(value: &Value) -> bool {
    value.get("jobs").is_some() || value.is_sequence() && !runs(value).is_empty()
}

/// The shell commands in a workflow.
fn runs(value: &Value) -> Vec<String> {
    match value {
        Value::Sequence(values) => values.iter().flat_map(runs).collect(),
        Value::Mapping(entries) => {
            let run = |(key, value): (&Value, &Value)| match value {
                Value::String(text) if key == "run" => vec![text.clone()],
                other => runs(other),
            };
            entries.iter().flat_map(run).collect()
        }
        _ => Vec::new(),
    }
}
