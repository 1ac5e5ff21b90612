//! The second decoder.

use super::repeated::is_plain;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use serde_json::{Map, Number, Value, json};

const LARGEST_INT: i128 = (1 << 53) - 1;

/// The message in a text, as it would be sent. `None`: it is refused.
pub fn read(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    let object = value.as_object().filter(|_| is_plain(text))?;
    let tag = object.get("type")?;
    let mut message = match tag.as_str() {
        Some("every") => every(object)?,
        Some("must") => must(object)?,
        Some("ask") => {
            let mut ask = fields(object, &[("text", true, &|text| any_text(text))])?;
            ask.insert("$id".to_owned(), id(object.get("$id")?)?);
            ask
        }
        Some("typing") => Map::new(),
        None if whole(tag) == Some(10) => Map::new(),
        _ => return None,
    };
    let tag = tag.as_str().map_or(json!(10), |tag| json!(tag));
    message.insert("type".to_owned(), tag);
    Some(Value::Object(message))
}

/// Takes a value, and returns how it would be sent.
type Take<'a> = &'a dyn Fn(&Value) -> Option<Value>;

/// Takes fields by name: whether they must be present, and how they are taken. `null` counts as absent
/// where a field need not be.
fn fields(
    object: &Map<String, Value>,
    all: &[(&str, bool, Take<'_>)],
) -> Option<Map<String, Value>> {
    let mut taken = Map::new();
    for (name, is_needed, take) in all {
        match object.get(*name) {
            None if *is_needed => return None,
            None => {}
            Some(Value::Null) if !is_needed => {}
            Some(value) => drop(taken.insert((*name).to_owned(), take(value)?)),
        }
    }
    Some(taken)
}

fn every(object: &Map<String, Value>) -> Option<Map<String, Value>> {
    let int = |value: &Value| integer(value, -5, LARGEST_INT);
    let any_int = |value: &Value| integer(value, -LARGEST_INT, LARGEST_INT);
    let u64s = |value: &Value| {
        list(value, 0..=usize::MAX, &|value| {
            decimal(value, 0, u64::MAX.into())
        })
    };
    fields(
        object,
        &[
            ("text", false, &|value| text(value, 2..=5)),
            ("is", false, &|value| value.as_bool().map(Value::Bool)),
            ("int", false, &int),
            ("tiny", false, &|value| integer(value, -128, 127)),
            ("byte", false, &|value| integer(value, 1, 255)),
            ("wide", false, &|value| integer(value, 0, u32::MAX.into())),
            ("single", false, &single),
            ("double", false, &|value| float(value, f64::MIN, f64::MAX)),
            ("big", false, &|value| {
                decimal(value, i64::MIN.into(), i64::MAX.into())
            }),
            ("huge", false, &|value| decimal(value, 0, u64::MAX.into())),
            ("data", false, &data),
            ("json", false, &|value| Some(value.clone())),
            ("list", false, &|value| list(value, 1..=3, &role)),
            ("map", false, &|value| map(value, 2, &any_int)),
            ("counts", false, &|value| map(value, usize::MAX, &u64s)),
            ("target", false, &target),
            ("node", false, &node),
        ],
    )
}

fn must(object: &Map<String, Value>) -> Option<Map<String, Value>> {
    fields(
        object,
        &[
            ("text", true, &any_text),
            ("note", true, &|value| nullable(value, &any_text)),
            ("big", true, &|value| {
                nullable(value, &|value| {
                    decimal(value, i64::MIN.into(), i64::MAX.into())
                })
            }),
        ],
    )
}

fn target(value: &Value) -> Option<Value> {
    let object = value.as_object()?;
    let kind = object.get("kind")?.as_str()?;
    let mut taken = match kind {
        "user" => fields(
            object,
            &[
                ("name", true, &|value| text(value, 1..=4)),
                ("role", false, &role),
            ],
        )?,
        "place" => fields(
            object,
            &[
                ("lat", true, &|value| float(value, -90.0, 90.0)),
                ("lon", true, &|value| float(value, -180.0, 180.0)),
            ],
        )?,
        "pair" => fields(
            object,
            &[("first", true, &target), ("second", false, &target)],
        )?,
        _ => return None,
    };
    taken.insert("kind".to_owned(), json!(kind));
    Some(Value::Object(taken))
}

fn node(value: &Value) -> Option<Value> {
    let any_int = |value: &Value| integer(value, -LARGEST_INT, LARGEST_INT);
    let taken = fields(
        value.as_object()?,
        &[
            ("value", true, &any_int),
            ("next", true, &|value| nullable(value, &node)),
            ("children", true, &|value| {
                list(value, 0..=usize::MAX, &node)
            }),
        ],
    );
    taken.map(Value::Object)
}

fn role(value: &Value) -> Option<Value> {
    let is_role = matches!(value.as_str()?, "admin" | "over-size");
    is_role.then(|| value.clone())
}

fn nullable(value: &Value, take: Take<'_>) -> Option<Value> {
    if value.is_null() {
        Some(Value::Null)
    } else {
        take(value)
    }
}

fn any_text(value: &Value) -> Option<Value> {
    text(value, 0..=usize::MAX)
}

fn text(value: &Value, length: std::ops::RangeInclusive<usize>) -> Option<Value> {
    let fits = length.contains(&value.as_str()?.chars().count());
    fits.then(|| value.clone())
}

fn list(value: &Value, length: std::ops::RangeInclusive<usize>, take: Take<'_>) -> Option<Value> {
    let list = value
        .as_array()
        .filter(|list| length.contains(&list.len()))?;
    list.iter()
        .map(take)
        .collect::<Option<Vec<_>>>()
        .map(Value::Array)
}

fn map(value: &Value, most: usize, take: Take<'_>) -> Option<Value> {
    let map = value.as_object().filter(|map| map.len() <= most)?;
    let taken = map
        .iter()
        .map(|(key, value)| Some((key.clone(), take(value)?)));
    taken.collect::<Option<Map<_, _>>>().map(Value::Object)
}

/// A whole number, as `5.0` is.
fn whole(value: &Value) -> Option<i128> {
    let integer = value
        .as_u64()
        .map(i128::from)
        .or(value.as_i64().map(i128::from));
    integer.or_else(|| {
        let float = value.as_f64()?;
        (float.trunc() == float).then_some(float as i128)
    })
}

fn integer(value: &Value, least: i128, most: i128) -> Option<Value> {
    let whole = whole(value).filter(|whole| (least..=most).contains(whole))?;
    Number::from_i128(whole).map(Value::Number)
}

fn decimal(value: &Value, least: i128, most: i128) -> Option<Value> {
    let number = match value.as_str() {
        Some(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let is_decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_decimal.then(|| text.parse().ok())?
        }
        None => whole(value),
    };
    let number = number.filter(|number| (least..=most).contains(number))?;
    Some(json!(number.to_string()))
}

fn float(value: &Value, least: f64, most: f64) -> Option<Value> {
    let float = value
        .as_f64()
        .filter(|float| (least..=most).contains(float))?;
    Some(json!(float))
}

/// A number of 32 bits. One that lies in the middle of two is the one whose text it is.
fn single(value: &Value) -> Option<Value> {
    let double = value.as_f64()?;
    let nearest = double as f32;
    let near = [nearest, nearest.next_down(), nearest.next_up()];
    let mut written = near
        .into_iter()
        .filter(|near| near.to_string().parse() == Ok(double));
    let single = written.next().unwrap_or(nearest);
    let text = serde_json::to_string(&single)
        .ok()
        .filter(|_| single.is_finite())?;
    serde_json::from_str(&text).ok()
}

fn data(value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let digits = text.trim_end_matches('=');
    let missing = (4 - digits.len() % 4) % 4;
    let is_padded = text.len() - digits.len() <= missing;
    let bytes = STANDARD_NO_PAD.decode(digits).ok().filter(|_| is_padded)?;
    (bytes.len() <= 4).then(|| json!(STANDARD.encode(bytes)))
}

fn id(value: &Value) -> Option<Value> {
    match value.as_str() {
        Some(text) => (text.len() <= 64).then(|| value.clone()),
        None => integer(value, -LARGEST_INT, LARGEST_INT),
    }
}
