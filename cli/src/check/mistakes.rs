//! What can be wrong with a declared type, and what to do about it.

use super::declarations::{Declaration, Names, What};
use crate::{
    contract::{Field, Variant},
    diagnostic::{Diagnostic, code},
    place::{At, Place},
    spec, suggest,
    value::{Basic, Lengths, WireName},
};

/// What people write for types of the format, and how it is written here.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (
        &["String", "str", "text", "Text", "char", "char*"],
        "`string`",
    ),
    (&["boolean", "Bool", "Boolean"], "`bool`"),
    (&["integer", "Integer", "Int", "long"], "`int`"),
    (&["usize", "isize", "size"], "`int(0..)`, or `u32` or `u64`"),
    (&["i128", "u128", "bigint", "BigInt"], "`i64` or `u64`"),
    (&["float", "double", "Float", "decimal", "Decimal"], "`f64`"),
    (&["number", "Number"], "`int` or `f64`"),
    (
        &[
            "date",
            "Date",
            "DateTime",
            "datetime",
            "timestamp",
            "Instant",
        ],
        "`time`",
    ),
    (&["Uuid", "UUID", "guid"], "`uuid`"),
    (&["Bytes", "binary", "base64", "blob"], "`bytes`"),
    (
        &["any", "object", "Value", "unknown", "Json", "JSON"],
        "`json`",
    ),
    (
        &["list", "array", "List", "Array"],
        "a list of a type, as in `[string]`",
    ),
    (
        &["map", "dict", "Map", "record"],
        "a map to a type, as in `{ map: string }`",
    ),
    (&["enum"], "an enum, as in `{ enum: [admin, member] }`"),
];

/// A name that means nothing, with what may have been meant. `field` has that type.
pub(super) fn unknown_name(
    name: &str,
    place: &Place,
    names: &Names,
    field: Option<&str>,
) -> Diagnostic {
    let mut known: Vec<&str> = names.keys().copied().collect();
    known.extend_from_slice(&Basic::WORDS);
    let close = || suggest::closest(name, known).map(|close| format!("did you mean `{close}`?"));
    let help = elsewhere(name)
        .or_else(close)
        .or_else(|| own_key(field?))
        .unwrap_or_else(|| {
            "declare it under `types`, or name the spec that does under `use`".to_owned()
        });
    Diagnostic::error(
        code::UNKNOWN_TYPE,
        place.clone(),
        format!("unknown type `{name}`"),
    )
    .label("no type and no message is called so")
    .help(help)
}

fn elsewhere(name: &str) -> Option<String> {
    if name.starts_with("Option<") {
        return Some(
            "a field that may be absent is written `name?`; one that may be null has the type `string | null`"
                .to_owned(),
        );
    }
    if name.starts_with("Vec<") || name.ends_with("[]") {
        return Some("write a list of a type, as in `[string]`".to_owned());
    }
    if name.contains("Map<") {
        return Some("write a map to a type, as in `{ map: string }`".to_owned());
    }
    if name.contains("::") {
        return Some(format!(
            "declare a type of your application under `types`, as in `Tick: {{ $rust: {name} }}`"
        ));
    }
    let (_, instead) = ELSEWHERE.iter().find(|(words, _)| words.contains(&name))?;
    Some(format!("write {instead}"))
}

/// The key of the format that a field may have been meant to be.
fn own_key(field: &str) -> Option<String> {
    const KEYS: [&str; 5] = ["doc", "name", "kind", "since", "rust"];
    let key = KEYS.into_iter().find(|key| *key == field)?;
    Some(format!(
        "keys of the format begin with `$` here: write `${key}`"
    ))
}

pub(super) fn circle_of_names(names: &[String], place: &Place) -> Diagnostic {
    let name = names.last().map_or("", String::as_str).trim_matches('`');
    let message = format!("a type is another name of itself: {}", names.join(" → "));
    Diagnostic::error(code::ENDLESS_TYPE, place.of_key(), message)
        .label("leads back to itself")
        .help(format!(
            "put it into a field, as in `{name}: {{ items: [{name}] }}`"
        ))
}

pub(super) fn reserved_field(wire: &WireName, what: &str, field: &spec::Field) -> Diagnostic {
    let wire = wire.as_str();
    let message = format!("a message cannot have the field `{wire}`");
    Diagnostic::error(code::BAD_WIRE, field.key.place.of_key(), message)
        .label(format!("is the {what} of messages on the wire"))
        .help(format!(
            "rename the field, or keep the fields apart with `wire: {{ content: data }}`; `wire: {{ {what}: … }}` gives the {what} another name"
        ))
}

