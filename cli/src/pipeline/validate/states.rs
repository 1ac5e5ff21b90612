//! One router has one state type.

use crate::code;
use crate::diagnostic::Diagnostic;
use crate::place::Place;
use crate::spec::Spec;

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

fn state(spec: &Spec) -> String {
    let said = spec
        .state
        .as_ref()
        .map(|state| state.value.tokens().replace(' ', ""));
    said.unwrap_or_else(|| "autumn_ws::AppState".to_owned())
}

fn place(spec: &Spec) -> Place {
    spec.state
        .as_ref()
        .map_or_else(|| Place::document(spec.source), |state| state.place.clone())
}
