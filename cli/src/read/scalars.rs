//! Texts and numbers that YAML reads otherwise than people mean them.

use serde_yaml::Number;

/// A number as an author would write it: `1e3` and `1000.0` are whole, to YAML and to JSON.
pub(super) fn written(number: &Number) -> String {
    /// Up to here, every whole number is one of `f64`.
    const MOST: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < MOST => {
            format!("{value:.0}")
        }
        _ => number.to_string(),
    }
}

/// What to write instead of a text that is meant as a number, a unit behind it or not.
pub(super) fn instead_of_number(text: &str) -> Option<String> {
    let is_sign = |c| matches!(c, '+' | '-');
    let number = text.trim_start_matches(is_sign);
    let end = number.find(|c: char| !(c.is_ascii_digit() || c == '_'));
    let (digits, unit) = number.split_at_checked(end.unwrap_or(number.len()))?;
    let sign = text.strip_suffix(number)?;
    let plain = digits.replace('_', "");
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let significant = match plain.trim_start_matches('0') {
        "" => "0",
        significant => significant,
    };
    let instead = format!("{sign}{significant}{unit}");
    if digits.contains('_') {
        return Some(format!("write `{instead}`: YAML 1.2 has no `_` in numbers"));
    }
    (significant != digits).then(|| {
        format!(
            "write `{instead}`: YAML parsers read numbers that begin with a zero in different ways"
        )
    })
}

/// What to write instead of a word that YAML 1.1 takes for `true` or `false`, and YAML 1.2 for text.
pub(super) fn instead_of_bool(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "on" | "true" => Some(true),
        "n" | "no" | "off" | "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let number = |text: &str| written(&serde_yaml::from_str(text).unwrap());
        assert_eq!(number("1e3"), "1000");
        assert_eq!(number("12.0"), "12");
        assert_eq!(number("-0x10"), "-16");
        assert_eq!(number("1.5"), "1.5");
        assert_eq!(number(".inf"), ".inf");
        assert_eq!(number("18446744073709551615"), "18446744073709551615");
        assert_eq!(number("1e300"), "1e300");
    }

    #[test]
    fn numbers_that_are_text_get_advice() {
        let instead = |text: &str| {
            instead_of_number(text)
                .map(|help| help.split(':').next().unwrap_or_default().to_owned())
        };
        assert_eq!(instead("1_000"), Some("write `1000`".to_owned()));
        assert_eq!(instead("-1_0s"), Some("write `-10s`".to_owned()));
        assert_eq!(instead("010"), Some("write `10`".to_owned()));
        assert_eq!(instead("00"), Some("write `0`".to_owned()));
        for fine in ["10", "0", "0x10", "1.5", "ten", "_1", "", "-"] {
            assert_eq!(instead(fine), None, "{fine}");
        }
    }
}
