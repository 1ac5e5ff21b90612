//! What the user's handlers still lack.

use super::code::Code;
use crate::output::file::{File, Ownership, Skeleton, Stub, places};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Methods that a trait asks for and a user's file does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The file, below the output folder.
    pub path: PathBuf,
    /// The trait.
    pub trait_name: String,
    /// A stub of each missing method, to be pasted; none: the whole implementation is missing.
    pub stubs: Vec<String>,
    /// What the stubs need of the runtime.
    pub uses: Vec<&'static str>,
}

/// Compares the handlers on disk with what their traits ask for. Files that cannot be read are left to rustc.
#[must_use]
pub fn missing(out: &Path, files: &[File]) -> Vec<Missing> {
    let handwritten = files.iter().filter_map(|file| match &file.ownership {
        Ownership::Handwritten(skeleton) => Some((file, skeleton)),
        Ownership::Generated(_) => None,
    });
    let missing = handwritten.filter_map(|(file, skeleton)| {
        let path = places(&file.path)
            .into_iter()
            .find(|path| out.join(path).is_file())?;
        let text = std::fs::read_to_string(out.join(&path)).ok()?;
        let lacking = lacking(&text, skeleton)?;
        let uses: BTreeSet<&str> = lacking
            .iter()
            .flat_map(|stub| stub.uses.iter().copied())
            .collect();
        Some(Missing {
            path,
            trait_name: skeleton.trait_name.clone(),
            stubs: lacking.iter().map(|stub| stub.code.clone()).collect(),
            uses: uses.into_iter().collect(),
        })
    });
    missing.collect()
}

/// What a file lacks; `None`: nothing, or the trait is implemented elsewhere. rustc has the last word.
fn lacking<'a>(text: &str, skeleton: &'a Skeleton) -> Option<Vec<&'a Stub>> {
    let code_lines = || {
        text.lines()
            .filter(|line| !line.trim_start().starts_with("//"))
    };
    let has = |name: &str| {
        let start = format!("fn {name}(");
        code_lines().any(|line| line.contains(&start))
    };
    let is_complete = skeleton.methods.iter().all(|stub| has(&stub.name));
    if is_complete && text.contains(&format!("{} for ", skeleton.trait_name)) {
        return None;
    }
    let code = Code::read(text);
    let traits = code.traits();
    let mut names = traits.iter().filter_map(|path| path.last());
    if !names.clone().any(|name| *name == skeleton.trait_name) {
        // A file that implements the trait of another endpoint was moved here.
        return names.any(|name| name.ends_with("Handler")).then(Vec::new);
    }
    let functions = code.functions();
    let methods = skeleton.methods.iter();
    let lacking: Vec<&Stub> = methods
        .filter(|stub| !functions.contains(stub.name.as_str()))
        .collect();
    (!lacking.is_empty()).then_some(lacking)
}
