//! How long `autumn-gen ws --check` takes: the median of many runs, each a process of its own.
//!
//! `cargo bench -p autumn-gen` prints it. `AUTUMN_GEN_BASELINE=path/to/autumn-gen` names another build to run beside this
//! one, on the same specs, in turn.

use std::{
    fmt::Write as _,
    fs, io,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const RUNS: usize = 21;

/// How many specs, how many endpoints in each, and how long a check may take.
const SIZES: [(usize, usize, Duration); 2] = [
    (1, 10, Duration::from_millis(15)),
    (100, 10, Duration::from_millis(400)),
];

fn main() -> io::Result<()> {
    let mut tools = vec![("this build", env!("CARGO_BIN_EXE_autumn-gen").to_owned())];
    tools.extend(std::env::var("AUTUMN_GEN_BASELINE").map(|path| ("baseline", path)));
    for (specs, endpoints, most) in SIZES {
        println!(
            "{} endpoints in {specs} specs, at most {} ms:",
            specs * endpoints,
            most.as_millis()
        );
        for (name, time) in measure(&tools, specs, endpoints)? {
            println!("  {name:<10} {:>6.1} ms", time.as_secs_f64() * 1000.0);
        }
    }
    Ok(())
}

/// The median for each tool. They take turns, so that other load on the machine affects all of them alike.
fn measure<'a>(
    tools: &'a [(&'a str, String)],
    specs: usize,
    endpoints: usize,
) -> io::Result<Vec<(&'a str, Duration)>> {
    let projects = tools
        .iter()
        .map(|(_, tool)| project(tool, specs, endpoints))
        .collect::<io::Result<Vec<_>>>()?;
    let mut times = vec![Vec::new(); tools.len()];
    for _ in 0..RUNS {
        for ((project, (_, tool)), times) in projects.iter().zip(tools).zip(&mut times) {
            let started = Instant::now();
            run(tool, project.path(), &["ws", "--check"])?;
            times.push(started.elapsed());
        }
    }
    let medians = tools.iter().zip(times).map(|((name, _), mut times)| {
        times.sort();
        (*name, times.swap_remove(RUNS / 2))
    });
    Ok(medians.collect())
}

/// A project whose files the tool has just generated.
fn project(tool: &str, specs: usize, endpoints: usize) -> io::Result<tempfile::TempDir> {
    let project = tempfile::tempdir()?;
    let manifest = "[package]\nname = \"sample\"\nedition = \"2024\"\n";
    fs::write(project.path().join("Cargo.toml"), manifest)?;
    fs::create_dir(project.path().join("specs"))?;
    for number in 0..specs {
        let spec = format!("specs/spec{number}.yaml");
        fs::write(project.path().join(spec), text(number, endpoints))?;
    }
    run(tool, project.path(), &["ws"])?;
    Ok(project)
}

/// A spec with endpoints of four kinds, as projects have them.
fn text(number: usize, endpoints: usize) -> String {
    let mut text = format!(
        "version: 1\ndescription: The sockets of part {number}.\nchannels:\n  lobby: \"lobby{number}\"\n  room: \"room{number}:{{room}}\"\nendpoints:\n"
    );
    for index in 0..endpoints {
        let path = format!("/part{number}/e{index}");
        let _ = match index % 4 {
            0 => writeln!(
                text,
                "  e{index}:\n    path: {path}\n    description: Everybody hears everybody.\n    subscribe: [lobby]\n    on_message: {{ publish: lobby }}\n    accept: [text]"
            ),
            1 => writeln!(
                text,
                "  e{index}:\n    path: {path}/{{room}}\n    query: {{ nick: {{ type: String, default: guest }} }}\n    subscribe: [room]\n    on_message: handle"
            ),
            2 => writeln!(
                text,
                "  e{index}:\n    path: {path}\n    on_message: echo\n    limits: {{ message_size: 64KiB, idle: 5m }}"
            ),
            _ => writeln!(
                text,
                "  e{index}:\n    path: {path}\n    extract: {{ user: crate::auth::CurrentUser }}\n    subscribe: {{ lobby: handle }}\n    on_message: handle\n    shutdown: {{ notify: handle }}"
            ),
        };
    }
    text
}

fn run(tool: &str, folder: &Path, arguments: &[&str]) -> io::Result<()> {
    let output = Command::new(tool)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{tool} {arguments:?}: {told}")))
}
