//! Shows what was measured.

mod text;

use crate::{args::Plan, record::Results};

pub fn show(results: &Results, plan: &Plan) {
    print!("{}", text::table(results, plan));
}
