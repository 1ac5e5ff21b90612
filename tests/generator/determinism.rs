//! The same specs give the same bytes on every machine.

use crate::support::{Project, finish, generate_alone, specs, stem};
use autumn_gen::{Discovered, File, Ownership, Surroundings, generate_from};
use std::fs;

fn text(files: &[File]) -> Vec<(String, String)> {
    let text = |file: &File| match &file.ownership {
        Ownership::Generated(code) => code.clone(),
        Ownership::Handwritten(skeleton) => skeleton.code.clone(),
    };
    files
        .iter()
        .map(|file| (file.path.display().to_string(), text(file)))
        .collect()
}

#[test]
fn every_spec_gives_the_same_bytes_twice() {
    for spec in specs("specs") {
        assert_eq!(
            text(&generate_alone(&spec).unwrap()),
            text(&generate_alone(&spec).unwrap())
        );
    }
}

/// Specs of one project whose paths do not overlap.
fn together() -> Vec<(String, Vec<u8>)> {
    let one = |index: usize| {
        let text = format!(
            "version: 1\nchannels: {{ c{index}: }}\nendpoints:\n  e: {{ path: /{index}, subscribe: [c{index}] }}\n"
        );
        (format!("s{index}"), text.into_bytes())
    };
    (0..12).map(one).collect()
}

#[test]
fn the_order_of_discovery_does_not_matter() {
    let generate = |specs: &[(String, Vec<u8>)]| {
        let mut discovered = Discovered::default();
        for (name, bytes) in specs {
            discovered.add(
                &format!("specs/{name}.yaml"),
                vec![name.clone()],
                Some(bytes.clone()),
            );
        }
        text(
            &generate_from(&discovered, &Surroundings::default())
                .unwrap()
                .files,
        )
    };
    let mut specs = together();
    let sorted = generate(&specs);
    for turn in 0..specs.len() {
        specs.rotate_left(1);
        specs.swap(0, turn);
        assert_eq!(generate(&specs), sorted, "turn {turn}");
    }
}

#[test]
fn folder_locale_time_zone_and_creation_order_do_not_matter() {
    let forward = Project::new();
    let backward = Project::new();
    for (name, bytes) in together() {
        forward.write(&format!("specs/{name}.yaml"), bytes);
    }
    for (name, bytes) in together().into_iter().rev() {
        backward.write(&format!("specs/{name}.yaml"), bytes);
    }
    forward.done(&["ws"]);
    let elsewhere = tempfile::tempdir().unwrap();
    let manifest = backward.at("Cargo.toml").display().to_string();
    let mut command = backward.command(&["ws", "--manifest-path", &manifest]);
    command
        .current_dir(elsewhere.path())
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("LANG", "tr_TR.UTF-8")
        .env("TZ", "Asia/Kathmandu");
    let run = finish(&mut command);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(forward.tree(), backward.tree());
    assert!(
        fs::read_dir(elsewhere.path()).unwrap().next().is_none(),
        "written outside of the project"
    );
}

#[test]
fn line_endings_and_a_byte_order_mark_do_not_matter() {
    for spec in specs("specs") {
        let unix = fs::read_to_string(&spec).unwrap();
        let windows = format!("\u{feff}{}", unix.replace('\n', "\r\n"));
        let name = format!("{}.yaml", stem(&spec));
        let (one, other) = (
            Project::with_spec(&name, unix),
            Project::with_spec(&name, windows),
        );
        one.done(&["ws"]);
        other.done(&["ws"]);
        assert_eq!(one.tree(), other.tree(), "{name}");
    }
}
