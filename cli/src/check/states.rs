//! One router has one state type.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;
use crate::place::Place;
use crate::spec::{RustType, Spec};

pub(super) fn check(specs: &[Spec], diagnostics: &mut Vec<Diagnostic>) {
    let Some((first, others)) = specs.split_first() else {
        return;
    };
    for spec in others {
        if state(spec) != state(first) {
            diagnostics.push(
                Diagnostic::error(
                    code::STATES_DIFFER,
                    place(spec),
                    "all specs of a project share one router, and so one state type",
                )
                .label(format!("the state is `{}` here", state(spec)))
                .related(place(first), format!("and `{}` here", state(first)))
                .help("write the same `state:` in every spec"),
            );
        }
    }
}

/// The state as it is compared: without spaces, and the runtime's own by one name.
fn state(spec: &Spec) -> String {
    let own = spec
        .state
        .as_ref()
        .filter(|state| !state.value.is_app_state());
    own.map_or_else(
        || RustType::APP_STATE.to_owned(),
        |state| state.value.tokens().replace(' ', ""),
    )
}

fn place(spec: &Spec) -> Place {
    spec.state
        .as_ref()
        .map_or_else(|| Place::document(spec.source), |state| state.place.clone())
}
