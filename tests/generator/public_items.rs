//! The public items of the runtime's crates, one by one, so that a change is seen in review.
//!
//! The sources are read as text, so that it is the same with every toolchain. What macros make is not seen.

mod sources;
mod strip;
mod view;

use insta::{Settings, assert_snapshot, glob};
use sources::Crate;

#[test]
fn the_runtime_offers_these_items() {
    glob!("../../runtime", "**/src/lib.rs", |root| {
        let folder = root.ancestors().nth(2).unwrap();
        let mut settings = Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.set_omit_expression(true);
        settings.bind(|| assert_snapshot!("public_items", view::text(&Crate::read(root))));
    });
}
