//! The rooms of the runtime: what a file may import, and what a crate may know.

use crate::support::repository;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use syn::{Attribute, Item, UseTree, Visibility};
use walkdir::WalkDir;

/// `channels`, `registry` for `channels/registry.rs`; nothing for `lib.rs`.
type Module = Vec<String>;

type Arrows<T> = BTreeMap<T, BTreeSet<T>>;

/// One file: what it imports, and what it exports of other files.
#[derive(Default)]
struct Source {
    paths: Vec<Module>,
    exports: BTreeMap<String, Module>,
}

/// Reads the sources of a crate, without its tests.
fn sources(crate_dir: &str) -> BTreeMap<Module, Source> {
    let root = repository().join(crate_dir).join("src");
    let files = rust_files(&root);
    let read = files.into_iter().filter_map(|path| {
        let module = module(path.strip_prefix(&root).unwrap());
        let is_test = module.iter().any(|segment| segment == "tests");
        let text = fs::read_to_string(&path).unwrap();
        (!is_test).then(|| (module.clone(), source(&text, &module)))
    });
    let sources: BTreeMap<_, _> = read.collect();
    assert!(sources.len() > 1, "{crate_dir} has no sources");
    sources
}

fn rust_files(root: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(root).sort_by_file_name().into_iter();
    let paths = entries.map(|entry| entry.unwrap().into_path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn module(path: &Path) -> Module {
    let path = path.with_extension("");
    let segments = path.iter().map(|part| part.to_str().unwrap().to_owned());
    segments.filter(|segment| segment != "lib").collect()
}

fn source(text: &str, module: &Module) -> Source {
    let mut source = Source::default();
    for item in syn::parse_file(text).unwrap().items {
        match item {
            Item::Mod(item) if is_for_tests(&item.attrs) => {}
            Item::Use(item) if !matches!(item.vis, Visibility::Inherited) => {
                export(&item.tree, Vec::new(), module, &mut source.exports);
            }
            item => find_paths(item.to_token_stream(), module, &mut source.paths),
        }
    }
    source
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    let text = |attribute: &Attribute| attribute.to_token_stream().to_string();
    attributes
        .iter()
        .any(|attribute| text(attribute).replace(' ', "") == "#[cfg(test)]")
}

fn export(
    tree: &UseTree,
    mut path: Module,
    module: &Module,
    exports: &mut BTreeMap<String, Module>,
) {
    match tree {
        UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            export(&tree.tree, path, module, exports);
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                export(tree, path.clone(), module, exports);
            }
        }
        UseTree::Name(name) => {
            path.push(name.ident.to_string());
            exports.extend(absolute(path, module).map(|path| (name.ident.to_string(), path)));
        }
        UseTree::Rename(_) | UseTree::Glob(_) => {}
    }
}

/// Finds `crate::…`, `self::…` and `super::…`, in a `use` and anywhere else but `pub(in …)`.
fn find_paths(tokens: TokenStream, module: &Module, paths: &mut Vec<Module>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let mut inside = module.clone();
                inside.extend(inline_module(&tokens[..at]));
                find_paths(group.stream(), &inside, paths);
            }
            TokenTree::Ident(_) if begins_path(&tokens[at..]) => {
                let is_visibility = at > 0 && tokens[at - 1].to_string() == "in";
                if !is_visibility {
                    branches(&tokens[at..], Vec::new(), &mut |path| {
                        paths.extend(absolute(path, module));
                    });
                }
            }
            _ => {}
        }
    }
}

/// The name of the module whose content comes next, if one does.
fn inline_module(before: &[TokenTree]) -> Option<String> {
    match before {
        [.., TokenTree::Ident(keyword), TokenTree::Ident(name)] if keyword == "mod" => {
            Some(name.to_string())
        }
        _ => None,
    }
}

fn begins_path(tokens: &[TokenTree]) -> bool {
    let words: Vec<_> = tokens.iter().take(3).map(TokenTree::to_string).collect();
    matches!(&*words, [root, a, b] if ["crate", "self", "super"].contains(&&**root) && a == ":" && b == ":")
}

/// Hands on every path of a tree like `a::{b, c::d}`.
fn branches(tokens: &[TokenTree], mut path: Module, found: &mut impl FnMut(Module)) {
    match tokens {
        [
            TokenTree::Ident(ident),
            TokenTree::Punct(a),
            TokenTree::Punct(b),
            rest @ ..,
        ] if a.as_char() == ':' && b.as_char() == ':' => {
            path.push(ident.to_string());
            branches(rest, path, found);
        }
        [TokenTree::Ident(ident), ..] => {
            path.push(ident.to_string());
            found(path);
        }
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Brace => {
            let inner: Vec<_> = group.stream().into_iter().collect();
            let is_comma = |token: &TokenTree| token.to_string() == ",";
            for tokens in inner.split(is_comma) {
                branches(tokens, path.clone(), found);
            }
        }
        _ => {}
    }
}

/// A path from the root of the crate. `None`: into another crate.
fn absolute(path: Module, module: &Module) -> Option<Module> {
    let mut absolute = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => module.clone(),
        _ => return None,
    };
    for segment in path {
        match segment.as_str() {
            "crate" | "self" => {}
            "super" => drop(absolute.pop()),
            _ => absolute.push(segment),
        }
    }
    Some(absolute)
}

