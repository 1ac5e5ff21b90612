//! Finds duplicate names as rustc does, without rustc.

use std::collections::BTreeSet;
use syn::{Fields, FnArg, Ident, ImplItem, Item, Pat, Signature, TraitItem, UseTree};

/// Panics if two items of a file share a name that Rust allows only once.
pub(crate) fn check(items: &[Item]) {
    let mut types = Scope::default();
    let mut values = Scope::default();
    for item in items {
        match item {
            Item::Use(item) => each_import(&item.tree, &mut |name| {
                // Imports are types, functions, and one module with constants.
                if name.starts_with(char::is_uppercase) || name == "close_code" {
                    types.add(name);
                } else {
                    values.add(name);
                }
            }),
            Item::Mod(item) => types.add_ident(&item.ident),
            Item::Struct(item) => {
                types.add_ident(&item.ident);
                match &item.fields {
                    Fields::Unit => values.add_ident(&item.ident),
                    fields => check_all(fields.iter().filter_map(|field| field.ident.as_ref())),
                }
            }
            Item::Const(item) if item.ident != "_" => values.add_ident(&item.ident),
            Item::Fn(item) => {
                values.add_ident(&item.sig.ident);
                check_parameters(&item.sig);
            }
            Item::Trait(item) => {
                types.add_ident(&item.ident);
                check_all(
                    item.items
                        .iter()
                        .filter_map(|item| match item {
                            TraitItem::Fn(method) => Some(&method.sig),
                            _ => None,
                        })
                        .inspect(|signature| check_parameters(signature))
                        .map(|signature| &signature.ident),
                );
            }
            Item::Impl(item) => check_all(item.items.iter().filter_map(|item| match item {
                ImplItem::Fn(method) => Some(&method.sig.ident),
                ImplItem::Const(constant) => Some(&constant.ident),
                _ => None,
            })),
            _ => {}
        }
    }
}

fn check_parameters(signature: &Signature) {
    check_all(signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => match first_binding(&input.pat) {
            Some(ident) => Some(ident),
            None => None,
        },
        FnArg::Receiver(_) => None,
    }));
}

/// `Path(path)` binds `path`, `mut upgrade` binds `upgrade`.
fn first_binding(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(pattern) => Some(&pattern.ident),
        Pat::TupleStruct(pattern) => pattern.elems.first().and_then(first_binding),
        _ => None,
    }
}

fn check_all<'a>(names: impl Iterator<Item = &'a Ident>) {
    let mut scope = Scope::default();
    names.for_each(|name| scope.add_ident(name));
}

#[derive(Default)]
struct Scope(BTreeSet<String>);

impl Scope {
    fn add_ident(&mut self, name: &Ident) {
        self.add(name.to_string());
    }

    fn add(&mut self, name: String) {
        assert!(!self.0.contains(&name), "`{name}` is a duplicate name");
        self.0.insert(name);
    }
}

fn each_import(tree: &UseTree, add: &mut dyn FnMut(String)) {
    match tree {
        UseTree::Path(path) => each_import(&path.tree, add),
        UseTree::Name(name) => add(name.ident.to_string()),
        UseTree::Rename(rename) => add(rename.rename.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| each_import(tree, add)),
        UseTree::Glob(_) => panic!("a glob import"),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    fn items(code: &str) -> Vec<syn::Item> {
        syn::parse_file(code).unwrap().items
    }

    #[test]
    fn a_module_and_a_function_share_a_name() {
        check(&items(
            "mod room; use a::{B, ready}; fn room(Path(path): P, x: u8) {} struct R { a: u8 }",
        ));
    }

    #[test]
    #[should_panic(expected = "`get` is a duplicate name")]
    fn an_item_hides_an_import() {
        check(&items("use a::get; fn get() {}"));
    }

    #[test]
    #[should_panic(expected = "`path` is a duplicate name")]
    fn a_parameter_hides_another() {
        check(&items("fn f(Path(path): P, path: u8) {}"));
    }
}
