//! Types and messages: every name in them means something, and they can be what they say.

use super::{
    declarations::{Declaration, Declarations, Names, What, collision, names},
    mistakes::{
        absent_and_null, circle_of_names, empty_one_of, nameless_field, nameless_member,
        nameless_variant, reserved_field, same_field, same_variant, uncounted, unfit_member,
        unknown_name,
    },
    uses,
};
use crate::{
    contract::{Definition, Field, Member, Message, Reference, Shape, Tag, Type, Variant},
    diagnostic::Diagnostic,
    place::{At, Place},
    spec::{self, TypeExpr, TypeShape},
    value::{Lengths, Name, TypeName, WireName},
};
use std::{collections::BTreeMap, sync::Arc};

/// The types and messages of a spec that could be understood, and what it can name.
pub(super) struct Understood<'a> {
    pub(super) names: Names<'a>,
    pub(super) definitions: Vec<Arc<Definition>>,
    pub(super) messages: Vec<Arc<Message>>,
}

/// The types and messages of each spec.
pub(super) fn of_all<'a>(
    all: &[Declarations<'a>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Understood<'a>> {
    let mut aliases = BTreeMap::new();
    let mut found: BTreeMap<usize, Understood> = BTreeMap::new();
    for position in uses::in_order(all) {
        let Some(declarations) = all.get(position) else {
            continue;
        };
        let names = names(all, position, diagnostics);
        let types = understood(declarations, names, &mut aliases, diagnostics);
        found.insert(position, types);
    }
    found.into_values().collect()
}

/// Understands what a spec declares. Whatever is left out has its diagnostic.
fn understood<'a>(
    declarations: &Declarations,
    names: Names<'a>,
    aliases: &mut BTreeMap<Reference, Option<Type>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Understood<'a> {
    let mut resolver = Resolver {
        declarations,
        names: &names,
        found: Vec::new(),
        aliases,
        open: Vec::new(),
        taken: BTreeMap::new(),
        diagnostics,
    };
    for declaration in &declarations.own {
        let name = declaration.reference.name.clone();
        resolver.taken.insert(name, declaration.place.clone());
    }
    let mut messages = Vec::new();
    for declaration in &declarations.own {
        match declaration.what {
            What::Type(entry) => resolver.declared(declaration, entry),
            What::Message(message) => {
                resolver.message(declaration, message);
                messages.push(Arc::new(contract(declarations, declaration, message)));
            }
        }
    }
    let definitions = resolver.found;
    Understood {
        names,
        definitions,
        messages,
    }
}

fn contract(
    declarations: &Declarations,
    declaration: &Declaration,
    message: &spec::Message,
) -> Message {
    let kind = message.kind.value.as_str().to_owned();
    Message {
        kind: message.kind.clone(),
        tag: message
            .number
            .as_ref()
            .map_or(Tag::Text(kind), |number| Tag::Number(number.value.0)),
        ty: declaration.reference.clone(),
        since: message.since.as_ref().map(|since| since.value.0),
        example: message
            .example
            .clone()
            .map(|example| At::new(example.value.0, example.place)),
        wire: Arc::clone(&declarations.wire),
    }
}

/// Makes definitions of what one spec declares.
struct Resolver<'a, 'd> {
    declarations: &'a Declarations<'a>,
    names: &'a Names<'a>,
    found: Vec<Arc<Definition>>,
    /// What the aliases of all specs stand for, as far as that is known.
    aliases: &'d mut BTreeMap<Reference, Option<Type>>,
    /// The aliases that are being understood.
    open: Vec<Reference>,
    /// The names in code, and where they come from.
    taken: BTreeMap<TypeName, Place>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// A part of a type that a name in code can be made for.
struct Owner<'a> {
    name: &'a TypeName,
    place: &'a Place,
}

impl Resolver<'_, '_> {
    fn define(
        &mut self,
        reference: &Reference,
        place: &Place,
        doc: Option<&At<String>>,
        shape: Shape,
    ) {
        self.found.push(Arc::new(Definition {
            reference: reference.clone(),
            place: place.clone(),
            doc: doc.map(|doc| doc.value.clone()),
            shape,
        }));
    }

