//! The paths that a type is built from.

use crate::{diagnostic::code, value::Mistake};
use quote::ToTokens;
use syn::{GenericArgument, Path, PathArguments, Type, TypePath};

/// Visits the paths of a type; an error if it is built from anything else than paths, tuples and arrays.
pub(super) fn each(
    ty: &Type,
    visit: &mut dyn FnMut(&TypePath) -> Result<(), Mistake>,
) -> Result<(), Mistake> {
    match ty {
        Type::Path(path) if path.qself.is_none() => {
            visit(path)?;
            for segment in &path.path.segments {
                match &segment.arguments {
                    PathArguments::None => {}
                    PathArguments::AngleBracketed(arguments) => {
                        for argument in &arguments.args {
                            match argument {
                                GenericArgument::Type(ty) => each(ty, visit)?,
                                GenericArgument::Lifetime(lifetime)
                                    if lifetime.ident == "static" => {}
                                GenericArgument::Const(syn::Expr::Lit(_)) => {}
                                other => {
                                    return Err(unsupported(&other.to_token_stream().to_string()));
                                }
                            }
                        }
                    }
                    PathArguments::Parenthesized(other) => {
                        return Err(unsupported(&other.to_token_stream().to_string()));
                    }
                }
            }
            Ok(())
        }
        Type::Tuple(tuple) => tuple.elems.iter().try_for_each(|ty| each(ty, visit)),
        Type::Array(array) if matches!(array.len, syn::Expr::Lit(_)) => each(&array.elem, visit),
        Type::Paren(inner) => each(&inner.elem, visit),
        other => Err(unsupported(&other.to_token_stream().to_string())),
    }
}

fn unsupported(tokens: &str) -> Mistake {
    Mistake::new(
        code::UNFIT_TYPE,
        format!("`{tokens}` is not allowed in a spec"),
        "extracted values are owned: no references, `impl`, `dyn`, `fn`, `_` or macros",
    )
    .help("use an owned type, or name it with a type alias in your crate")
}

/// The last segment of a path.
pub(super) fn last_segment(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// The names of a path.
pub(super) fn names(path: &Path) -> Vec<String> {
    let segments = path.segments.iter();
    segments.map(|part| part.ident.to_string()).collect()
}

/// What is behind a type's `Arc`s, however many there are.
pub(super) fn behind_arcs(ty: &Type) -> &Type {
    match inside_arc(ty) {
        Some(inner) => behind_arcs(inner),
        None => ty,
    }
}

fn inside_arc(ty: &Type) -> Option<&Type> {
    let Type::Path(TypePath { path, .. }) = ty else {
        return None;
    };
    let names = names(path);
    let is_arc = matches!(names.as_slice(), [root, sync, arc] if (root == "std" || root == "alloc") && sync == "sync" && arc == "Arc");
    match &path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) if is_arc => match arguments.args.first()? {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}
