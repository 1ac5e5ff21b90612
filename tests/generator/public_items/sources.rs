//! A crate as one tree of items, and the way from a name to its definition.

use std::{fs, path::Path};
use syn::{Attribute, Ident, Item, ItemImpl, ItemMod, ItemUse, UseTree};

/// The items of a crate: modules have their items in them.
pub struct Crate {
    pub items: Vec<Item>,
}

/// Where a name in a `use` leads.
pub enum Target<'a> {
    /// To an item of this crate, and the module that it is in.
    Here(&'a Item, Vec<String>),
    /// To another crate.
    Elsewhere,
}

/// A name that a `use` brings.
pub struct Import {
    /// The path to it, itself included.
    pub path: Vec<String>,
    /// What it is called from here on; `*` for everything in a module.
    pub name: String,
}

impl Import {
    /// The same as an item of its own.
    pub fn into_use(self, of: &ItemUse) -> ItemUse {
        let is_renamed = self.path.last() != Some(&self.name);
        let name = if is_renamed {
            format!(" as {}", self.name)
        } else {
            String::new()
        };
        let path = self.path.join("::");
        let mut item: ItemUse = syn::parse_str(&format!("pub use {path}{name};")).unwrap();
        item.attrs.clone_from(&of.attrs);
        item
    }
}

impl Crate {
    pub fn read(root: &Path) -> Self {
        let items = read(root, root.parent().unwrap());
        Self { items }
    }

    /// The items of a module.
    pub fn module(&self, path: &[String]) -> Option<&[Item]> {
        let mut items = self.items.as_slice();
        for name in path {
            let named = items.iter().find_map(|item| match item {
                Item::Mod(module) if module.ident == name => module.content.as_ref(),
                _ => None,
            });
            items = &named?.1;
        }
        Some(items)
    }

    /// Every `impl` of the crate.
    pub fn impls(&self) -> Vec<&ItemImpl> {
        fn collect<'a>(items: &'a [Item], impls: &mut Vec<&'a ItemImpl>) {
            for item in items {
                match item {
                    Item::Impl(one) => impls.push(one),
                    Item::Mod(module) => {
                        let content = module.content.as_ref();
                        collect(content.map_or(&[], |(_, items)| items), impls);
                    }
                    _ => {}
                }
            }
        }
        let mut impls = Vec::new();
        collect(&self.items, &mut impls);
        impls
    }

    /// Where a path leads that is written in a module.
    pub fn resolve(&self, module: &[String], path: &[String]) -> Target<'_> {
        self.find(module, path).unwrap_or(Target::Elsewhere)
    }

    fn find(&self, module: &[String], path: &[String]) -> Option<Target<'_>> {
        let (name, parents) = self
            .absolute(module, path)?
            .split_last()
            .map(|(name, parents)| (name.clone(), parents.to_vec()))?;
        let items = self.module(&parents)?;
        let is_it = |item: &&Item| ident(item).is_some_and(|ident| *ident == name);
        if let Some(item) = items.iter().find(is_it) {
            return Some(Target::Here(item, parents));
        }
        let imports = items.iter().flat_map(imports);
        let mut matching = imports.filter(|import| import.name == name || import.name == "*");
        matching.find_map(|import| {
            let mut path = import.path;
            if import.name == "*" {
                path.pop();
                path.push(name.clone());
            }
            self.find(&parents, &path)
        })
    }

    /// A path from the root of this crate; `None`: it leads elsewhere.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([module, rest].concat()),
            "super" => self.absolute(
                &module[..module.len() - 1],
                &[&["self".to_owned()], rest].concat(),
            ),
            name => {
                let child = [module, &[name.to_owned()]].concat();
                self.module(&child)?;
                Some([module, path].concat())
            }
        }
    }
}

/// The items of a file, with those of its modules.
fn read(file: &Path, folder: &Path) -> Vec<Item> {
    let text = fs::read_to_string(file).unwrap();
    let mut items = syn::parse_file(&text).unwrap().items;
    fill(&mut items, folder);
    items
}

/// Puts the items of modules where the modules are declared.
fn fill(items: &mut Vec<Item>, folder: &Path) {
    items.retain(|item| !matches!(item, Item::Mod(module) if is_test(&module.attrs)));
    for item in items {
        let Item::Mod(module) = item else { continue };
        let folder = folder.join(module.ident.to_string());
        match &mut module.content {
            Some((_, items)) => fill(items, &folder),
            None => load(module, &folder),
        }
    }
}

fn load(module: &mut ItemMod, folder: &Path) {
    let beside = folder.with_extension("rs");
    let file = if beside.exists() {
        beside
    } else {
        folder.join("mod.rs")
    };
    module.content = Some((syn::token::Brace::default(), read(&file, folder)));
    module.semi = None;
}

fn is_test(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        attribute
            .parse_args::<Ident>()
            .is_ok_and(|condition| condition == "test")
    };
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("cfg") && is_test(attribute))
}

/// The name of an item.
pub fn ident(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Mod(item) => Some(&item.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}

/// The names that an item brings, if it is a `use`.
pub fn imports(item: &Item) -> Vec<Import> {
    fn collect(tree: &UseTree, path: &[String], imports: &mut Vec<Import>) {
        let with = |name: &Ident| [path, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(one) => collect(&one.tree, &with(&one.ident), imports),
            UseTree::Name(one) if one.ident == "self" => imports.push(Import {
                path: path.to_vec(),
                name: path.last().cloned().unwrap_or_default(),
            }),
            UseTree::Name(one) => imports.push(Import {
                path: with(&one.ident),
                name: one.ident.to_string(),
            }),
            UseTree::Rename(one) => imports.push(Import {
                path: with(&one.ident),
                name: one.rename.to_string(),
            }),
            UseTree::Glob(_) => imports.push(Import {
                path: [path, &["*".to_owned()]].concat(),
                name: "*".to_owned(),
            }),
            UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|one| collect(one, path, imports)),
        }
    }
    let mut imports = Vec::new();
    if let Item::Use(item) = item {
        collect(&item.tree, &[], &mut imports);
    }
    imports
}
