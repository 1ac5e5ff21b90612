//! Files that a version control system has merged. Nobody's work is in them if both sides were generated.

use super::header::{Header, unix};
use std::{collections::BTreeSet, path::Path, process::Command};

/// How conflicts begin, are parted and end, in every style of git.
const OURS: &str = "<<<<<<<";
const BASE: &str = "|||||||";
const THEIRS: &str = "=======";
const END: &str = ">>>>>>>";

/// Whether a file is only the result of a merge of untouched generated files: it differs from `wanted` in its digest alone, or
/// it holds conflicts and so do both sides, or git knows both sides.
#[must_use]
pub fn is_merged(path: &Path, text: &str, wanted: &str) -> bool {
    let Some(wanted) = Header::find(wanted) else {
        return false;
    };
    let is_untouched = |side: &str| {
        Header::find(side).is_some_and(|side| {
            side.is_intact() || side.is_same_but_for_digest(&wanted) || is_within(&side, &wanted)
        })
    };
    let is_merged = match sides(text) {
        Some(sides) => sides.iter().all(|side| is_untouched(side)),
        None => Header::find(text).is_some_and(|text| text.is_same_but_for_digest(&wanted)),
    };
    is_merged || is_of_two_sides(path, text, wanted.body())
}

/// Both sides of a text with conflicts; `None`: it has none.
fn sides(text: &str) -> Option<[String; 2]> {
    let (mut ours, mut theirs) = (String::new(), String::new());
    let mut part = None;
    let mut has_conflict = false;
    for line in text.split_inclusive('\n') {
        part = match (part, marker(line)) {
            (None, Some(OURS)) => {
                has_conflict = true;
                Some(OURS)
            }
            (Some(OURS), Some(BASE)) => Some(BASE),
            (Some(OURS | BASE), Some(THEIRS)) => Some(THEIRS),
            (Some(THEIRS), Some(END)) => None,
            (part, _) => {
                if matches!(part, None | Some(OURS)) {
                    ours.push_str(line);
                }
                if matches!(part, None | Some(THEIRS)) {
                    theirs.push_str(line);
                }
                part
            }
        };
    }
    (has_conflict && part.is_none()).then_some([ours, theirs])
}

fn marker(line: &str) -> Option<&'static str> {
    let is_marker = |marker: &&str| {
        line.strip_prefix(marker)
            .is_some_and(|rest| rest.trim_end().is_empty() || rest.starts_with(' '))
    };
    [OURS, BASE, THEIRS, END].into_iter().find(is_marker)
}

/// Whether every word of one side of a conflict is also in the generated text, in the same order. Merging two endpoints leaves
/// sides that neither branch had; nothing is lost when all that they say is generated again.
fn is_within(side: &Header, wanted: &Header) -> bool {
    let mut wanted = words(wanted.body());
    words(side.body()).all(|word| wanted.any(|other| other == word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    // Where lines are broken, rustfmt and prettyplease put a comma.
    text.split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
}

/// Whether git has both sides of a merge, they are untouched generated files, and every line comes from one of them or is
/// generated again.
fn is_of_two_sides(path: &Path, text: &str, wanted: &str) -> bool {
    let is_known = |sides: &[String]| {
        let known: BTreeSet<&str> = sides.iter().flat_map(|side| side.lines()).collect();
        let wanted: BTreeSet<&str> = wanted.lines().collect();
        let is_known = |line: &str| known.contains(line) || wanted.contains(line);
        text.lines()
            .all(|line| is_known(line) || marker(line).is_some())
    };
    let has = |revisions: &[&str]| {
        let sides: Option<Vec<String>> = revisions
            .iter()
            .map(|revision| untouched(path, revision))
            .collect();
        sides.is_some_and(|sides| is_known(&sides))
    };
    // While there are conflicts, before the merge is committed, and after: then it must be what was committed.
    has(&[":1", ":2", ":3"])
        || has(&[":2", ":3"])
        || has(&["HEAD", "MERGE_HEAD"])
        || (version(path, "HEAD").is_some_and(|head| head == text) && has(&["HEAD^1", "HEAD^2"]))
}

/// A version of a file that git has, if nobody has edited it.
fn untouched(path: &Path, revision: &str) -> Option<String> {
    version(path, revision)
        .filter(|text| Header::find(text).is_some_and(|header| header.is_intact()))
}

fn version(path: &Path, revision: &str) -> Option<String> {
    let (folder, name) = path.parent().zip(path.file_name())?;
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["cat-file", "blob"])
        .arg(format!("{revision}:./{}", name.to_string_lossy()))
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| unix(&String::from_utf8_lossy(&output.stdout)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::file::Format;

    const RUST: Format = Format {
        target: "rust",
        extension: "rs",
        epoch: 1,
        comment: ("//", ""),
    };

    fn signed(code: &str) -> String {
        RUST.sign(code, "specs/a.yaml", None)
    }

    fn merged(text: &str, wanted: &str) -> bool {
        is_merged(Path::new("/nowhere/a.rs"), text, wanted)
    }

    #[test]
    fn a_wrong_digest_alone_comes_from_a_merge() {
        let wanted = signed("fn a() {}\nfn b() {}\n");
        let digest = |code: &str| signed(code).lines().nth(1).unwrap().to_owned();
        let ours = wanted.replace(&digest("fn a() {}\nfn b() {}\n"), &digest("fn a() {}\n"));
        assert!(merged(&ours, &wanted));
        // As `merge=union` leaves it.
        let both = ours.replace("\nfn a", &format!("\n{}\nfn a", digest("fn b() {}\n")));
        assert!(merged(&both, &wanted));
        assert!(!merged(
            &ours.replace("fn a() {}", "fn a() { x() }"),
            &wanted
        ));
    }

    #[test]
    fn conflicts_of_untouched_files_are_nobodys_work() {
        let wanted = signed("mod a;\nmod b;\nfn f() {}\n");
        let conflict = |ours: &str, base: &str, theirs: &str| {
            let mark = wanted.lines().next().unwrap();
            format!(
                "{mark}\n<<<<<<< HEAD\n// digest: 1\nmod a;\n{ours}{base}=======\n// digest: 2\nmod b;\n{theirs}>>>>>>> other\nfn f() {{}}\n"
            )
        };
        assert!(merged(&conflict("", "", ""), &wanted));
        assert!(merged(
            &conflict("", "||||||| base\n// digest: 0\n", ""),
            &wanted
        ));
        assert!(!merged(&conflict("", "", "// mine\n"), &wanted));
        assert!(!merged(
            &conflict("", "", "").replace("{}", "{ mine() }"),
            &wanted
        ));
        assert!(!merged(
            &conflict("", "", "").replace(">>>>>>> other\n", ""),
            &wanted
        ));
    }

    #[test]
    fn whole_files_in_conflict_are_untouched_each() {
        let (ours, theirs) = (signed("mod a;\n"), signed("mod b;\n"));
        let text = format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n");
        assert!(merged(&text, &signed("mod c;\n")));
        let edited = text.replace("mod b;", "mod mine;");
        assert!(!merged(&edited, &signed("mod c;\n")));
    }
}
