//! Messages, as other parts of a spec name them.

use super::{
    declarations::{Names, What},
    types::Understood,
};
use crate::{
    contract::{Message, Reference},
    diagnostic::{Diagnostic, code},
    place::At,
    suggest,
};
use std::{collections::BTreeMap, sync::Arc};

/// The messages of all specs.
pub(super) type Messages<'a> = BTreeMap<&'a Reference, &'a Arc<Message>>;

/// The messages of all specs.
pub(super) fn of_all<'a>(types: &'a [Understood]) -> Messages<'a> {
    let messages = types.iter().flat_map(|types| &types.messages);
    messages.map(|message| (&message.ty, message)).collect()
}

/// The message of a kind, if there is one.
pub(super) fn message(
    kind: &At<String>,
    names: &Names,
    messages: &Messages,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Arc<Message>> {
    let declared = names.get(kind.value.as_str());
    let declared = declared.filter(|declared| matches!(declared.what, What::Message(_)));
    let Some(declared) = declared else {
        diagnostics.push(unknown(kind, names));
        return None;
    };
    messages.get(&declared.reference).copied().map(Arc::clone)
}

fn unknown(kind: &At<String>, names: &Names) -> Diagnostic {
    let messages = names.values();
    let messages = messages.filter(|declared| matches!(declared.what, What::Message(_)));
    let known: Vec<&str> = messages.map(|declared| declared.key).collect();
    let (label, help) = match names.get(kind.value.as_str()) {
        Some(_) => (
            "is a type, not a message",
            format!(
                "declare a message with a field of it, as in `messages: {{ said: {{ value: {} }} }}`",
                kind.value
            ),
        ),
        None => (
            "no message is called so",
            suggest::did_you_mean(&kind.value, "the messages are", &known).unwrap_or_else(|| {
                format!(
                    "declare it, as in `messages: {{ {}: {{ text: string }} }}`",
                    kind.value
                )
            }),
        ),
    };
    let message = format!("unknown message `{}`", kind.value);
    Diagnostic::error(code::UNKNOWN_MESSAGE, kind.place.clone(), message)
        .label(label)
        .help(help)
}
