//! The text that Prometheus reads.

use super::families::{Family, Kind, Label, Sample};
use std::fmt::{self, Write};

/// Families in the text format, version 0.0.4.
pub(super) struct Text<'a>(pub(super) &'a [Family]);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|family| write_family(f, family))
    }
}

fn write_family(f: &mut fmt::Formatter<'_>, family: &Family) -> fmt::Result {
    let kind = match family.kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
    };
    let name = family.name;
    writeln!(f, "# HELP {name} {}", family.help)?;
    writeln!(f, "# TYPE {name} {kind}")?;
    for Sample { labels, value } in &family.samples {
        f.write_str(name)?;
        write_labels(f, labels)?;
        writeln!(f, " {value}")?;
    }
    Ok(())
}

fn write_labels(f: &mut fmt::Formatter<'_>, labels: &[Label]) -> fmt::Result {
    for (index, (name, value)) in labels.iter().enumerate() {
        let before = if index == 0 { '{' } else { ',' };
        write!(f, "{before}{name}=\"{}\"", Escaped(value))?;
    }
    f.write_str(if labels.is_empty() { "" } else { "}" })
}

/// A label's value. It is the application's text, and may be any.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '\\' => f.write_str(r"\\"),
            '"' => f.write_str("\\\""),
            '\n' => f.write_str(r"\n"),
            other => f.write_char(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, Kind, Sample, Text};

    #[test]
    fn it_is_a_line_for_each_series() {
        let families = [
            Family {
                name: "one",
                help: "The first.",
                kind: Kind::Gauge,
                samples: vec![
                    Sample {
                        labels: vec![],
                        value: 1,
                    },
                    Sample {
                        labels: vec![("a", "b"), ("c", "\\ \" \n é")],
                        value: u64::MAX,
                    },
                ],
            },
            Family {
                name: "two",
                help: "The second.",
                kind: Kind::Counter,
                samples: vec![],
            },
        ];
        let expected = r#"# HELP one The first.
# TYPE one gauge
one 1
one{a="b",c="\\ \" \n é"} 18446744073709551615
# HELP two The second.
# TYPE two counter
"#;
        assert_eq!(Text(&families).to_string(), expected);
    }
}
