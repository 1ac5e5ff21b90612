//! What of a crate can be seen from outside, as Rust without bodies.

use super::{
    sources::{Crate, Target, ident, imports},
    strip::{Add, is_public, strip},
};
use std::collections::BTreeSet;
use syn::{File, ImplItem, Item, ItemImpl, Path, Type, Visibility, visit_mut::VisitMut};

/// The public items of a crate.
pub fn text(source: &Crate) -> String {
    let items = visible(source, &source.items, &[]);
    let names = names(&items);
    let all = self::names(&source.items);
    // Names of other crates can be seen as well.
    let is_hidden = |name: &String| all.contains(name) && !names.contains(name);
    let impls = source.impls().into_iter().filter_map(without_private_items);
    let mut impls: Vec<ItemImpl> = impls
        .filter(|one| !subject(one).is_some_and(|name| is_hidden(&name)))
        .filter(|one| !interface(one).is_some_and(|name| is_hidden(&name)))
        .collect();
    let mut items = with_impls(items, &mut impls);
    items.extend(impls.into_iter().map(Item::Impl));
    let mut file = File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items,
    };
    strip(&mut file)
}

/// What can be seen of the items of a module.
fn visible(source: &Crate, items: &[Item], module: &[String]) -> Vec<Item> {
    let visible = items.iter().flat_map(|item| match item {
        Item::Use(one) if is_public(&one.vis) => reexports(source, item, module),
        Item::Use(_) => Vec::new(),
        item if visibility(item).is_some_and(is_public) => vec![definition(source, item, module)],
        _ => Vec::new(),
    });
    visible.collect()
}

/// What a `pub use` shows: definitions of this crate, or names of others.
fn reexports(source: &Crate, item: &Item, module: &[String]) -> Vec<Item> {
    let Item::Use(reexport) = item else {
        return Vec::new();
    };
    let imports = imports(item).into_iter();
    let shown = imports.map(|import| match source.resolve(module, &import.path) {
        Target::Here(item, home) => {
            let mut item = definition(source, item, &home);
            let conditions = reexport
                .attrs
                .iter()
                .filter(|one| one.path().is_ident("cfg"));
            Add(conditions.cloned().collect()).visit_item_mut(&mut item);
            item
        }
        Target::Elsewhere => Item::Use(import.into_use(reexport)),
    });
    shown.collect()
}

/// An item as it is seen; of a module, what can be seen in it.
fn definition(source: &Crate, item: &Item, module: &[String]) -> Item {
    let mut item = item.clone();
    if let Item::Mod(one) = &mut item
        && let Some((_, items)) = &mut one.content
    {
        let inside = [module, &[one.ident.to_string()]].concat();
        *items = visible(source, items, &inside);
    }
    item
}

/// Puts each `impl` behind what it is for.
fn with_impls(items: Vec<Item>, impls: &mut Vec<ItemImpl>) -> Vec<Item> {
    let mut complete = Vec::new();
    for mut item in items {
        if let Item::Mod(one) = &mut item
            && let Some((_, items)) = &mut one.content
        {
            *items = with_impls(std::mem::take(items), impls);
        }
        let name = ident(&item).map(ToString::to_string);
        complete.push(item);
        let is_its = |one: &mut ItemImpl| name.is_some() && subject(one) == name;
        complete.extend(impls.extract_if(.., is_its).map(Item::Impl));
    }
    complete
}

/// An `impl` as it is seen: types of a trait's, public items of any other; `None`: nothing.
fn without_private_items(one: &ItemImpl) -> Option<ItemImpl> {
    let mut one = one.clone();
    let is_of_trait = one.trait_.is_some();
    one.items.retain(|item| match item {
        ImplItem::Type(_) => true,
        ImplItem::Const(item) => !is_of_trait && is_public(&item.vis),
        ImplItem::Fn(item) => !is_of_trait && is_public(&item.vis),
        _ => false,
    });
    (is_of_trait || !one.items.is_empty()).then_some(one)
}

/// The name of the type that an `impl` is for.
fn subject(one: &ItemImpl) -> Option<String> {
    match &*one.self_ty {
        Type::Path(path) => last(&path.path),
        _ => None,
    }
}

/// The name of the trait that an `impl` is of.
fn interface(one: &ItemImpl) -> Option<String> {
    one.trait_.as_ref().and_then(|(.., path, _)| last(path))
}

fn last(path: &Path) -> Option<String> {
    path.segments
        .last()
        .map(|segment| segment.ident.to_string())
}

/// The names of items, and of those in their modules.
fn names(items: &[Item]) -> BTreeSet<String> {
    let inside = items.iter().filter_map(|item| match item {
        Item::Mod(one) => one.content.as_ref(),
        _ => None,
    });
    let inside = inside.flat_map(|(_, items)| names(items));
    let here = items.iter().filter_map(ident).map(ToString::to_string);
    inside.chain(here).collect()
}

fn visibility(item: &Item) -> Option<&Visibility> {
    match item {
        Item::Const(item) => Some(&item.vis),
        Item::Enum(item) => Some(&item.vis),
        Item::Fn(item) => Some(&item.vis),
        Item::Mod(item) => Some(&item.vis),
        Item::Static(item) => Some(&item.vis),
        Item::Struct(item) => Some(&item.vis),
        Item::Trait(item) => Some(&item.vis),
        Item::Type(item) => Some(&item.vis),
        _ => None,
    }
}
