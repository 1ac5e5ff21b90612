//! The tree of modules: one for each spec, and one for each folder that has no spec of its name.

use std::collections::{BTreeMap, BTreeSet};

use crate::targets::rust::ir;

/// The folders that need a `mod.rs`: the root, and those that no spec stands for.
pub(super) fn folders(modules: &[&[String]], root: &str, state: &ir::State) -> Vec<ir::Folder> {
    let mut folders: BTreeMap<&[String], BTreeSet<&String>> =
        BTreeMap::from([(&[][..], BTreeSet::new())]);
    for module in modules {
        for depth in 0..module.len() {
            if let Some((folder, child)) = module
                .split_at_checked(depth)
                .and_then(|(folder, rest)| Some((folder, rest.first()?)))
            {
                folders.entry(folder).or_default().insert(child);
            }
        }
    }
    let gathers = |folder: &[String]| !modules.contains(&folder);
    let folder = |(path, children): (&[String], BTreeSet<&String>)| ir::Folder {
        path: path.to_vec(),
        name: path.last().map_or_else(|| root.to_owned(), Clone::clone),
        children: children.into_iter().cloned().collect(),
        state: state.clone(),
    };
    folders
        .into_iter()
        .filter(|(path, _)| gathers(path))
        .map(folder)
        .collect()
}

/// The modules in the folder that has the same name as the module `parent`.
pub(super) fn children(parent: &[String], modules: &[&[String]]) -> Vec<String> {
    let below = modules
        .iter()
        .filter(|module| module.len() > parent.len() && module.starts_with(parent));
    let children: BTreeSet<&String> = below
        .filter_map(|module| module.get(parent.len()))
        .collect();
    children.into_iter().cloned().collect()
}
