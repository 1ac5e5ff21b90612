//! Which files git tracks: it moves and removes no others.

use crate::{paths::normal, project::Project};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

/// The files below some paths that git tracks.
#[derive(Default)]
pub(super) struct Tracked {
    files: BTreeSet<PathBuf>,
}

impl Tracked {
    /// Asks git once, about all paths. Without git, it tracks nothing.
    pub(super) fn find(project: &Project, paths: impl IntoIterator<Item = PathBuf>) -> Self {
        if !project.is_in_git() {
            return Self::default();
        }
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--"])
            .args(paths)
            .current_dir(project.root())
            .output();
        let files = listed.map(|listed| String::from_utf8_lossy(&listed.stdout).into_owned());
        let files = files.unwrap_or_default();
        let files = files.split_terminator('\0');
        Self {
            files: files
                .map(|file| normal(&project.root().join(file)))
                .collect(),
        }
    }

    /// Whether git tracks a file, or anything in a folder.
    pub(super) fn contains(&self, path: &Path) -> bool {
        self.files.iter().any(|file| file.starts_with(path))
    }
}
