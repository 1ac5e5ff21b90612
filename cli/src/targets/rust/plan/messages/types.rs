//! Types as Rust, and as serde has to read and write them.

use super::{super::Imports, Facts};
use crate::{
    contract::{Reference, Type},
    project::RustType,
    targets::rust::names,
    value::Basic,
};
use std::collections::BTreeSet;

/// What a module can name without a path.
pub(super) struct Scope<'a> {
    /// The items of the module, which hide whatever else is called so.
    items: BTreeSet<&'a str>,
    pub(super) facts: &'a Facts,
    imports: &'a mut Imports,
}

/// The items of the prelude that are used, and where they come from.
const PRELUDE: [(&str, &str); 5] = [
    ("Box", "std::boxed::Box"),
    ("Option", "std::option::Option"),
    ("Result", "std::result::Result"),
    ("String", "std::string::String"),
    ("Vec", "std::vec::Vec"),
];

impl<'a> Scope<'a> {
    pub(super) fn new(
        items: BTreeSet<&'a str>,
        facts: &'a Facts,
        imports: &'a mut Imports,
    ) -> Self {
        Self {
            items,
            facts,
            imports,
        }
    }

    /// An item of the prelude, by its whole path where an item of the module is called so.
    pub(super) fn prelude(&self, name: &'static str) -> &'static str {
        let mut prelude = PRELUDE.iter();
        let hidden = prelude.find(|(other, _)| *other == name && self.items.contains(name));
        hidden.map_or(name, |(_, path)| path)
    }

    /// An item that is imported, or named by its whole path where an item of the module is called so.
    pub(super) fn import(&mut self, path: &'static str) -> String {
        let name = path.rsplit("::").next().unwrap_or(path);
        if self.items.contains(name) {
            let (root, rest) = path.split_once("::").unwrap_or((path, ""));
            return format!("{}::{rest}", self.imports.path(root));
        }
        self.imports.need([path]);
        name.to_owned()
    }

    /// A type of the field of a struct: what contains itself is boxed.
    pub(super) fn field(&mut self, outer: &Reference, ty: &Type) -> String {
        match ty {
            Type::Nullable(inner) => {
                let inner = self.field(outer, inner);
                format!("{}<{inner}>", self.prelude("Option"))
            }
            ty => {
                let is_circular = ty
                    .contained()
                    .is_some_and(|inner| self.facts.is_circular(outer, inner));
                let code = self.ty(ty);
                if is_circular {
                    format!("{}<{code}>", self.prelude("Box"))
                } else {
                    code
                }
            }
        }
    }

    /// A type.
    pub(super) fn ty(&mut self, ty: &Type) -> String {
        match ty {
            Type::Basic(basic) => self.basic(basic),
            Type::List(element, _) => {
                let element = self.ty(element);
                format!("{}<{element}>", self.prelude("Vec"))
            }
            Type::Map(value, _) => {
                let value = self.ty(value);
                let map = self.import("std::collections::BTreeMap");
                format!("{map}<{}, {value}>", self.prelude("String"))
            }
            Type::Nullable(inner) => {
                let inner = self.ty(inner);
                format!("{}<{inner}>", self.prelude("Option"))
            }
            Type::Named(reference) | Type::Alias(reference, _) => {
                names::type_ident(&reference.name)
            }
            Type::Rust(ty) => ty.code().to_owned(),
        }
    }

    fn basic(&mut self, basic: &Basic) -> String {
        match basic {
            Basic::Text(_) => self.prelude("String").to_owned(),
            Basic::Bool | Basic::Integer(..) | Basic::Float(..) => names::copied(basic),
            Basic::Uuid => self.facts.types.uuid.ty.code().to_owned(),
            Basic::Time => self.facts.types.time.ty.code().to_owned(),
            Basic::Bytes(_) => self.import("autumn_ws::Bytes"),
            Basic::Json => format!("{}::Value", self.facts.crates.serde_json),
        }
    }

    /// What reads and writes a field that serde does not as the wire has it: `As::<Vec<Decimal>>`, or a module of the
    /// application's choice.
    pub(super) fn with(&mut self, ty: &Type, is_optional: bool) -> Option<String> {
        if let Some((with, is_option)) = self.chosen(ty) {
            let is_option = is_option || is_optional;
            return Some(if is_option {
                format!("{with}::option")
            } else {
                with
            });
        }
        let adapter = self.adapter(ty)?;
        let adapter = if is_optional {
            format!("{}<{adapter}>", self.prelude("Option"))
        } else {
            adapter
        };
        Some(format!(
            "{}::<{adapter}>",
            self.import("autumn_ws::messages::As")
        ))
    }

    /// The module that was chosen for a type, and whether the value may be null.
    fn chosen(&self, ty: &Type) -> Option<(String, bool)> {
        let types = &self.facts.types;
        let chosen = |ty: &RustType| Some((ty.with.as_ref()?.code().to_owned(), false));
        match ty {
            Type::Basic(Basic::Uuid) => chosen(&types.uuid),
            Type::Basic(Basic::Time) => chosen(&types.time),
            Type::Alias(_, inner) => self.chosen(inner),
            Type::Nullable(inner) => self.chosen(inner).map(|(with, _)| (with, true)),
            _ => None,
        }
    }

    fn adapter(&mut self, ty: &Type) -> Option<String> {
        match ty {
            Type::Basic(Basic::Integer(integer, _)) if integer.is_decimal() => {
                Some(self.import("autumn_ws::messages::Decimal"))
            }
            Type::Basic(Basic::Bytes(_)) => Some(self.import("autumn_ws::messages::Base64")),
            Type::List(element, _) => {
                let element = self.adapter(element)?;
                Some(format!("{}<{element}>", self.prelude("Vec")))
            }
            Type::Map(value, _) => {
                let value = self.adapter(value)?;
                let map = self.import("std::collections::BTreeMap");
                Some(format!("{map}<{}, {value}>", self.prelude("String")))
            }
            Type::Nullable(inner) => {
                let inner = self.adapter(inner)?;
                Some(format!("{}<{inner}>", self.prelude("Option")))
            }
            Type::Alias(_, inner) => self.adapter(inner),
            Type::Basic(_) | Type::Named(_) | Type::Rust(_) => None,
        }
    }
}
