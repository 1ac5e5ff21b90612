//! Merges of branches that change specs: generated files never need work by hand.

use crate::support::{Project, finish};
use std::process::Command;

/// The endpoints of a spec, each with its most connections.
type Endpoints = &'static [(&'static str, u32)];

/// A spec on two branches, and after a person has merged it.
struct Merge {
    what: &'static str,
    ours: Endpoints,
    theirs: Endpoints,
    merged: Endpoints,
}

const BASE: Endpoints = &[("first", 10), ("second", 20), ("third", 30)];

const ADDED: Merge = Merge {
    what: "each adds an endpoint",
    ours: &[("first", 10), ("second", 20), ("third", 30), ("left", 1)],
    theirs: &[("first", 10), ("second", 20), ("third", 30), ("right", 2)],
    merged: &[
        ("first", 10),
        ("second", 20),
        ("third", 30),
        ("left", 1),
        ("right", 2),
    ],
};

const MERGES: &[Merge] = &[
    ADDED,
    Merge {
        what: "two endpoints change",
        ours: &[("first", 11), ("second", 20), ("third", 30)],
        theirs: &[("first", 10), ("second", 20), ("third", 33)],
        merged: &[("first", 11), ("second", 20), ("third", 33)],
    },
    Merge {
        what: "one adds and one removes",
        ours: &[("first", 10), ("second", 20), ("third", 30), ("left", 1)],
        theirs: &[("first", 10), ("second", 20)],
        merged: &[("first", 10), ("second", 20), ("left", 1)],
    },
    Merge {
        what: "one renames what the other changes",
        ours: &[("first", 10), ("renamed", 20), ("third", 30)],
        theirs: &[("first", 10), ("second", 22), ("third", 30)],
        merged: &[("first", 10), ("renamed", 22), ("third", 30)],
    },
];

fn write(project: &Project, endpoints: Endpoints) {
    let entry = |(name, most): &(&str, u32)| {
        format!(
            "  {name}:\n    path: /{name}\n    on_message: echo\n    limits: {{ connections: {most} }}\n"
        )
    };
    let endpoints: String = endpoints.iter().map(entry).collect();
    project.write(
        "specs/a.yaml",
        format!("version: 1\nendpoints:\n{endpoints}"),
    );
}

fn git(project: &Project, arguments: &[&str]) -> i32 {
    let mut command = Command::new("git");
    let name = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    command
        .args(name)
        .args(arguments)
        .current_dir(project.path());
    finish(&mut command).code
}

fn commit(project: &Project) {
    assert_eq!(git(project, &["add", "-A"]), 0);
    assert_eq!(git(project, &["commit", "-qm", "change"]), 0);
}

/// A repository in which a branch was merged into another, with whatever conflicts that gives.
fn merging(
    ours: impl Fn(&Project),
    theirs: impl Fn(&Project),
    style: &str,
    attributes: &str,
) -> Project {
    let project = Project::new();
    assert_eq!(git(&project, &["init", "-q", "-b", "main", "."]), 0);
    git(&project, &["config", "merge.conflictStyle", style]);
    project.write(".gitattributes", attributes);
    write(&project, BASE);
    project.done(&["ws", "-q"]);
    commit(&project);
    git(&project, &["checkout", "-qb", "theirs"]);
    theirs(&project);
    commit(&project);
    git(&project, &["checkout", "-q", "main"]);
    ours(&project);
    commit(&project);
    git(&project, &["merge", "-q", "theirs"]);
    project
}

/// The same for two versions of the spec, from which each branch has generated its files.
fn generated(merge: &Merge, style: &str, attributes: &str) -> Project {
    let generate = |endpoints| {
        move |project: &Project| {
            write(project, endpoints);
            project.done(&["ws", "-q"]);
        }
    };
    let project = merging(
        generate(merge.ours),
        generate(merge.theirs),
        style,
        attributes,
    );
    write(&project, merge.merged);
    project
}

#[test]
fn a_run_resolves_conflicts_between_generated_files() {
    for merge in MERGES {
        for style in ["merge", "diff3", "zdiff3"] {
            let project = generated(merge, style, "");
            let run = project.run(&["ws"]);
            assert_eq!(run.code, 0, "{}, {style}: {}", merge.what, run.stderr);
            assert_eq!(project.run(&["ws", "--check"]).code, 0, "{}", merge.what);
        }
    }
}

#[test]
fn a_run_resolves_the_conflict_between_two_new_specs() {
    let add = |name: &'static str| {
        move |project: &Project| {
            let spec =
                format!("version: 1\nendpoints:\n  one: {{ path: /{name}, on_message: echo }}\n");
            project.write(&format!("specs/{name}.yaml"), spec);
            project.done(&["ws", "-q"]);
        }
    };
    let project = merging(add("left"), add("right"), "merge", "");
    assert!(project.read("src/ws/mod.rs").contains("<<<<<<<"));
    project.done(&["ws"]);
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
}

#[test]
fn a_run_resolves_a_union_of_both_sides() {
    for merge in MERGES {
        let project = generated(merge, "merge", "src/ws/** merge=union\n");
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 0, "{}: {}", merge.what, run.stderr);
    }
}

#[test]
fn a_merged_file_is_not_called_edited_by_hand() {
    let project = generated(&ADDED, "merge", "");
    let check = project.run(&["ws", "--check"]);
    assert!(
        check.stderr.contains("src/ws/a.rs: merged"),
        "{}",
        check.stderr
    );
    assert!(!check.stderr.contains("by hand"), "{}", check.stderr);
    // Once it is staged with its conflicts, git does not know the sides any more.
    git(&project, &["add", "-A"]);
    project.done(&["ws"]);
}

#[test]
fn an_edit_on_one_side_is_kept() {
    let generate = |project: &Project| {
        write(project, ADDED.ours);
        project.done(&["ws", "-q"]);
    };
    let edit = |project: &Project| {
        write(project, ADDED.theirs);
        project.done(&["ws", "-q"]);
        let text = project.read("src/ws/a.rs");
        project.write(
            "src/ws/a.rs",
            text.replacen("async fn right", "// Mine.\nasync fn right", 1),
        );
    };
    let project = merging(generate, edit, "merge", "");
    write(&project, ADDED.merged);
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(
        run.stderr.contains("src/ws/a.rs: edited by hand"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_edit_after_a_merge_is_kept() {
    let project = generated(&ADDED, "merge", "src/ws/** merge=union\n");
    project.done(&["ws"]);
    commit(&project);
    let text = project.read("src/ws/a.rs");
    let line = text
        .lines()
        .find(|line| line.contains("const CONNECTIONS"))
        .unwrap();
    project.write("src/ws/a.rs", text.replacen(&format!("{line}\n"), "", 1));
    assert_eq!(project.run(&["ws"]).code, 4);
}
