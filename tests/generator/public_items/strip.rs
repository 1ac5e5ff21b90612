//! Rust without documentation, bodies and private fields.

use syn::{
    Attribute, Block, Field, Fields, File, ItemStruct, TraitItemFn, Visibility, parse_quote,
    visit_mut::{self, VisitMut},
};

/// What stands for something that is left out.
const LEFT_OUT: &str = "__left_out";

/// The text of a file without what does not concern others.
pub fn strip(file: &mut File) -> String {
    Strip.visit_file_mut(file);
    let text = prettyplease::unparse(file);
    let (mut kept, mut lines) = (String::new(), text.lines().peekable());
    while let Some(line) = lines.next() {
        if lines
            .next_if(|next| next.trim() == format!("{LEFT_OUT};"))
            .is_some()
        {
            lines.next();
            kept += line.trim_end_matches([' ', '{']);
            kept.truncate(kept.trim_end_matches([',', '\n', ' ']).len());
            kept += ";\n";
        } else {
            kept += &line.replace(&format!("{LEFT_OUT}: ()"), "..");
            kept.push('\n');
        }
    }
    kept
}

pub fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Adds attributes to an item.
pub struct Add(pub Vec<Attribute>);

impl VisitMut for Add {
    /// The first are the item's own; then there is nothing left to add.
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.append(&mut self.0);
    }
}

struct Strip;

impl VisitMut for Strip {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        const KEPT: &[&str] = &["cfg", "deprecated", "derive", "non_exhaustive"];
        attributes.retain(|attribute| {
            let path = attribute.path();
            let is_hidden = || {
                attribute
                    .parse_args::<syn::Path>()
                    .is_ok_and(|path| path.is_ident("hidden"))
            };
            KEPT.iter().any(|kept| path.is_ident(kept)) || path.is_ident("doc") && is_hidden()
        });
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        *block = parse_quote!({
            __left_out;
        });
    }

    /// A body here is a default: it is kept as an empty one.
    fn visit_trait_item_fn_mut(&mut self, item: &mut TraitItemFn) {
        let has_default = item.default.is_some();
        visit_mut::visit_trait_item_fn_mut(self, item);
        if has_default {
            item.default = Some(parse_quote!({}));
            item.semi_token = None;
        }
    }

    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        visit_mut::visit_item_struct_mut(self, item);
        match &mut item.fields {
            Fields::Named(fields) => {
                let all = fields.named.len();
                let public = fields
                    .named
                    .iter()
                    .filter(|field| is_public(&field.vis))
                    .cloned();
                fields.named = public.collect();
                if fields.named.len() < all {
                    fields.named.push(parse_quote!(__left_out: ()));
                }
            }
            Fields::Unnamed(fields) => {
                let private = |field: &&mut Field| !is_public(&field.vis);
                fields.unnamed.iter_mut().filter(private).for_each(|field| {
                    field.vis = Visibility::Inherited;
                    field.ty = parse_quote!(_);
                });
            }
            Fields::Unit => {}
        }
    }
}
