//! Examples are what they are examples of.

use crate::{
    contract::{Contract, Definition, Field, Shape, Type},
    diagnostic::{Diagnostic, code},
    place::{At, Place},
    suggest,
    value::{Basic, Bounds, Float, Integer, Lengths},
};
use serde_json::{Map, Value};

/// Checks a value against the message `definition`; a mistake is reported at its first place.
pub(super) fn check(
    contract: &Contract,
    definition: &Definition,
    example: &At<Value>,
) -> Option<Diagnostic> {
    let checker = Checker { contract };
    let wrong = checker
        .shape(&definition.shape, &example.value, &example.place, None)
        .err()?;
    let Wrong { place, must, help } = wrong;
    let name = definition.reference.name.as_str();
    Some(
        Diagnostic::error(
            code::BAD_EXAMPLE,
            place,
            format!("the example is not a `{name}`"),
        )
        .label(format!("must {must}"))
        .help_if(help),
    )
}

struct Checker<'a> {
    contract: &'a Contract,
}

/// Where a value is not what it must be.
struct Wrong {
    place: Place,
    must: String,
    help: Option<String>,
}

type Checked = Result<(), Wrong>;

fn wrong(place: &Place, must: impl Into<String>) -> Checked {
    Err(Wrong {
        place: place.clone(),
        must: must.into(),
        help: None,
    })
}

fn must(is_right: bool, place: &Place, must: impl FnOnce() -> String) -> Checked {
    if is_right {
        Ok(())
    } else {
        wrong(place, must())
    }
}

impl Checker<'_> {
    fn shape(&self, shape: &Shape, value: &Value, place: &Place, tag: Option<&str>) -> Checked {
        match shape {
            Shape::Object(fields) => self.object(fields, value, place, tag),
            Shape::Enum(variants) => {
                let values: Vec<&str> = variants
                    .iter()
                    .map(|variant| variant.value.as_str())
                    .collect();
                let is_one = value.as_str().is_some_and(|value| values.contains(&value));
                must(is_one, place, || {
                    format!("be {}", suggest::alternatives(&values))
                })
            }
            Shape::OneOf { tag, members } => {
                let tag = tag.as_str();
                let named = value.get(tag).and_then(Value::as_str);
                let member = members
                    .iter()
                    .find(|member| Some(member.tag.as_str()) == named);
                let Some(member) = member else {
                    let tags: Vec<&str> =
                        members.iter().map(|member| member.tag.as_str()).collect();
                    return wrong(
                        place,
                        format!("have `{tag}`: {}", suggest::alternatives(&tags)),
                    );
                };
                match self.contract.definition(&member.ty) {
                    Some(definition) => self.shape(&definition.shape, value, place, Some(tag)),
                    None => Ok(()),
                }
            }
            Shape::Foreign { .. } => Ok(()),
            Shape::Alias(ty) => self.ty(ty, value, place),
        }
    }

    /// `tag` is a field that belongs to whatever the object is a member of.
    fn object(&self, fields: &[Field], value: &Value, place: &Place, tag: Option<&str>) -> Checked {
        let Value::Object(members) = value else {
            return wrong(place, "be an object");
        };
        for (key, value) in members {
            let place = place.key(key);
            match fields.iter().find(|field| field.wire.as_str() == key) {
                Some(field) if field.is_optional && value.is_null() => {}
                Some(field) => self.ty(&field.ty, value, &place)?,
                None if tag == Some(key) => {}
                None => {
                    let known: Vec<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
                    return Err(Wrong {
                        place: place.of_key(),
                        must: "not be there: there is no such field".to_owned(),
                        help: suggest::did_you_mean(key, "the fields are", &known),
                    });
                }
            }
        }
        let is_missing =
            |field: &&Field| !field.is_optional && !members.contains_key(field.wire.as_str());
        match fields.iter().find(is_missing) {
            Some(field) => wrong(place, format!("have the field `{}`", field.wire.as_str())),
            None => Ok(()),
        }
    }

    fn ty(&self, ty: &Type, value: &Value, place: &Place) -> Checked {
        match ty {
            Type::Basic(basic) => self::basic(basic, value, place),
            Type::List(element, items) => {
                let Value::Array(elements) = value else {
                    return wrong(place, "be a list");
                };
                counted(items, elements.len(), "elements", place)?;
                let mut elements = elements.iter().enumerate();
                elements.try_for_each(|(index, value)| self.ty(element, value, &place.index(index)))
            }
            Type::Map(inner, items) => {
                let Value::Object(members) = value else {
                    return wrong(place, "be an object");
                };
                counted(items, members.len(), "entries", place)?;
                self.members(inner, members, place)
            }
            Type::Nullable(_) if value.is_null() => Ok(()),
            Type::Nullable(inner) | Type::Alias(_, inner) => self.ty(inner, value, place),
            Type::Named(reference) => match self.contract.definition(reference) {
                Some(definition) => self.shape(&definition.shape, value, place, None),
                None => Ok(()),
            },
            Type::Rust(_) => Ok(()),
        }
    }

    fn members(&self, ty: &Type, members: &Map<String, Value>, place: &Place) -> Checked {
        members
            .iter()
            .try_for_each(|(key, value)| self.ty(ty, value, &place.key(key)))
    }
}

