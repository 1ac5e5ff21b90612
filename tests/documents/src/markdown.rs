//! Markdown, as far as documents have it: headings, code blocks, and comments before them.

use std::{
    fs,
    path::{Path, PathBuf},
};
use walkdir::{DirEntry, WalkDir};

/// A Markdown file.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it is.
    pub file: PathBuf,
    /// Below the root of the repository, with `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// A block between fences.
#[derive(Clone, Debug)]
pub struct Block {
    /// The document it stands in.
    pub document: String,
    /// The number of its first line.
    pub line: usize,
    /// How many `##` headings stand before it.
    pub section: usize,
    /// The first word after the fence.
    pub language: String,
    /// The words after that one.
    pub marks: Vec<String>,
    /// What is in it.
    pub text: String,
    /// What stands in a comment `<!-- rust … -->` or `<!-- yaml … -->` before it, and readers need not see.
    pub hidden: Option<String>,
}

/// The root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// Every file of the repository that ends like this, sorted; nothing that is built or hidden.
#[must_use]
pub fn files(end: &str) -> Vec<PathBuf> {
    let is_ours = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let is_built = matches!(&*name, "target" | "demo" | "node_modules");
        entry.depth() == 0 || !(is_built || name.starts_with('.'))
    };
    let entries = WalkDir::new(repository()).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(is_ours).map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let files = files.map(DirEntry::into_path);
    files
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect()
}

/// Every Markdown file of the repository.
#[must_use]
pub fn documents() -> Vec<Document> {
    let root = repository();
    let document = |file: PathBuf| Document {
        path: file
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/"),
        text: fs::read_to_string(&file).unwrap(),
        file,
    };
    files(".md").into_iter().map(document).collect()
}

impl Document {
    /// The code blocks, in order.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let (mut section, mut hidden) = (0, None);
        let mut lines = self.text.lines().enumerate();
        while let Some((index, line)) = lines.next() {
            let mut until = |end: &str, indent: usize| -> String {
                let inside = lines.by_ref().map(|(_, line)| line);
                let inside = inside.take_while(|line| line.trim() != end);
                let unindented = inside.map(|line| line.get(indent..).unwrap_or_default());
                unindented.flat_map(|line| [line, "\n"]).collect()
            };
            let start = line.trim_start();
            let indent = line.len() - start.len();
            let info = start.trim_start_matches('`');
            let fence = &start[..start.len() - info.len()];
            if fence.len() >= 3 {
                let mut words = info.split([' ', ',']).map(str::to_owned);
                blocks.push(Block {
                    document: self.path.clone(),
                    line: index + 2,
                    section,
                    language: words.next().unwrap_or_default(),
                    marks: words.filter(|word| !word.is_empty()).collect(),
                    text: until(fence, indent),
                    hidden: hidden.take(),
                });
            } else if matches!(start, "<!-- rust" | "<!-- yaml") {
                hidden = Some(until("-->", 0));
            } else if line.starts_with("## ") {
                section += 1;
            }
        }
        blocks
    }

    /// The lines outside of code blocks, with their numbers.
    #[must_use]
    pub fn prose(&self) -> Vec<(usize, &str)> {
        let mut is_code = false;
        let mut lines = Vec::new();
        for (index, line) in self.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                is_code = !is_code;
            } else if !is_code {
                lines.push((index + 1, line));
            }
        }
        lines
    }
}

impl Block {
    /// Where it is, as editors read it.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.document, self.line)
    }

    /// The same, as the name of a module.
    #[must_use]
    pub fn name(&self) -> String {
        let place = self.place().to_lowercase();
        place.replace(|c: char| !c.is_alphanumeric(), "_")
    }

    /// Whether it is in this language, and to be checked.
    #[must_use]
    pub fn is(&self, language: &str) -> bool {
        self.language == language && !self.has("unchecked")
    }

    /// Whether this word stands after its language.
    #[must_use]
    pub fn has(&self, mark: &str) -> bool {
        self.marks.iter().any(|one| one == mark)
    }

    /// Whether it is Rust that neither is a file nor shows what is generated.
    #[must_use]
    pub fn is_snippet(&self) -> bool {
        self.is("rust") && self.file().is_none() && !self.has("generated")
    }

    /// The file that its first line names: `# specs/chat.yaml`, `//! src/ws/chat/desk.rs: the help desk.`
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        let first = self.text.lines().next()?;
        let mut signs = ["//!", "//", "#"].iter();
        let comment = signs.find_map(|sign| first.strip_prefix(sign))?;
        let word = comment.trim_start().split([' ', ':', ',']).next()?;
        let mut folders = ["specs/", "src/", "tests/", ".github/"].iter();
        let is_below = folders.any(|folder| word.starts_with(folder));
        let is_file = is_below && Path::new(word).extension().is_some();
        (is_file || matches!(word, "Cargo.toml" | "build.rs")).then_some(word)
    }
}
