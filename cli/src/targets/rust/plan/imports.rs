//! What a module imports: the code that plans something notes what that needs.

use crate::{
    project::Crates,
    targets::rust::ir::{Import, tokens::Tokens},
};
use std::collections::{BTreeMap, BTreeSet};

/// As many names of one module have a line of their own.
const MANY: usize = 6;

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

    /// A line for each crate, and for each module of which much is imported.
    pub(super) fn lines(&self) -> Vec<Import> {
        let mut roots: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (path, names) in &self.names {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            match path.split_once("::") {
                Some((root, module)) if names.len() < MANY => {
                    let names = braced(&names);
                    let line = format!("{module}::{names}");
                    roots.entry(root).or_default().push(line);
                }
                _ => roots.entry(path).or_default().extend(names),
            }
        }
        roots
            .into_iter()
            .map(|(path, names)| {
                let (root, module) = path.split_once("::").unwrap_or((path, ""));
                let colons = if module.is_empty() { "" } else { "::" };
                Import {
                    root: Tokens::new(format!("{}{colons}{module}", self.path(root))),
                    names: braced(&names),
                }
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
