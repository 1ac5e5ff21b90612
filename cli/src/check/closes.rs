//! The close codes of an endpoint: each once, under a name of its own.

use crate::{
    contract::Close,
    diagnostic::{Diagnostic, code},
    place::At,
    spec::Endpoint,
    value::{Name, OwnCloseCode},
};
use std::ops::RangeInclusive;

/// The close codes that have a name.
pub(super) fn understood(
    endpoint: &Endpoint,
    closes_refused: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Close> {
    let mut closes: Vec<Close> = Vec::new();
    for written in &endpoint.closes {
        let Some(name) = &written.name else { continue };
        let code = written.code.value;
        if closes.iter().any(|close| close.code.value == code) {
            diagnostics.push(twice(&written.code));
            continue;
        }
        if closes_refused && REFUSALS.contains(&code.0) {
            diagnostics.push(means_refused(&written.code));
            continue;
        }
        let mut before = closes.iter();
        if let Some(first) = before.find(|close| close.name.value == name.value) {
            diagnostics.push(called_the_same(name, &first.name));
            continue;
        }
        closes.push(Close {
            code: written.code.clone(),
            name: name.clone(),
            retry: written.retry,
            doc: written.doc.as_ref().map(|at| at.value.clone()),
        });
    }
    closes.sort_by_key(|close| close.code.value.0);
    closes
}

/// 4000 and the status of a refusal.
const REFUSALS: RangeInclusive<u16> = 4400..=4599;

fn means_refused(code: &At<OwnCloseCode>) -> Diagnostic {
    let message = format!("the close code {} means a refused request", code.value.0);
    Diagnostic::error(code::BAD_CLOSE_CODE, code.place.of_key(), message)
        .label("4000 and a status")
        .help("use a code from 4001 to 4399, or set `refuse: status`")
}

fn twice(code: &At<OwnCloseCode>) -> Diagnostic {
    let message = format!("the close code {} is declared twice", code.value.0);
    Diagnostic::error(code::DUPLICATE, code.place.of_key(), message)
        .label("once as a number, once as text")
        .help("remove one")
}

fn called_the_same(name: &At<Name>, first: &At<Name>) -> Diagnostic {
    let message = format!("two close codes are called `{}`", name.value.as_str());
    Diagnostic::error(code::DUPLICATE, name.place.clone(), message)
        .label("again here")
        .related(first.place.clone(), "first here")
        .help("rename one")
}
