//! Connections are counted by what an extractor has proven.

use crate::{
    diagnostic::{Diagnostic, code},
    place::At,
    spec::Endpoint,
    suggest,
    value::{FieldPath, PlacesOf},
};

pub(super) fn check(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    for places in endpoint.settings.limits.connections_per() {
        if let PlacesOf::Extracted(path, text) = &places.of.value {
            diagnostics.extend(unextracted(endpoint, &places.of, path, text));
        }
    }
}

fn unextracted(
    endpoint: &Endpoint,
    of: &At<PlacesOf>,
    path: &FieldPath,
    text: &str,
) -> Option<Diagnostic> {
    let value = path.value();
    let extracts = endpoint.extract.iter();
    let names: Vec<&str> = extracts
        .map(|extract| extract.name.value.as_str())
        .collect();
    if names.contains(&value.as_str()) {
        return None;
    }
    let message = format!(
        "endpoint `{}` cannot count its connections by `{text}`",
        endpoint.key.value.as_str()
    );
    let mut params = endpoint.path_values();
    let mut query = endpoint.query.iter();
    let value = value.as_str();
    let is_chosen =
        params.any(|param| param.fills(value)) || query.any(|field| field.value().fills(value));
    let diagnostic = Diagnostic::error(code::NOT_EXTRACTED, of.place.clone(), message);
    Some(if is_chosen {
        diagnostic
            .label("clients choose this value")
            .help("count by what an extractor has proven, as in `extract: { user: crate::CurrentUser }` and `user.id`")
    } else {
        let extract = || format!("extract it: `extract: {{ {value}: crate::CurrentUser }}`");
        let similar = suggest::did_you_mean(value, "the endpoint extracts", &names);
        diagnostic
            .label("not an extracted value")
            .help(similar.unwrap_or_else(extract))
    })
}
