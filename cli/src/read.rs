//! Text into [`Spec`]s. Only this stage knows YAML.
//!
//! Reading continues after a mistake: whatever can be read is read, so that one run reports everything.

mod advice;
mod defaults;
mod entries;
mod field;
mod json;
pub mod locate;
mod readable;
mod reader;
mod says;
mod scalars;
mod scan;
mod sections;
mod types;
mod values;
mod yaml;

use crate::{
    diagnostic::Diagnostic,
    place::SourceId,
    source::Source,
    spec::{Keyed, Override, Spec},
};
use field::ReadSection;
use reader::{Node, Reader};

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
                advice::explain_anchors(&mut reader.diagnostics, text);
                diagnostics.append(&mut reader.diagnostics);
            }
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    (specs, diagnostics)
}

/// A value as YAML writes it, as JSON.
#[must_use]
pub fn json(text: &str) -> Option<serde_json::Value> {
    serde_yaml::from_str(text).ok()
}

fn spec(reader: &mut Reader, source: SourceId, document: &Node) -> Option<Spec> {
    let fields = reader.fields(document, Spec::SECTION)?;
    let mut spec: Spec = ReadSection::read((source,), &fields, reader);
    for endpoint in &mut spec.endpoints {
        endpoint.settings = endpoint.settings.over(&spec.defaults);
    }
    Some(spec)
}