/// The file that has what a path names, wherever it is exported again.
fn file(path: &[String], sources: &BTreeMap<Module, Source>) -> Module {
    let longest = (0..=path.len())
        .rev()
        .find(|end| sources.contains_key(&path[..*end]));
    let (module, rest) = path.split_at(longest.unwrap());
    match rest
        .first()
        .and_then(|name| sources[module].exports.get(name))
    {
        Some(exported) => file(&[exported, &rest[1..]].concat(), sources),
        None => module.to_owned(),
    }
}

/// Which file imports from which. The root of a crate only exports.
fn arrows(sources: &BTreeMap<Module, Source>) -> Arrows<Module> {
    let to = |source: &Source| {
        let files = source.paths.iter().map(|path| file(path, sources));
        files.filter(|file| !file.is_empty()).collect()
    };
    let files = sources.iter().filter(|(module, _)| !module.is_empty());
    files
        .map(|(module, source)| (module.clone(), to(source)))
        .collect()
}

/// The arrows between the folders at the top of a crate.
fn between_rooms(arrows: &Arrows<Module>) -> Arrows<String> {
    let room = |module: &Module| module.first().cloned().unwrap_or_default();
    let mut rooms = Arrows::new();
    for (from, to) in arrows {
        let others = to.iter().map(room).filter(|to| *to != room(from));
        rooms
            .entry(room(from))
            .or_insert_with(BTreeSet::new)
            .extend(others);
    }
    rooms
}

/// The arrows of circles, and of the ways to them: takes away what imports nothing that is left, again
/// and again.
fn circles<T: Ord + Clone>(mut arrows: Arrows<T>) -> Arrows<T> {
    loop {
        let left: BTreeSet<T> = arrows.keys().cloned().collect();
        for (from, to) in &mut arrows {
            to.retain(|to| to != from && left.contains(to));
        }
        arrows.retain(|_, to| !to.is_empty());
        if arrows.len() == left.len() {
            return arrows;
        }
    }
}

#[test]
fn files_and_rooms_of_the_runtime_have_no_import_circles() {
    for crate_dir in ["runtime/core", "runtime/replicas", "runtime"] {
        let arrows = arrows(&sources(crate_dir));
        assert_eq!(
            circles(between_rooms(&arrows)),
            Arrows::new(),
            "{crate_dir}"
        );
        assert_eq!(circles(arrows), Arrows::new(), "{crate_dir}");
    }
}

#[test]
fn rooms_of_the_core_import_from_those_above_them_in_the_table() {
    let text = fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    let (_, text) = text.split_once("Rooms of the core").unwrap();
    let table = text.lines().skip_while(|line| !line.starts_with('|'));
    let cells = table.map_while(|line| line.strip_prefix('|')?.split('|').next());
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let names: Vec<_> = names.map(str::to_owned).collect();
    for (from, to) in between_rooms(&arrows(&sources("runtime/core"))) {
        let above = names.split(|name| *name == from).next().unwrap();
        assert!(above.len() < names.len(), "{from} is not in the table");
        for to in to {
            assert!(above.contains(&to), "{from} imports from {to}");
        }
    }
}

#[test]
fn a_circle_is_found() {
    let arrows = |pairs: &[(&'static str, &'static str)]| {
        let mut arrows = Arrows::new();
        for (from, to) in pairs {
            arrows
                .entry(*from)
                .or_insert_with(BTreeSet::new)
                .insert(*to);
            arrows.entry(to).or_default();
        }
        arrows
    };
    let tree = arrows(&[("a", "b"), ("a", "c"), ("b", "c")]);
    assert_eq!(circles(tree), Arrows::new());
    let circle = arrows(&[("b", "c"), ("c", "b"), ("c", "d")]);
    assert_eq!(
        circles(circle),
        Arrows::from([("b", ["c"].into()), ("c", ["b"].into())])
    );
}

#[test]
fn the_core_names_no_engine() {
    for path in rust_files(&repository().join("runtime/core/src")) {
        let text = fs::read_to_string(&path).unwrap().to_lowercase();
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        for word in words {
            let is_engine = ["redis", "nats", "jetstream", "autumn_ws_replicas"].contains(&word);
            assert!(!is_engine, "{}: {word}", path.display());
        }
    }
}

#[test]
fn an_application_without_replicas_compiles_no_engine() {
    let manifest = |crate_dir: &str| -> toml::Table {
        let path = repository().join(crate_dir).join("Cargo.toml");
        fs::read_to_string(path).unwrap().parse().unwrap()
    };
    let core = &manifest("runtime/core")["dependencies"];
    assert!(core.get("autumn-ws-replicas").is_none());
    let facade = manifest("runtime");
    let replicas = &facade["dependencies"]["autumn-ws-replicas"];
    assert_eq!(replicas["optional"].as_bool(), Some(true));
    let default = facade["features"]["default"].as_array().unwrap();
    assert_eq!(default, &[toml::Value::from("http2")]);
}