    fn declared(&mut self, declaration: &Declaration, entry: &spec::TypeEntry) {
        let name = &declaration.reference.name;
        let shape = match &entry.ty {
            None => return,
            Some(spec::Type::Object(fields)) => Some(Shape::Object(self.fields(name, fields))),
            Some(spec::Type::Enum(variants)) => Some(Shape::Enum(self.variants(variants))),
            Some(spec::Type::OneOf { tag, members }) => Some(self.one_of(tag, members)),
            Some(spec::Type::Foreign { rust, ts }) => Some(Shape::Foreign {
                rust: rust.clone(),
                ts: ts.as_ref().map(|ts| ts.value.clone()),
            }),
            Some(spec::Type::Alias(ty)) => self.alias(declaration, ty).map(Shape::Alias),
        };
        if let Some(shape) = shape {
            self.define(
                &declaration.reference,
                declaration.place,
                entry.doc.as_ref(),
                shape,
            );
        }
    }

    fn alias(&mut self, declaration: &Declaration, ty: &TypeExpr) -> Option<Type> {
        let reference = &declaration.reference;
        if let Some(known) = self.aliases.get(reference) {
            return known.clone();
        }
        // Specs that use each other in a circle have their diagnostic.
        if reference.module != self.declarations.module {
            return None;
        }
        if let Some(start) = self.open.iter().position(|open| open == reference) {
            let circle = self.open.iter().skip(start).chain([reference]);
            let names: Vec<String> = circle.map(|open| format!("`{}`", open.name)).collect();
            self.diagnostics
                .push(circle_of_names(&names, declaration.place));
            return None;
        }
        self.open.push(reference.clone());
        let item = reference.name.of_part(&Name::item());
        let owner = Owner {
            name: &item,
            place: declaration.place,
        };
        let ty = self.ty(ty, &owner);
        self.open.pop();
        self.aliases.insert(reference.clone(), ty.clone());
        ty
    }

    fn message(&mut self, declaration: &Declaration, message: &spec::Message) {
        let wire = &self.declarations.wire;
        if wire.content.is_none() {
            for (reserved, what) in [(&wire.tag, "tag"), (&wire.id, "id")] {
                let mut fields = message.fields.iter();
                if let Some(field) = fields.find(|field| field.key.value.wire == *reserved) {
                    self.diagnostics.push(reserved_field(reserved, what, field));
                }
            }
        }
        let fields = self.fields(&declaration.reference.name, &message.fields);
        let shape = Shape::Object(fields);
        self.define(
            &declaration.reference,
            declaration.place,
            message.doc.as_ref(),
            shape,
        );
    }

