//! Lints of clippy that generated code would run into for what a client or a spec asks for, and not for how it is written.

use std::collections::BTreeSet;
use std::f64::consts;

/// The lints that a struct with these fields, given by name and type, runs into.
pub(super) fn of_struct<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<&'static str> {
    const MOST_BOOLS: usize = 3;
    const FEWEST_ALIKE: usize = 3;
    let fields: Vec<(&str, &str)> = fields.collect();
    let first = |name: &str| name.split('_').next().map(str::to_owned);
    let last = |name: &str| name.split('_').next_back().map(str::to_owned);
    let alike = |part: &dyn Fn(&str) -> Option<String>| {
        fields
            .windows(2)
            .all(|pair| matches!(pair, [(a, _), (b, _)] if part(a) == part(b)))
    };
    let mut lints = Vec::new();
    if fields.iter().filter(|(_, ty)| *ty == "bool").count() > MOST_BOOLS {
        lints.push("struct_excessive_bools");
    }
    if fields.len() >= FEWEST_ALIKE && (alike(&first) || alike(&last)) {
        lints.push("struct_field_names");
    }
    lints.extend(of_types(fields.iter().map(|(_, ty)| *ty)));
    lints
}

/// The lints that a function runs into which binds these names, beside `locals`.
pub(super) fn of_bindings(names: &[&str], locals: &[&str]) -> Vec<&'static str> {
    const PLACEHOLDERS: [&str; 3] = ["foo", "baz", "quux"];
    const MOST_SINGLE: usize = 4;
    let single = |name: &&&str| name.chars().count() == 1;
    let alike = |(index, name): (usize, &&str)| {
        let mut others = names.iter().skip(index + 1).chain(locals);
        others.any(|other| are_similar(name, other))
    };
    let mut lints = Vec::new();
    if names.iter().any(|name| PLACEHOLDERS.contains(name)) {
        lints.push("disallowed_names");
    }
    if names.iter().filter(single).count() > MOST_SINGLE {
        lints.push("many_single_char_names");
    }
    if names.iter().enumerate().any(alike) {
        lints.push("similar_names");
    }
    lints
}

/// Whether one letter tells two names apart, where digits count as one another. Clippy forgives some of these.
fn are_similar(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 3;
    let is_looked_at = |name: &str| name.len() >= SHORTEST && !name.starts_with('_');
    let without_digits = |name: &str| name.replace(|c: char| c.is_ascii_digit(), "0");
    let distance = if one.len() == other.len() {
        strsim::levenshtein(&without_digits(one), &without_digits(other))
    } else {
        strsim::levenshtein(one, other)
    };
    is_looked_at(one) && is_looked_at(other) && distance == 1
}

/// The lints about types that fields or parameters run into.
pub(super) fn of_types<'a>(types: impl Iterator<Item = &'a str>) -> Vec<&'static str> {
    const MOST_COMPLEX: usize = 250;
    const IN_BOX: [&str; 9] = [
        "String",
        "Vec",
        "VecDeque",
        "HashMap",
        "HashSet",
        "BTreeMap",
        "BTreeSet",
        "BinaryHeap",
        "LinkedList",
    ];
    const POINTERS: [&str; 3] = ["Box", "Rc", "Arc"];
    let is_one = |name: &str, names: &[&str]| names.contains(&name);
    let mut lints = BTreeSet::new();
    for ty in types {
        if complexity(ty) > MOST_COMPLEX {
            lints.insert("type_complexity");
        }
        let names = names(ty);
        for (outer, inner) in names.iter().zip(names.iter().skip(1)) {
            match (*outer, *inner) {
                ("Box", inner) if is_one(inner, &IN_BOX) => lints.insert("box_collection"),
                ("Vec", "Box") => lints.insert("vec_box"),
                ("Option", "Option") => lints.insert("option_option"),
                (outer, inner) if is_one(outer, &POINTERS) && is_one(inner, &POINTERS) => {
                    lints.insert("redundant_allocation")
                }
                _ => false,
            };
        }
        if names.contains(&"LinkedList") {
            lints.insert("linkedlist");
        }
        if ty.contains("()") && names.iter().any(|name| name.ends_with("Map")) {
            lints.insert("zero_sized_map_values");
        }
    }
    lints.into_iter().collect()
}

