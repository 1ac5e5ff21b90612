//! A project of specs from the bytes of one input.

use autumn_gen::Discovered;

/// The most specs in a project. Two are enough to collide; a third shows what only looks like a
/// pair.
const MOST_SPECS: usize = 3;

/// The longest that repetition may make a spec, in bytes.
const LONGEST: usize = 16 * 1024;

/// One spec of a project.
#[derive(Debug)]
pub struct Spec {
    /// Its path below the folder of specs, with its ending.
    path: String,
    text: Vec<u8>,
}

/// Splits an input into specs. Two kinds of lines do not belong to the spec:
///
/// * `=== admin/audit.yaml`: the spec of that path begins here.
/// * `*** 200`: the line before is repeated this many times, with each `@` in it a number. So a
///   short input becomes a long spec, which finds code that takes more than linear time.
#[must_use]
pub fn specs(input: &[u8]) -> Vec<Spec> {
    let mut specs = vec![Spec::new("spec.yaml")];
    for line in input.split_inclusive(|byte| *byte == b'\n') {
        if let Some(path) = directive(line, b"=== ").filter(|path| is_path(path)) {
            if specs.len() == MOST_SPECS {
                break;
            }
            specs.push(Spec::new(path));
            continue;
        }
        let Some(spec) = specs.last_mut() else { break };
        match directive(line, b"*** ").and_then(|count| count.parse().ok()) {
            Some(count) => spec.repeat(count),
            None => spec.text.extend_from_slice(line),
        }
    }
    if specs.len() > 1 && specs.first().is_some_and(|spec| spec.text.is_empty()) {
        specs.remove(0);
    }
    specs.sort_by(|a, b| a.path.cmp(&b.path));
    specs.dedup_by(|a, b| a.path == b.path);
    specs
}

/// What `discover` would find if the specs were in a folder.
pub fn discovered<'a>(specs: impl IntoIterator<Item = &'a Spec>) -> Discovered {
    let mut discovered = Discovered::default();
    for spec in specs {
        discovered.add(
            &format!("specs/{}", spec.path),
            spec.module(),
            Some(spec.text.clone()),
        );
    }
    discovered
}

impl Spec {
    fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: Vec::new(),
        }
    }

    fn module(&self) -> Vec<String> {
        let stem = self.path.strip_suffix(".yaml").unwrap_or(&self.path);
        stem.split('/').map(|part| part.replace('-', "_")).collect()
    }

    fn repeat(&mut self, count: usize) {
        let end = self.text.strip_suffix(b"\n").unwrap_or(&self.text);
        let start = end.iter().rposition(|byte| *byte == b'\n');
        let line = self.text.split_off(start.map_or(0, |at| at + 1));
        for number in 0..=count.min(LONGEST) {
            if self.text.len() + line.len() > LONGEST {
                return;
            }
            let number = number.to_string().into_bytes();
            let one = |byte: &u8| match byte {
                b'@' => number.clone(),
                byte => vec![*byte],
            };
            self.text.extend(line.iter().flat_map(one));
        }
    }
}

fn directive<'a>(line: &'a [u8], mark: &[u8]) -> Option<&'a str> {
    let rest = line.strip_prefix(mark)?.trim_ascii_end();
    str::from_utf8(rest).ok()
}

/// Whether a visible file can have this path.
fn is_path(path: &str) -> bool {
    path.strip_suffix(".yaml").is_some_and(|stem| {
        stem.split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('\0'))
    })
}

#[cfg(test)]
mod tests {
    use super::specs;

    #[test]
    fn an_input_without_marks_is_one_spec() {
        let specs = specs(b"version: 1\n");
        assert_eq!(specs.len(), 1);
        assert_eq!(specs[0].text, b"version: 1\n");
    }

    #[test]
    fn a_mark_begins_a_spec_and_repeats_a_line() {
        let specs = specs(b"a\n=== x/y-z.yaml\nb\nc@\n*** 2\nd\n");
        assert_eq!(specs.len(), 2);
        assert_eq!(specs[1].module(), ["x", "y_z"]);
        assert_eq!(specs[1].text, b"b\nc0\nc1\nc2\nd\n");
    }
}
