//! Which traits are the traits of handlers.

use super::code::Code;
use crate::{
    output::{file::Ownership, generated::Generated, package::Package},
    project::Project,
};
use std::collections::BTreeSet;

/// The traits that generated code declares, as far as they can be told from others.
pub struct Traits<'a> {
    /// The names that are known, from what is generated and from what is on the disk.
    known: BTreeSet<&'a str>,
    /// The name of the module of all generated code.
    module: String,
}

impl<'a> Traits<'a> {
    /// Those of what a run generates, and of what the package holds.
    #[must_use]
    pub fn find(project: &Project, package: &'a Package, generated: &'a Generated) -> Self {
        let now = generated
            .files
            .iter()
            .filter_map(|file| match &file.ownership {
                Ownership::Handwritten(skeleton) => Some(skeleton.trait_name.as_str()),
                Ownership::Generated(_) => None,
            });
        let lines = package.generated.values().flat_map(|text| text.lines());
        let before = lines.filter_map(|line| {
            let (_, name) = line.split_once("trait ")?;
            name.split(|c: char| !c.is_alphanumeric()).next()
        });
        Self {
            known: now.chain(before).collect(),
            module: project.surroundings().out,
        }
    }

    /// Whether a file implements one of them.
    #[must_use]
    pub fn are_implemented_in(&self, code: &Code) -> bool {
        code.traits().iter().any(|path| self.is_one(path))
    }

    /// Whether a path leads to one: by a name that is known, or by the way it is imported.
    fn is_one(&self, path: &[String]) -> bool {
        let Some((name, way)) = path.split_last() else {
            return false;
        };
        let is_local =
            way.first().is_none_or(|first| first == "super") || way.contains(&self.module);
        self.known.contains(name.as_str()) || (name.ends_with("Handler") && is_local)
    }
}