pub(super) fn same_field(field: &Field, first: &Field) -> Diagnostic {
    let (one, other) = (first.wire.as_str(), field.wire.as_str());
    if one == other {
        return Diagnostic::error(
            code::DUPLICATE,
            field.place.of_key(),
            format!("duplicate field `{one}`"),
        )
        .label("again here")
        .related(first.place.of_key(), "first here")
        .help("keep one of them");
    }
    let message = format!(
        "the fields `{one}` and `{other}` become `{}` in code",
        first.name.as_str()
    );
    Diagnostic::error(code::NAMES_COLLIDE, field.place.of_key(), message)
        .label("this one")
        .related(first.place.of_key(), "and this one")
        .help(format!(
            "give one of them another name, as in `{other}: {{ type: string, name: NAME }}`"
        ))
}

pub(super) fn nameless_field(wire: &WireName, place: &Place) -> Diagnostic {
    let wire = wire.as_str();
    Diagnostic::error(
        code::BAD_NAME,
        place.of_key(),
        format!("no name in code can be made of `{wire}`"),
    )
    .label("needs a name of letters, digits and underscores")
    .help(format!(
        "write `{wire:?}: {{ type: string, name: NAME }}`, with its type and a name of your choice"
    ))
}

pub(super) fn nameless_variant(value: &At<String>) -> Diagnostic {
    let text = &value.value;
    Diagnostic::error(
        code::BAD_NAME,
        value.place.clone(),
        format!("no name in code can be made of `{text}`"),
    )
    .label("needs a name of letters and digits")
    .help(format!(
        "write `{{ value: {text:?}, name: NAME }}`, with a name of your choice"
    ))
}

pub(super) fn nameless_member(tag: &At<WireName>) -> Diagnostic {
    let text = tag.value.as_str();
    Diagnostic::error(
        code::BAD_NAME,
        tag.place.of_key(),
        format!("no name in code can be made of `{text}`"),
    )
    .label("needs letters and digits, beginning with a letter")
    .help("choose another value for the tag")
}

pub(super) fn same_variant(variant: &Variant, first: &Variant) -> Diagnostic {
    let (one, other) = (&first.value, &variant.value);
    let (code, message) = if one == other {
        (code::DUPLICATE, format!("duplicate value `{one}`"))
    } else {
        let name = variant.name.as_str();
        (
            code::NAMES_COLLIDE,
            format!("the values `{one}` and `{other}` become `{name}` in code"),
        )
    };
    Diagnostic::error(code, variant.place.clone(), message)
        .label("this one")
        .related(first.place.clone(), "and this one")
        .help(format!(
            "keep one, or give one another name, as in `{{ value: {other:?}, name: NAME }}`"
        ))
}

pub(super) fn absent_and_null(field: &spec::Field) -> Diagnostic {
    let wire = field.key.value.wire.as_str();
    let place = field.ty.as_ref().map_or(&field.key.place, |ty| &ty.place);
    Diagnostic::error(
        code::UNFIT_SHAPE,
        place.clone(),
        format!("the field `{wire}` may be absent, and cannot also be null"),
    )
    .label("may be null")
    .related(field.key.place.of_key(), "may be absent")
    .help("leave out the `?`, or the `null`: a field that may be absent also takes `null` for it")
}

pub(super) fn uncounted(items: &At<Lengths>) -> Diagnostic {
    Diagnostic::error(
        code::BAD_RANGE,
        items.place.of_key(),
        "only a list or a map has a number of `items`",
    )
    .label("what it belongs to has no elements")
    .help("the length of a `string` is written in parentheses, as in `string(1..500)`; of a list, as in `{ type: [string], items: 1..10 }`")
}

pub(super) fn empty_one_of(tag: &At<WireName>) -> Diagnostic {
    Diagnostic::error(code::UNFIT_SHAPE, tag.place.of_key(), "`$one_of` is empty")
        .label("expected at least one type beside it")
        .help("list the types, as in `$one_of: { user: User, place: Place }`")
}

/// Why a type cannot be one of several, if it cannot: it must be an object without the tag.
pub(super) fn unfit_member(
    declaration: &Declaration,
    tag: &At<WireName>,
    ty: &At<String>,
) -> Option<Diagnostic> {
    let fields = match declaration.what {
        What::Message(message) => &message.fields,
        What::Type(entry) => match &entry.ty {
            Some(spec::Type::Object(fields)) => fields,
            None => return None,
            Some(_) => {
                let message = format!("`{}` is not an object, and cannot have a tag", ty.value);
                return Some(
                    Diagnostic::error(code::UNFIT_SHAPE, ty.place.clone(), message)
                        .label("only types with fields can be among others")
                        .related(declaration.place.of_key(), "declared here")
                        .help("name a type with fields, which may have one of this type"),
                );
            }
        },
    };
    let field = fields
        .iter()
        .find(|field| field.key.value.wire == tag.value)?;
    let message = format!(
        "`{}` has a field of its own that is called like the tag",
        ty.value
    );
    Some(
        Diagnostic::error(code::UNFIT_SHAPE, tag.place.clone(), message)
            .label("the tag")
            .related(field.key.place.of_key(), "the field")
            .help("give the tag another name"),
    )
}
