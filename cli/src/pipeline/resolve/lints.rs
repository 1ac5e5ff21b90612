//! Lints of clippy that generated code would run into for what a client or a spec asks for, and not for how it is written.

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
    lints
}
