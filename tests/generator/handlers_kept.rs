//! Whatever people do to specs and settings: no run that succeeds leaves hand-written handlers uncompiled.

use crate::support::{Project, finish};
use autumn_gen::{Error, Generated, Mode, Overrides, Ownership, Report, generate, write};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    process::Command,
};

const STEPS: usize = 200;
const MINE: &str = "// mine\n";
const SPECS: [&str; 4] = ["chat", "talk", "admin/chat", "admin/audit"];
const ENDPOINTS: [&str; 4] = ["desk", "board", "wall", "door"];
const OUTS: [&str; 2] = ["src/ws", "src/live"];
const FOLDERS: [&str; 2] = ["specs", "api"];

/// What a project says: for each spec its endpoints, and whether each handles something.
#[derive(Clone, Debug, Default)]
struct State {
    specs: BTreeMap<&'static str, BTreeMap<&'static str, bool>>,
    out: usize,
    folder: usize,
}

/// The same numbers in every run, without a seed to write down.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

impl State {
    fn change(&mut self, random: &mut Random) {
        let spec = random.one(&SPECS);
        let endpoint = random.one(&ENDPOINTS);
        match random.below(8) {
            0 => self.out = random.below(OUTS.len()),
            1 => self.folder = random.below(FOLDERS.len()),
            2 => drop(self.specs.remove(spec)),
            3 => {
                let moved = self.specs.remove(spec).unwrap_or_default();
                self.specs
                    .entry(random.one(&SPECS))
                    .or_default()
                    .extend(moved);
            }
            4 => {
                let endpoints = self.specs.entry(spec).or_default();
                let handles = endpoints.remove(endpoint).unwrap_or(true);
                endpoints.insert(random.one(&ENDPOINTS), handles);
            }
            5 => {
                self.specs.entry(spec).or_default().remove(endpoint);
            }
            _ => {
                let handles = self
                    .specs
                    .entry(spec)
                    .or_default()
                    .entry(endpoint)
                    .or_default();
                *handles = !*handles;
            }
        }
        self.specs.retain(|_, endpoints| !endpoints.is_empty());
    }

    fn save(&self, project: &Project) {
        for folder in FOLDERS {
            let _ = fs::remove_dir_all(project.at(folder));
        }
        let (folder, out) = (FOLDERS[self.folder], OUTS[self.out]);
        project.write(
            "Cargo.toml",
            format!(
                "[package]\nname = \"sample\"\nversion = \"0.1.0\"\n[workspace]\n[package.metadata.autumn-gen]\nspecs = \"{folder}\"\nout = \"{out}\"\n"
            ),
        );
        for (spec, endpoints) in &self.specs {
            let entry = |(endpoint, handles): (&&str, &bool)| {
                let on_message = if *handles { "handle" } else { "ignore" };
                format!("  {endpoint}: {{ path: /{spec}/{endpoint}, on_message: {on_message} }}\n")
            };
            let endpoints: Vec<String> = endpoints.iter().map(entry).collect();
            let text = format!("version: 1\nendpoints:\n{}", endpoints.concat());
            project.write(&format!("{folder}/{spec}.yaml"), text);
        }
    }
}

/// Generates and writes; `None`: there is nothing to generate from, and nothing was.
fn run(project: &Project, mode: Mode) -> Option<(Generated, Result<Report, Error>)> {
    let found = autumn_gen::Project::find(project.path(), &Overrides::default()).unwrap();
    match generate(&found) {
        Ok(generated) => {
            let written = write(&found, &generated, None, mode);
            Some((generated, written))
        }
        Err(Error::Environment(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

/// The files that somebody has written, below all folders of generated code.
fn handwritten(project: &Project) -> BTreeSet<PathBuf> {
    let files = project.tree().into_iter().filter(|(path, text)| {
        text.ends_with(MINE) && OUTS.iter().any(|out| PathBuf::from(path).starts_with(out))
    });
    files.map(|(path, _)| PathBuf::from(path)).collect()
}

/// Does what a message offers.
fn choose(project: &Project, report: &Report, random: &mut Random) {
    let ways = report.out_of_use[0].ways.all();
    let commands: Vec<&str> = ways
        .filter(|(what, _)| *what != "keep it")
        .map(|(_, how)| how)
        .collect();
    let command = random.one(&commands);
    let mut shell = Command::new("sh");
    let done = finish(shell.args(["-c", command]).current_dir(project.path()));
    assert_eq!(done.code, 0, "{command}: {}", done.stderr);
}

#[test]
fn no_change_of_specs_and_settings_drops_a_handler_unnoticed() {
    let project = Project::new();
    let mut random = Random(1);
    let mut state = State::default();
    let (mut refused, mut written) = (0, 0);
    for step in 0..STEPS {
        state.change(&mut random);
        state.save(&project);
        let mode = random.one(&[Mode::Write, Mode::Force]);
        while let Some((generated, result)) = run(&project, mode) {
            let Err(error) = result else {
                let out = PathBuf::from(OUTS[state.out]);
                let handlers = generated
                    .files
                    .iter()
                    .filter(|file| matches!(file.ownership, Ownership::Handwritten(_)));
                let used: BTreeSet<PathBuf> = handlers.map(|file| out.join(&file.path)).collect();
                // Whoever gets a skeleton makes it a handler.
                for path in &used {
                    let path = path.display().to_string();
                    let text = project.read(&path);
                    if !text.ends_with(MINE) {
                        project.write(&path, text + MINE);
                    }
                }
                assert_eq!(handwritten(&project), used, "step {step}: {state:?}");
                written += 1;
                break;
            };
            let Error::Refused(report) = error else {
                panic!("step {step}: {error}");
            };
            assert!(!report.out_of_use.is_empty(), "step {step}: {report}");
            choose(&project, &report, &mut random);
            refused += 1;
        }
    }
    assert!(
        refused > STEPS / 10 && written > STEPS / 2,
        "{refused} refused, {written} written"
    );
}
