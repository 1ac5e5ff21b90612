//! What the user's handlers still lack: read from their files, which are never written.

use std::path::Path;

use crate::files::{Content, File, Skeleton};

/// Methods that a trait asks for and a user's file does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The file, below the output folder.
    pub path: std::path::PathBuf,
    /// The trait.
    pub trait_name: String,
    /// A stub of each missing method, to be pasted.
    pub stubs: Vec<String>,
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
        let stubs = stubs(&text, skeleton)?;
        Some(Missing {
            path: file.path.clone(),
            trait_name: skeleton.trait_name.clone(),
            stubs,
        })
    });
    missing.collect()
}

/// The stubs of what the text lacks; `None`: nothing, or the trait is implemented elsewhere.
fn stubs(text: &str, skeleton: &Skeleton) -> Option<Vec<String>> {
    // Most files lack nothing: they are not parsed.
    if skeleton
        .methods
        .iter()
        .all(|(name, _)| text.contains(&format!("fn {name}(")))
    {
        return None;
    }
    let implemented =
        syn::parse_file(text)
            .ok()?
            .items
            .into_iter()
            .find_map(|item| match item {
                syn::Item::Impl(item) if implements(&item, &skeleton.trait_name) => Some(item),
                _ => None,
            })?;
    let has = |name: &str| {
        implemented
            .items
            .iter()
            .any(|item| matches!(item, syn::ImplItem::Fn(method) if method.sig.ident == name))
    };
    let stubs: Vec<String> = skeleton
        .methods
        .iter()
        .filter(|(name, _)| !has(name))
        .map(|(_, stub)| stub.clone())
        .collect();
    (!stubs.is_empty()).then_some(stubs)
}

fn implements(item: &syn::ItemImpl, trait_name: &str) -> bool {
    let path = item.trait_.as_ref().map(|(path, ..)| path);
    path.and_then(|path| path.segments.last())
        .is_some_and(|segment| segment.ident == trait_name)
}
