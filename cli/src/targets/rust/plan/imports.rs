//! What a module imports: the code that plans something notes what that needs.

use crate::{
    project::Crates,
    targets::rust::ir::{Import, tokens::Tokens},
};
use std::collections::{BTreeMap, BTreeSet};

/// The names of each module, by the module's path.
#[derive(Debug)]
pub(super) struct Imports {
    crates: Crates,
    names: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Imports {
    /// No imports from these crates.
    pub(super) fn of(crates: &Crates) -> Self {
        Self {
            crates: crates.clone(),
            names: BTreeMap::new(),
        }
    }

    /// The path to a crate, in this package.
    pub(super) fn path(&self, name: &'static str) -> &str {
        match name {
            "autumn_ws" => &self.crates.autumn_ws,
            "axum" => &self.crates.axum,
            name => name,
        }
    }

    /// Notes that items are needed, each by its whole path.
    pub(super) fn need(&mut self, paths: impl IntoIterator<Item = &'static str>) {
        for path in paths {
            let (module, name) = path.rsplit_once("::").unwrap_or(("crate", path));
            self.names.entry(module).or_default().insert(name);
        }
    }

    /// A line for each crate.
    pub(super) fn lines(&self) -> Vec<Import> {
        let mut crates: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (path, names) in &self.names {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            match path.split_once("::") {
                None => crates.entry(path).or_default().extend(names),
                Some((root, module)) => {
                    let names = braced(&names);
                    let line = format!("{module}::{names}");
                    crates.entry(root).or_default().push(line);
                }
            }
        }
        crates
            .into_iter()
            .map(|(root, names)| Import {
                root: Tokens::new(self.path(root)),
                names: braced(&names),
            })
            .collect()
    }
}

fn braced(names: &[String]) -> String {
    match names {
        [name] => name.clone(),
        names => format!("{{{}}}", names.join(", ")),
    }
}
