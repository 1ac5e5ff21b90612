//! What the user's handlers still lack: read from their files, which are never written.

use std::collections::BTreeSet;
use std::path::Path;

use crate::files::{Content, File, Skeleton, Stub};

/// Methods that a trait asks for and a user's file does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The file, below the output folder.
    pub path: std::path::PathBuf,
    /// The trait.
    pub trait_name: String,
    /// A stub of each missing method, to be pasted.
    pub stubs: Vec<String>,
    /// What the stubs need of the runtime.
    pub uses: Vec<&'static str>,
}

/// Compares the handlers on disk with what their traits ask for. Files that cannot be read or parsed are left to rustc.
#[must_use]
pub fn missing(out: &Path, files: &[File]) -> Vec<Missing> {
    let handwritten = files.iter().filter_map(|file| match &file.content {
        Content::Handwritten(skeleton) => Some((file, skeleton)),
        Content::Generated(_) => None,
    });
    let missing = handwritten.filter_map(|(file, skeleton)| {
        let text = std::fs::read_to_string(out.join(&file.path)).ok()?;
        let lacking = lacking(&text, skeleton)?;
        let uses: BTreeSet<&str> = lacking
            .iter()
            .flat_map(|stub| stub.uses.iter().copied())
            .collect();
        Some(Missing {
            path: file.path.clone(),
            trait_name: skeleton.trait_name.clone(),
            stubs: lacking.iter().map(|stub| stub.code.clone()).collect(),
            uses: uses.into_iter().collect(),
        })
    });
    missing.collect()
}

/// What the text lacks; `None`: nothing, or the trait is implemented elsewhere.
fn lacking<'a>(text: &str, skeleton: &'a Skeleton) -> Option<Vec<&'a Stub>> {
    // Most files lack nothing: they are not parsed.
    if skeleton
        .methods
        .iter()
        .all(|stub| text.contains(&format!("fn {}(", stub.name)))
    {
        return None;
    }
    let items = syn::parse_file(text).ok()?.items;
    let implemented = items.into_iter().find_map(|item| match item {
        syn::Item::Impl(item) if implements(&item, &skeleton.trait_name) => Some(item),
        _ => None,
    })?;
    let has = |name: &str| {
        let is_it = |item: &syn::ImplItem| matches!(item, syn::ImplItem::Fn(method) if method.sig.ident == name);
        implemented.items.iter().any(is_it)
    };
    let lacking: Vec<&Stub> = skeleton
        .methods
        .iter()
        .filter(|stub| !has(&stub.name))
        .collect();
    (!lacking.is_empty()).then_some(lacking)
}

fn implements(item: &syn::ItemImpl, trait_name: &str) -> bool {
    let path = item.trait_.as_ref().map(|(path, ..)| path);
    path.and_then(|path| path.segments.last())
        .is_some_and(|segment| segment.ident == trait_name)
}
