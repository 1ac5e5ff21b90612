//! How many connections a user, an address or the like may have.

use super::LongPlaces;
use crate::value::{Count, Described, Form, MOST_ENTRIES, OFF, Places, PlacesOf, Setting};

/// How many connections may have the same value, for each of some values.
#[derive(Clone, Debug, Default)]
pub struct ConnectionsPer(pub Vec<Places>);

impl Described for ConnectionsPer {
    const FORM: Form = Form::Either(&[
        Form::Map {
            keys: &PlacesOf::FORM,
            values: &Form::Either(&[Count::FORM, LongPlaces::FORM]),
            most: MOST_ENTRIES,
        },
        OFF,
    ]);
}

impl Setting for ConnectionsPer {
    type Resolved = Vec<Places>;

    fn resolved(&self) -> Vec<Places> {
        self.0.clone()
    }

    fn written(&self) -> String {
        "off".to_owned()
    }
}
