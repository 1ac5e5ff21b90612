//! Text into [`Spec`]s. Only this stage knows YAML.
//!
//! Reading goes on after a mistake: whatever can be read is read, so that one run reports everything.

mod channels;
mod endpoints;
pub mod locate;
mod reader;
mod settings;
mod yaml;

use reader::{Node, Reader};

use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;
use crate::place::SourceId;
use crate::source::Source;
use crate::spec::{RustType, Settings, Spec, Use};

/// The version of the format that is read.
const VERSION: u64 = 1;

/// Reads every source.
///
/// Returns what could be read of each, in the order of the sources, and what is wrong with them.
#[must_use]
pub fn read(sources: &[Source]) -> (Vec<Spec>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut specs = Vec::new();
    for (id, source) in sources.iter().enumerate() {
        let Some(text) = &source.text else { continue };
        match yaml::load(id, text) {
            Ok(document) => {
                let mut reader = Reader::default();
                specs.extend(spec(&mut reader, id, &Node::document(id, &document)));
                diagnostics.append(&mut reader.diagnostics);
            }
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    (specs, diagnostics)
}

fn spec(reader: &mut Reader, source: SourceId, document: &Node) -> Option<Spec> {
    const KEYS: &[&str] = &[
        "version",
        "description",
        "state",
        "channels",
        "defaults",
        "endpoints",
    ];
    let fields = reader.fields(document, "a spec", KEYS)?;
    version(reader, document, fields.get("version"));
    let description = reader.text(fields.get("description"));
    let state = reader.word(fields.get("state"), |text| {
        RustType::parse(text, Use::State)
    });
    let channels = channels::channels(reader, fields.get("channels"));
    let defaults = match fields.get("defaults") {
        Some(node) => settings::defaults(reader, &node),
        None => Settings::default(),
    };
    let endpoints = if let Some(node) = fields.get("endpoints") {
        endpoints::endpoints(reader, &node, &defaults)
    } else {
        let help = "add `endpoints:` with at least one endpoint";
        reader.missing(document, "endpoints", "a spec", help);
        Vec::new()
    };
    Some(Spec {
        source,
        description,
        state,
        channels,
        endpoints,
    })
}

fn version(reader: &mut Reader, document: &Node, version: Option<Node>) {
    match version {
        None => reader.missing(
            document,
            "version",
            "a spec",
            "begin the file with `version: 1`",
        ),
        Some(node) if node.value.as_u64() == Some(VERSION) => {}
        Some(node) => reader.note(
            Diagnostic::error(
                code::VERSION,
                node.place.clone(),
                "this version of the format is not known",
            )
            .label("must be the number 1")
            .help("write `version: 1`, or install a newer autumn-gen"),
        ),
    }
}
