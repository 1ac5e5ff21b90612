//! The generator: any project is generated or refused.

use crate::{
    names,
    project::{Spec, discovered, specs},
};
use autumn_gen::{Error, File, Generated, Ownership, Surroundings, generate_from};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use syn::{Item, Macro, ext::IdentExt as _, visit::Visit};

/// Generates the project of an input, and panics if a promise is broken:
///
/// * nothing panics, not even the report of mistakes;
/// * a refused project is refused because of the specs, at a place in them;
/// * generated text is Rust, with the kinds of items that templates have, each with a name of its
///   own;
/// * every declared module has a file, and every file is declared;
/// * the order in which specs are found does not matter.
///
/// The fuzzer itself checks that it does not take too long.
pub fn check(input: &[u8]) {
    let specs = specs(input);
    match generate(&specs) {
        Ok(generated) => {
            std::hint::black_box(generated.warnings.render(true));
            check_files(&generated.files);
            check_order(&specs, &generated.files);
        }
        Err(Error::Specs(diagnostics)) => {
            assert!(diagnostics.has_errors(), "refused without an error");
            for located in &diagnostics.located {
                assert!(!located.marks.is_empty(), "nowhere: {}", located.message);
            }
            std::hint::black_box((diagnostics.render(true), diagnostics.render(false)));
        }
        Err(error) => panic!("not the specs' fault: {error}"),
    }
}

fn generate(specs: &[Spec]) -> Result<Generated, Error> {
    generate_from(&discovered(specs), &Surroundings::default())
}

fn check_files(files: &[File]) {
    let mut paths = BTreeSet::new();
    let mut declared = BTreeSet::from([PathBuf::from("mod.rs")]);
    for file in files {
        let code = code(file);
        let syntax = syn::parse_file(code)
            .unwrap_or_else(|error| panic!("{}: {error}\n{code}", file.path.display()));
        Kinds { code }.visit_file(&syntax);
        names::check(&syntax.items);
        declared.extend(modules(&file.path, &syntax.items));
        assert!(
            paths.insert(file.path.clone()),
            "{} twice",
            file.path.display()
        );
    }
    // A folder is declared as `a.rs` or as `a/mod.rs`.
    let is_there = |path: &PathBuf| paths.contains(path) || paths.contains(&folder(path));
    let is_declared = |path: &PathBuf| {
        declared.contains(path) || declared.iter().any(|declared| folder(declared) == *path)
    };
    assert!(declared.iter().all(is_there), "{declared:?} of {paths:?}");
    assert!(paths.iter().all(is_declared), "{paths:?} of {declared:?}");
}

fn folder(path: &Path) -> PathBuf {
    path.with_extension("").join("mod.rs")
}

/// Where rustc looks for the modules that a file declares.
fn modules(path: &Path, items: &[Item]) -> Vec<PathBuf> {
    let folder = if path.ends_with("mod.rs") {
        path.with_file_name("")
    } else {
        path.with_extension("")
    };
    let declared = items.iter().filter_map(|item| match item {
        Item::Mod(item) if item.content.is_none() => Some(item.ident.unraw().to_string()),
        _ => None,
    });
    declared
        .map(|name| folder.join(name).with_extension("rs"))
        .collect()
}

fn check_order(specs: &[Spec], files: &[File]) {
    if specs.len() < 2 {
        return;
    }
    let backwards = generate_from(&discovered(specs.iter().rev()), &Surroundings::default())
        .expect("the order of specs does not matter");
    let texts = |files: &[File]| -> Vec<String> {
        files.iter().map(|file| code(file).to_owned()).collect()
    };
    assert_eq!(texts(files), texts(&backwards.files));
}

fn code(file: &File) -> &str {
    match &file.ownership {
        Ownership::Generated(code) => code,
        Ownership::Handwritten(skeleton) => &skeleton.code,
    }
}

/// An item that no template writes comes from a spec that broke out of its place.
struct Kinds<'a> {
    code: &'a str,
}

impl<'ast> Visit<'ast> for Kinds<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let is_ours = matches!(
            item,
            Item::Const(_)
                | Item::Fn(_)
                | Item::Impl(_)
                | Item::Mod(_)
                | Item::Struct(_)
                | Item::Trait(_)
                | Item::Use(_)
        );
        assert!(
            is_ours,
            "an item of a kind that no template writes:\n{}",
            self.code
        );
        syn::visit::visit_item(self, item);
    }

    fn visit_expr_unsafe(&mut self, _: &'ast syn::ExprUnsafe) {
        panic!("unsafe code:\n{}", self.code);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let is_ours = ["format", "matches", "vec"]
            .iter()
            .any(|name| call.path.is_ident(name));
        assert!(is_ours, "a macro that no template writes:\n{}", self.code);
    }
}
