//! The files of a run, as they should be.

use std::path::{Path, PathBuf};

/// What the files of one target have in common: how their header is written, and which format they have.
#[derive(Debug, PartialEq, Eq)]
pub struct Format {
    /// The target, as people call it: `rust`.
    pub target: &'static str,
    /// How the names of its files end, without the dot.
    pub extension: &'static str,
    /// The number of the format. It changes when the same spec gives other code, and not with each release: an upgrade of
    /// the tool must not turn every project's CI red.
    pub epoch: u32,
    /// What opens and closes a line of comment: `//` and nothing.
    pub comment: (&'static str, &'static str),
}

/// A file that a run wants to be there.
#[derive(Clone, Debug)]
pub struct File {
    /// Where, below the output folder of its target.
    pub path: PathBuf,
    /// The format of its target.
    pub format: &'static Format,
    /// The specs it comes from, as people call them, or the folder of specs.
    pub from: Vec<String>,
    /// Who owns it, and what it is to begin with.
    pub ownership: Ownership,
}

impl File {
    /// Puts the header above generated code, and the project's notice above all code.
    #[must_use]
    pub fn signed(mut self, notice: Option<&str>) -> Self {
        match &mut self.ownership {
            Ownership::Generated(text) => {
                *text = self.format.sign(text, &self.from.join(", "), notice);
            }
            Ownership::Handwritten(skeleton) => {
                skeleton.code.insert_str(0, &self.format.notice(notice));
            }
        }
        self
    }

    /// The text of generated code; `None`: the file is hand-written.
    #[must_use]
    pub fn generated(&self) -> Option<&str> {
        match &self.ownership {
            Ownership::Generated(text) => Some(text),
            Ownership::Handwritten(_) => None,
        }
    }
}

/// Who owns a file.
#[derive(Clone, Debug)]
pub enum Ownership {
    /// Generated: always as it would be generated now. The text is complete, header included.
    Generated(String),
    /// Created when it is missing; then it is the user's.
    Handwritten(Skeleton),
}

/// A hand-written handler to begin with, and what its trait asks for.
#[derive(Clone, Debug)]
pub struct Skeleton {
    /// The module's path below the output folder.
    pub path: Vec<String>,
    /// The code.
    pub code: String,
    /// The trait that is implemented in it.
    pub trait_name: String,
    /// The methods without a default.
    pub methods: Vec<Stub>,
}

/// A method of a handler, to begin with.
#[derive(Clone, Debug)]
pub struct Stub {
    /// What it is called.
    pub name: String,
    /// The code.
    pub code: String,
    /// What it needs of the runtime.
    pub uses: Vec<&'static str>,
}

/// The other file that rustc would take for the same module: `chat/mod.rs` for `chat.rs`, and the other way round.
#[must_use]
pub fn twin(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if path.ends_with("mod.rs") => folder.with_extension("rs"),
        _ => path.with_extension("").join("mod.rs"),
    }
}

/// Where a hand-written module may be, as rustc has it: `chat/room.rs`, or `chat/room/mod.rs`.
#[must_use]
pub fn places(path: &Path) -> [PathBuf; 2] {
    [path.to_owned(), twin(path)]
}
