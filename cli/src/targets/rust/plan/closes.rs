//! The close codes of an endpoint.

use super::doc::{self, Doc};
use crate::{
    contract::Close,
    targets::rust::{
        ir::{
            CloseConstant,
            tokens::{Comment, Tokens},
        },
        names,
    },
    value::Retry,
};

pub(super) fn constants(closes: &[Close]) -> Vec<CloseConstant> {
    let constant = |close: &Close| {
        let (doc, allows) = doc(close);
        CloseConstant {
            name: Tokens::new(names::close_constant(&close.name.value)),
            code: Tokens::new(close.code.value.0.to_string()),
            doc,
            allows,
        }
    };
    closes.iter().map(constant).collect()
}

/// What the code means and what clients do, and whether lints may object to the text.
fn doc(close: &Close) -> (Vec<Comment>, bool) {
    let retry = match close.retry {
        Retry::Never => "Clients do not connect again after it.",
        Retry::Later => "Clients connect again after it.",
        Retry::Now => "Clients connect again at once after it.",
    };
    let description = close.doc.as_deref().unwrap_or("A close code.");
    let Doc { lines, is_plain } = doc::doc(description);
    if is_plain {
        return (
            doc::lines(&format!("{} {retry}", description.trim())),
            false,
        );
    }
    let mut doc = lines;
    doc.extend(doc::lines(&format!("\n{retry}")));
    (doc, true)
}