    fn fields(&mut self, owner: &TypeName, written: &[spec::Field]) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for written in written {
            let Some(field) = self.field(owner, written) else {
                continue;
            };
            let same = |other: &&Field| other.wire == field.wire || other.name == field.name;
            match fields.iter().find(same) {
                Some(first) => self.diagnostics.push(same_field(&field, first)),
                None => fields.push(field),
            }
        }
        fields
    }

    fn field(&mut self, owner: &TypeName, written: &spec::Field) -> Option<Field> {
        let place = &written.key.place;
        let key = &written.key.value;
        let name = written.name.as_ref().map(|name| name.value.clone());
        let Some(name) = name.or_else(|| key.wire.name()) else {
            self.diagnostics.push(nameless_field(&key.wire, place));
            return None;
        };
        let part = owner.of_part(&name);
        let owner = Owner { name: &part, place };
        let ty = self.ty(written.ty.as_ref()?, &owner)?;
        if key.is_optional && ty.is_nullable() {
            self.diagnostics.push(absent_and_null(written));
        }
        Some(Field {
            wire: key.wire.clone(),
            name,
            ty,
            is_optional: key.is_optional,
            doc: written.doc.as_ref().map(|doc| doc.value.clone()),
            is_deprecated: written.is_deprecated,
            place: place.clone(),
        })
    }

    /// A type where it is used.
    fn ty(&mut self, written: &TypeExpr, owner: &Owner) -> Option<Type> {
        let items = written
            .items
            .as_ref()
            .map_or(Lengths::ALL, |items| items.value);
        let ty = match &written.shape {
            TypeShape::Basic(basic) => Type::Basic(*basic),
            TypeShape::List(element) => Type::List(Box::new(self.ty(element, owner)?), items),
            TypeShape::Map(value) => Type::Map(Box::new(self.ty(value, owner)?), items),
            TypeShape::Enum(variants) => self.inline(variants, owner)?,
            TypeShape::Named(name) => self.named(name, written, owner)?,
        };
        let is_counted = matches!(written.shape, TypeShape::List(_) | TypeShape::Map(_));
        if let Some(items) = written.items.as_ref().filter(|_| !is_counted) {
            self.diagnostics.push(uncounted(items));
        }
        Some(if written.is_nullable && !ty.is_nullable() {
            Type::Nullable(Box::new(ty))
        } else {
            ty
        })
    }

    /// The `enum` of a field has a name that is made of the field's.
    fn inline(&mut self, variants: &[spec::Variant], owner: &Owner) -> Option<Type> {
        let reference = Reference {
            module: Arc::clone(&self.declarations.module),
            name: owner.name.clone(),
        };
        if let Some(first) = self.taken.insert(owner.name.clone(), owner.place.clone())
            && first.steps() != owner.place.steps()
        {
            self.diagnostics
                .push(collision(owner.name, owner.place, &first));
            return None;
        }
        let shape = Shape::Enum(self.variants(variants));
        self.define(&reference, owner.place, None, shape);
        Some(Type::Named(reference))
    }

    fn named(&mut self, name: &str, written: &TypeExpr, owner: &Owner) -> Option<Type> {
        let Some(declaration) = self.names.get(name) else {
            let field = owner.place.name();
            self.diagnostics
                .push(unknown_name(name, &written.place, self.names, field));
            return None;
        };
        let reference = declaration.reference.clone();
        Some(match declaration.what {
            What::Type(spec::TypeEntry {
                ty: Some(spec::Type::Alias(ty)),
                ..
            }) => Type::Alias(reference, Box::new(self.alias(declaration, ty)?)),
            What::Type(_) | What::Message(_) => Type::Named(reference),
        })
    }

    fn variants(&mut self, written: &[spec::Variant]) -> Vec<Variant> {
        let mut variants: Vec<Variant> = Vec::new();
        for spec::Variant { value, name } in written {
            let name = name.as_ref().map(|name| name.value.clone());
            let Some(name) = name.or_else(|| TypeName::made_of(&value.value)) else {
                self.diagnostics.push(nameless_variant(value));
                continue;
            };
            let variant = Variant {
                value: value.value.clone(),
                name,
                place: value.place.clone(),
            };
            let same =
                |other: &&Variant| other.value == variant.value || other.name == variant.name;
            match variants.iter().find(same) {
                Some(first) => self.diagnostics.push(same_variant(&variant, first)),
                None => variants.push(variant),
            }
        }
        variants
    }

    fn one_of(&mut self, tag: &At<WireName>, written: &[spec::Member]) -> Shape {
        let mut members: Vec<Member> = Vec::new();
        for spec::Member { tag: value, ty } in written {
            let Some(ty) = ty else { continue };
            let Some(declaration) = self.names.get(ty.value.as_str()) else {
                self.diagnostics
                    .push(unknown_name(&ty.value, &ty.place, self.names, None));
                continue;
            };
            let Some(name) = TypeName::made_of(value.value.as_str()) else {
                self.diagnostics.push(nameless_member(value));
                continue;
            };
            if let Some(diagnostic) = unfit_member(declaration, tag, ty) {
                self.diagnostics.push(diagnostic);
                continue;
            }
            if let Some(first) = members.iter().find(|other| other.name == name) {
                self.diagnostics
                    .push(collision(&name, &value.place, &first.place));
                continue;
            }
            members.push(Member {
                tag: value.value.clone(),
                name,
                ty: declaration.reference.clone(),
                place: value.place.clone(),
            });
        }
        if written.is_empty() {
            self.diagnostics.push(empty_one_of(tag));
        }
        Shape::OneOf {
            tag: tag.value.clone(),
            members,
        }
    }
}