fn basic(basic: &Basic, value: &Value, place: &Place) -> Checked {
    match basic {
        Basic::Text(length) => match value {
            Value::String(text) => counted(length, text.chars().count(), "characters", place),
            _ => wrong(place, "be text"),
        },
        Basic::Bool => must(value.is_boolean(), place, || {
            "be `true` or `false`".to_owned()
        }),
        Basic::Integer(integer, range) => self::integer(*integer, range, value, place),
        Basic::Float(float, range) => self::float(*float, range, value, place),
        Basic::Uuid => {
            let is_uuid = value.as_str().is_some_and(is_uuid);
            must(is_uuid, place, || {
                "be a UUID, as in `0b9c1b6e-7d0f-4a43-9a2b-5a3f6d1c2e10`".to_owned()
            })
        }
        Basic::Time => {
            let is_time = value.as_str().is_some_and(is_time);
            must(is_time, place, || {
                "be a time of RFC 3339, as in `2026-01-31T12:00:00Z`".to_owned()
            })
        }
        Basic::Bytes(size) => match value.as_str().and_then(decoded_length) {
            Some(bytes) => counted(size, bytes, "bytes", place),
            None => wrong(place, "be base64"),
        },
        Basic::Json => Ok(()),
    }
}

fn integer(integer: Integer, range: &Bounds<i128>, value: &Value, place: &Place) -> Checked {
    let number = match value {
        Value::Number(number) => whole(number),
        Value::String(digits) if integer.is_decimal() => digits.parse().ok(),
        _ => None,
    };
    let (least, most) = integer.limits();
    let bounds = Bounds {
        least: Some(range.least.unwrap_or(least)),
        most: Some(range.most.unwrap_or(most)),
    };
    let is_right = number.is_some_and(|number| bounds.contains(&number));
    must(is_right, place, || {
        format!("be a whole number{}", within(&bounds))
    })
}

/// A number without a fraction, such as `5` and `5.0`.
fn whole(number: &serde_json::Number) -> Option<i128> {
    if let Some(whole) = number.as_i64() {
        return Some(whole.into());
    }
    if let Some(whole) = number.as_u64() {
        return Some(whole.into());
    }
    // Whole numbers beyond 64 bits are in no range.
    let text = format!(
        "{:.0}",
        number.as_f64().filter(|number| number.fract() == 0.0)?
    );
    text.parse().ok()
}

