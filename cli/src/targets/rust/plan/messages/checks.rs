//! The ranges of a type as calls of the runtime.

use super::types::Scope;
use crate::{
    contract::{Field, Type},
    targets::rust::{
        ir::tokens::{Str, Tokens},
        names,
    },
    value::{Basic, Bounds, Float, Integer},
};
use std::fmt::Display;

/// A value in Rust.
struct Value {
    /// A reference to it.
    by_reference: String,
    /// Itself, where it can be copied.
    itself: String,
    /// What its methods are called on.
    place: String,
}

impl Value {
    /// A field of `self`.
    fn field(ident: &str) -> Self {
        Self {
            by_reference: format!("&self.{ident}"),
            itself: format!("self.{ident}"),
            place: format!("self.{ident}"),
        }
    }

    /// A variable that is a reference.
    fn variable(name: &str) -> Self {
        Self {
            by_reference: name.to_owned(),
            itself: format!("*{name}"),
            place: name.to_owned(),
        }
    }
}

/// The checks of a field, line by line; none where everything is allowed.
pub(super) fn field(field: &Field, scope: &Scope) -> Vec<Tokens> {
    let ident = names::field(&field.name);
    let at = format!("at.field({})", Str::new(field.wire.as_str()));
    let (ty, may_be_absent) = match field.ty.resolved() {
        Type::Nullable(inner) => (&**inner, true),
        ty => (ty, field.is_optional),
    };
    let value = if may_be_absent {
        Value::variable(&ident)
    } else {
        Value::field(&ident)
    };
    let lines = match check(&at, &value, ty, scope) {
        Check::Nothing => Vec::new(),
        // The runtime checks what is in an `Option`.
        Check::Whole => vec![format!("{at}.value(&self.{ident});")],
        Check::Calls(lines) if may_be_absent => present(&ident, &format!("&self.{ident}"), lines),
        Check::Calls(lines) => lines,
    };
    lines.into_iter().map(Tokens::new).collect()
}

/// What there is to check about a value.
enum Check {
    /// Nothing.
    Nothing,
    /// Whatever its type checks by itself.
    Whole,
    /// What these statements do, each over one or more lines.
    Calls(Vec<String>),
}

fn present(binding: &str, value: &str, lines: Vec<String>) -> Vec<String> {
    let first = format!("if let Some({binding}) = {value} {{");
    block(first, lines, "}")
}

fn block(first: String, lines: Vec<String>, last: &str) -> Vec<String> {
    let inside = lines.into_iter().map(|line| format!("    {line}"));
    let mut block = vec![first];
    block.extend(inside);
    block.push(last.to_owned());
    block
}

fn check(at: &str, value: &Value, ty: &Type, scope: &Scope) -> Check {
    match ty {
        Type::Basic(basic) => match self::basic(basic, at, value) {
            Some(call) => Check::Calls(vec![format!("{call};")]),
            None => Check::Nothing,
        },
        Type::List(element, items) => elements(at, value, element, items, ("each", "item"), scope),
        Type::Map(inner, items) => elements(at, value, inner, items, ("entries", "value"), scope),
        Type::Nullable(inner) => {
            let variable = Value::variable("value");
            match check(at, &variable, inner, scope) {
                Check::Calls(lines) => Check::Calls(present("value", &value.by_reference, lines)),
                other => other,
            }
        }
        Type::Named(reference) if scope.facts.is_checked(reference) => Check::Whole,
        Type::Alias(_, inner) => check(at, value, inner, scope),
        Type::Named(_) | Type::Rust(_) => Check::Nothing,
    }
}

/// The number of elements, and each of them. `each` is the method, and what it calls an element.
fn elements(
    at: &str,
    value: &Value,
    ty: &Type,
    items: &Bounds<u32>,
    each: (&str, &str),
    scope: &Scope,
) -> Check {
    let Value {
        by_reference,
        place,
        ..
    } = value;
    let (method, variable) = each;
    let counted =
        (!items.is_all()).then(|| format!("{at}.items({place}.len(), {});", lengths(items)));
    let element = Value::variable(variable);
    let lines = match check("at", &element, ty, scope) {
        Check::Nothing => Vec::new(),
        Check::Whole if counted.is_none() => return Check::Whole,
        Check::Whole => vec![format!("{at}.value({by_reference});")],
        Check::Calls(lines) => {
            let start = format!("{at}.{method}({by_reference}, |at, {variable}| ");
            match lines.as_slice() {
                [line] => vec![format!("{start}{});", line.trim_end_matches(';'))],
                _ => block(start + "{", lines, "});"),
            }
        }
    };
    let lines: Vec<String> = counted.into_iter().chain(lines).collect();
    if lines.is_empty() {
        Check::Nothing
    } else {
        Check::Calls(lines)
    }
}

fn basic(basic: &Basic, at: &str, value: &Value) -> Option<String> {
    let Value {
        by_reference,
        itself,
        place,
    } = value;
    match basic {
        Basic::Text(length) if !length.is_all() => {
            Some(format!("{at}.length({by_reference}, {})", lengths(length)))
        }
        Basic::Bytes(size) if !size.is_all() => {
            Some(format!("{at}.size({place}.len(), {})", lengths(size)))
        }
        Basic::Integer(Integer::Int, within) => {
            let within = range(within, |number| Tokens::number(number).to_string());
            Some(format!("{at}.int({itself}, {within})"))
        }
        Basic::Integer(_, within) if !within.is_all() => {
            let within = range(within, |number| Tokens::number(number).to_string());
            Some(format!("{at}.range({itself}, {within})"))
        }
        Basic::Float(float, within) if !within.is_all() => {
            let within = range(within, |number| self::float(*float, *number));
            Some(format!("{at}.range({itself}, {within})"))
        }
        _ => None,
    }
}

/// In as many digits as the type can tell apart.
#[allow(
    clippy::cast_possible_truncation,
    reason = "to the type that the number is compared with"
)]
fn float(float: Float, number: f64) -> String {
    let digits = match float {
        Float::Single => (number as f32).to_string(),
        Float::Double => number.to_string(),
    };
    Tokens::float(&digits).to_string()
}

fn lengths(range: &Bounds<u32>) -> String {
    let least = range.least.filter(|least| *least > 0);
    let range = Bounds { least, ..*range };
    self::range(&range, |number| Tokens::number(number).to_string())
}

fn range<T: Display>(range: &Bounds<T>, number: impl Fn(&T) -> String) -> String {
    let least = range.least.as_ref().map(&number).unwrap_or_default();
    match &range.most {
        Some(most) => format!("{least}..={}", number(most)),
        None => format!("{least}.."),
    }
}
