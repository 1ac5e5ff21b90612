//! Blocks that are not files.

use crate::{declaration, markdown::Block};
use std::{fs, path::Path};

/// Writes the snippets of a document, and returns the declarations of their modules.
pub fn write_all(blocks: &[Block], out: &Path) -> String {
    let snippets = blocks.iter().filter(|block| block.is_snippet());
    let write = |block: &Block| {
        let name = block.name();
        let path = out.join(format!("{name}.rs"));
        fs::write(&path, module(block)).unwrap();
        declaration(&name, &path)
    };
    snippets.map(write).collect()
}

/// A block as a module: items as they are, statements in a function. It stands on the same line as in its document, so that
/// the compiler names the right one.
fn module(block: &Block) -> String {
    let hidden = block.hidden.as_deref().unwrap_or_default();
    let (before, after) = hidden.split_once("// …\n").unwrap_or((hidden, ""));
    let lines = block.text.lines().flat_map(|line| [visible(line), "\n"]);
    // A test of an application would find itself in this package.
    let code = lines.collect::<String>().replace("#[test]\n", "\n");
    let (start, end) = if syn::parse_file(&code).is_ok() {
        ("", "")
    } else {
        const START: &str =
            "async fn snippet() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {\n";
        (START, ";\nOk(())\n}\n")
    };
    let before = format!("{start}{before}");
    let padding = (block.line - 1).saturating_sub(before.lines().count());
    format!("{}{before}{code}{after}{end}", "\n".repeat(padding))
}

/// A line without the sign by which rustdoc hides it.
fn visible(line: &str) -> &str {
    match line.strip_prefix("# ") {
        Some(hidden) => hidden,
        None if line == "#" => "",
        None => line,
    }
}