fn float(float: Float, range: &Bounds<f64>, value: &Value, place: &Place) -> Checked {
    let (least, most) = float.limits();
    let number = value
        .as_f64()
        .filter(|number| (least..=most).contains(number));
    let is_right = number.is_some_and(|number| range.contains(&number));
    must(is_right, place, || format!("be a number{}", within(range)))
}

fn within<T: ToString + PartialOrd>(range: &Bounds<T>) -> String {
    match (&range.least, &range.most) {
        (Some(least), Some(most)) => format!(" from {} to {}", least.to_string(), most.to_string()),
        (Some(least), None) => format!(" of at least {}", least.to_string()),
        (None, Some(most)) => format!(" of at most {}", most.to_string()),
        (None, None) => String::new(),
    }
}

fn counted(range: &Lengths, count: usize, what: &str, place: &Place) -> Checked {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    must(range.contains(&count), place, || {
        match (range.least, range.most) {
            (Some(least), _) if count < least => format!("have at least {least} {what}"),
            (_, most) => format!("have at most {} {what}", most.unwrap_or(u32::MAX)),
        }
    })
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let is_hex = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(is_hex)
}

/// RFC 3339, section 5.6.
fn is_time(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>, least: u32, most: u32| {
        let digits = text
            .get(range)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let number = digits.and_then(|digits| digits.parse::<u32>().ok());
        number.is_some_and(|number| (least..=most).contains(&number))
    };
    let signs = [(4, "-"), (7, "-"), (10, "Tt "), (13, ":"), (16, ":")];
    let has_signs = signs.iter().all(|(at, signs)| {
        text.get(*at..at + 1)
            .is_some_and(|sign| signs.contains(sign))
    });
    let numbers = digits(0..4, 0, 9999)
        && digits(5..7, 1, 12)
        && digits(8..10, 1, 31)
        && digits(11..13, 0, 23)
        && digits(14..16, 0, 59)
        && digits(17..19, 0, 60);
    let rest = text.get(19..).unwrap_or_default();
    let fraction = rest
        .strip_prefix('.')
        .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zone = fraction.unwrap_or(rest);
    let has_fraction = fraction.is_none_or(|zone| zone.len() + 1 < rest.len());
    let offset = zone
        .strip_prefix(['+', '-'])
        .and_then(|zone| zone.split_once(':'));
    let is_number = |text: &str, most: u32| {
        text.len() == 2 && text.parse::<u32>().is_ok_and(|number| number <= most)
    };
    let has_zone = matches!(zone, "Z" | "z")
        || offset.is_some_and(|(hours, minutes)| is_number(hours, 23) && is_number(minutes, 59));
    has_signs && numbers && has_fraction && has_zone
}

/// How many bytes a text of base64 stands for; the padding may be left out.
fn decoded_length(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches('=');
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let padding = text.len() - digits.len();
    let is_padded = padding == 0 || (padding < 3 && text.len().is_multiple_of(4));
    let is_base64 = digits.bytes().all(is_digit) && digits.len() % 4 != 1 && is_padded;
    is_base64.then_some(digits.len() * 3 / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_rfc_3339() {
        for time in [
            "2026-01-31T12:00:00Z",
            "2026-01-31 12:00:00.5+02:00",
            "2026-01-31t23:59:60z",
        ] {
            assert!(is_time(time), "{time}");
        }
        for text in [
            "2026-01-31",
            "2026-01-31T12:00:00",
            "2026-13-31T12:00:00Z",
            "2026-01-31T12:00:00.Z",
            "2026-01-31T12:00:00+2:00",
            "",
        ] {
            assert!(!is_time(text), "{text}");
        }
    }

    #[test]
    fn base64_may_be_padded() {
        assert_eq!(decoded_length("aGk="), Some(2));
        assert_eq!(decoded_length("aGk"), Some(2));
        assert_eq!(decoded_length(""), Some(0));
        for text in ["a", "a-b_", "aGk==", "a=Gk"] {
            assert_eq!(decoded_length(text), None, "{text}");
        }
    }
}
