//! The tree of modules: one for each spec, and one for each folder that has no spec of its name.

use crate::targets::rust::ir::{self, tokens::Tokens};
use std::collections::{BTreeMap, BTreeSet};

/// The folders that need a `mod.rs`: the one called `root`, and those that no spec stands for.
pub(super) fn folders(modules: &[&[String]], root: &str, state: &ir::State) -> Vec<ir::Folder> {
    let mut folders: BTreeMap<&[String], BTreeSet<&str>> =
        BTreeMap::from([(&[][..], BTreeSet::new())]);
    for module in modules {
        for (depth, child) in module.iter().enumerate() {
            let (folder, _) = module.split_at_checked(depth).unwrap_or_default();
            folders.entry(folder).or_default().insert(child);
        }
    }
    let specs: BTreeSet<&[String]> = modules.iter().copied().collect();
    let folder = |(path, children): (&[String], BTreeSet<&str>)| ir::Folder {
        path: path.to_vec(),
        children: named(children, Some(path.last().map_or(root, String::as_str))),
        state: state.clone(),
    };
    let without_spec = folders
        .into_iter()
        .filter(|(path, _)| !specs.contains(path));
    without_spec.map(folder).collect()
}

/// The modules in the folder that has the same name as the module `parent`.
pub(super) fn children(parent: &[String], modules: &[&[String]]) -> Vec<ir::Child> {
    let below = modules
        .iter()
        .filter_map(|module| module.strip_prefix(parent)?.first());
    let name = parent.last().map(String::as_str);
    named(below.map(String::as_str).collect(), name)
}

fn named(children: BTreeSet<&str>, parent: Option<&str>) -> Vec<ir::Child> {
    let children = children.into_iter();
    children.map(|name| child(name, parent)).collect()
}

/// A module that is declared in another.
pub(super) fn child(name: &str, parent: Option<&str>) -> ir::Child {
    ir::Child {
        name: Tokens::new(name),
        is_namesake: parent == Some(name),
        is_declared: true,
    }
}

/// Declares no modules of a folder that are, or hold, one of these.
pub(super) fn leave_to_hand(children: &mut [ir::Child], folder: &[String], modules: &[&[String]]) {
    for child in children {
        let name = child.name.to_string();
        let mut inside = modules
            .iter()
            .filter_map(|module| module.strip_prefix(folder)?.first());
        child.is_declared = !inside.any(|first| *first == name);
    }
}