/// The names in a type, each the last of its path, in their order.
fn names(ty: &str) -> Vec<&str> {
    let end = |c: char| "<>,()[];".contains(c);
    ty.split(end)
        .map(|path| path.rsplit("::").next().unwrap_or_default().trim())
        .filter(|name| !name.is_empty())
        .collect()
}

/// How complex clippy takes a type to be, or a little more: each name costs more the deeper it stands.
fn complexity(ty: &str) -> usize {
    const EACH: usize = 10;
    let (mut cost, mut nest, mut in_path) = (0, 1, false);
    for c in ty.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '<' | '(' | '[' => {
                cost += if c == '<' { 0 } else { EACH * nest };
                nest += 1;
            }
            '>' | ')' | ']' => nest = nest.saturating_sub(1),
            _ => {}
        }
        let goes_on = !"<>()[],;".contains(c);
        if goes_on && !in_path {
            cost += EACH * nest;
        }
        in_path = goes_on;
    }
    cost
}

/// The lints that a number runs into.
pub(super) fn of_float(digits: &str) -> Vec<&'static str> {
    /// The golden ratio and Euler's constant, which the standard library is about to name.
    const SOON: [f64; 2] = [1.618_034, 0.577_216];
    const KNOWN: [f64; 19] = [
        consts::E,
        consts::FRAC_1_PI,
        consts::FRAC_1_SQRT_2,
        consts::FRAC_2_PI,
        consts::FRAC_2_SQRT_PI,
        consts::FRAC_PI_2,
        consts::FRAC_PI_3,
        consts::FRAC_PI_4,
        consts::FRAC_PI_6,
        consts::FRAC_PI_8,
        consts::LN_2,
        consts::LN_10,
        consts::LOG10_2,
        consts::LOG2_10,
        consts::LOG10_E,
        consts::LOG2_E,
        consts::PI,
        consts::SQRT_2,
        consts::TAU,
    ];
    // Clippy takes three digits and more for a constant.
    const NEAR: f64 = 0.005;
    let value = digits.parse::<f64>().unwrap_or_default().abs();
    let is_near = |known: &f64| (value - known).abs() < NEAR && digits.contains('.');
    if KNOWN.iter().chain(&SOON).any(is_near) {
        vec!["approx_constant"]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_binds_few_names_far_apart_is_quiet() {
        assert!(
            of_bindings(
                &["user", "ip", "header1", "header2", "_a1", "_b1"],
                &["state", "ws"]
            )
            .is_empty()
        );
        assert_eq!(of_bindings(&["stats"], &["state"]), ["similar_names"]);
        assert_eq!(of_bindings(&["foo"], &[]), ["disallowed_names"]);
    }

    #[test]
    fn types_are_told_by_their_names() {
        let of = |ty: &str| of_types([ty].into_iter());
        assert!(of("Option < std :: collections :: HashMap < String , Vec < u8 > > >").is_empty());
        assert_eq!(of("std :: boxed :: Box < String >"), ["box_collection"]);
        assert_eq!(
            of("std :: sync :: Arc < Box < u8 > >"),
            ["redundant_allocation"]
        );
        assert_eq!(complexity("a :: B < C < D > , E >"), 10 + 20 + 30 + 20);
    }

    #[test]
    fn numbers_near_a_constant_are_told() {
        assert_eq!(of_float("-3.14"), ["approx_constant"]);
        assert_eq!(of_float("2.718281828"), ["approx_constant"]);
        assert!(of_float("3.2").is_empty());
        assert!(of_float("3").is_empty());
    }
}
