//! One router has one state type.

use crate::{
    contract::{Contract, Module},
    diagnostic::{Diagnostic, code},
    place::Place,
    value::RustType,
};

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let Some((first, others)) = contract.modules.split_first() else {
        return;
    };
    for module in others {
        if state(module) != state(first) {
            diagnostics.push(
                Diagnostic::error(
                    code::STATES_DIFFER,
                    place(module),
                    "all specs of a project share one router, and so one state type",
                )
                .label(format!("the state is `{}` here", state(module)))
                .related(place(first), format!("and `{}` here", state(first)))
                .help("write the same `state:` in every spec"),
            );
        }
    }
}

fn state(module: &Module) -> &str {
    let own = module.state.as_ref();
    own.map_or(RustType::APP_STATE, |state| state.value.code())
}

fn place(module: &Module) -> Place {
    let own = module.state.as_ref();
    own.map_or_else(|| module.place.clone(), |state| state.place.clone())
}
