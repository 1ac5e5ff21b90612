//! How long `autumn-gen ws --check` takes: the median of some runs, each a process of its own. `run` builds and starts it.
//!
//! Its arguments are the tools to measure, on the same specs, in turn.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
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
    let tools = env::args_os().skip(1).map(fs::canonicalize);
    let tools = tools.collect::<io::Result<Vec<PathBuf>>>()?;
    let folder = env::temp_dir().join(format!("autumn-gen-check-{}", std::process::id()));
    for (specs, endpoints, most) in SIZES {
        println!(
            "{} endpoints in {specs} specs, at most {} ms:",
            specs * endpoints,
            most.as_millis()
        );
        for (tool, time) in tools
            .iter()
            .zip(measure(&tools, &folder, specs, endpoints)?)
        {
            println!(
                "{:>8.1} ms  {}",
                time.as_secs_f64() * 1000.0,
                tool.display()
            );
        }
    }
    fs::remove_dir_all(folder)
}

/// The median for each tool. They take turns, so that what else the machine does meets all of them.
fn measure(
    tools: &[PathBuf],
    folder: &Path,
    specs: usize,
    endpoints: usize,
) -> io::Result<Vec<Duration>> {
    let mut runs = Vec::new();
    for (index, tool) in tools.iter().enumerate() {
        let project = folder.join(format!("{specs}-{index}"));
        create(tool, &project, specs, endpoints)?;
        runs.push((tool, project, Vec::new()));
    }
    for _ in 0..RUNS {
        for (tool, project, times) in &mut runs {
            let started = Instant::now();
            run(tool, project, &["ws", "--check"])?;
            times.push(started.elapsed());
        }
    }
    let medians = runs.into_iter().map(|(_, _, mut times)| {
        times.sort();
        times.swap_remove(RUNS / 2)
    });
    Ok(medians.collect())
}

/// A project whose files the tool has just generated.
fn create(tool: &Path, project: &Path, specs: usize, endpoints: usize) -> io::Result<()> {
    fs::create_dir_all(project.join("specs"))?;
    let manifest = "[package]\nname = \"sample\"\nedition = \"2024\"\n";
    fs::write(project.join("Cargo.toml"), manifest)?;
    for number in 0..specs {
        let spec = format!("specs/spec{number}.yaml");
        fs::write(project.join(spec), text(number, endpoints))?;
    }
    run(tool, project, &["ws"])
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

fn run(tool: &Path, folder: &Path, arguments: &[&str]) -> io::Result<()> {
    let output = Command::new(tool)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!(
        "{} {arguments:?}: {message}",
        tool.display()
    )))
}
