//! Builds and installs the servers.

use crate::{args::Plan, peer::Peer};
use anyhow::{Context, Result, ensure};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// Builds and installs what is measured.
pub fn prepare(plan: &Plan) -> Result<()> {
    for peer in &plan.peers {
        let name = peer.name();
        eprintln!("preparing {name}");
        prepare_server(*peer).with_context(|| format!("leave it out with `--without {name}`"))?;
    }
    if plan.measures.iter().any(|measure| measure.is_inside()) {
        build("channels", &root())?;
    }
    Ok(())
}

fn prepare_server(peer: Peer) -> Result<()> {
    match peer {
        Peer::AutumnGen => {
            generate()?;
            build(&package(peer), &root())
        }
        Peer::Axum | Peer::Fastwebsockets => build(&package(peer), &root()),
        Peer::AutumnWeb => build(&package(peer), &folder(peer)),
        Peer::Bun => install_bun(&folder(peer)),
        Peer::Uwebsockets => install_socketify(&folder(peer)),
    }
}

/// The path of a Rust server's binary.
pub fn binary(peer: Peer) -> PathBuf {
    program(&package(peer))
}

/// The path of a package's binary.
pub fn program(name: &str) -> PathBuf {
    target().join("release").join(name)
}

/// The folder of a server's code.
pub fn folder(peer: Peer) -> PathBuf {
    root().join("servers").join(peer.name())
}

/// The folder of the benchmark.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Set by `run`.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn package(peer: Peer) -> String {
    format!("server-{}", peer.name())
}

/// Measure what this checkout's generator makes.
fn generate() -> Result<()> {
    let mut cargo = cargo("run", &root());
    cargo.args(["--quiet", "--package", "autumn-gen", "--manifest-path"]);
    cargo.arg(root().join("../../Cargo.toml"));
    cargo.args(["--", "ws", "--quiet", "--manifest-path"]);
    cargo.arg(folder(Peer::AutumnGen).join("Cargo.toml"));
    succeed(&mut cargo)
}

/// One package at a time, so that none gets features that only another one asks for.
fn build(package: &str, workspace: &Path) -> Result<()> {
    let mut cargo = cargo("build", workspace);
    cargo.args(["--quiet", "--release", "--package", package]);
    succeed(&mut cargo)
}

/// Builds and installs what the comparison of engines needs.
pub fn prepare_engines(with_autumn_web: bool) -> Result<()> {
    for program in ["redis-server", "nats-server"] {
        if Command::new(program).arg("--version").output().is_err() {
            apt(program)?;
        }
    }
    build("replicas", &root())?;
    if with_autumn_web {
        let mut cargo = cargo("build", &folder(Peer::AutumnWeb));
        cargo.args(["--quiet", "--release", "--features", "redis"]);
        succeed(cargo.args(["--bin", "replica-autumn-web"]))?;
    }
    Ok(())
}

/// Installs a package of Debian.
fn apt(package: &str) -> Result<()> {
    eprintln!("{package} is missing and installed now");
    let mut apt = Command::new("apt-get");
    apt.args(["install", "--yes", "--quiet", package]);
    succeed(apt.env("DEBIAN_FRONTEND", "noninteractive"))
}

fn install_bun(folder: &Path) -> Result<()> {
    if folder.join("node_modules/.bin/bun").exists() {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--silent"]).current_dir(folder);
    succeed(&mut npm)
}

fn install_socketify(folder: &Path) -> Result<()> {
    let python = folder.join(".venv/bin/python");
    if !python.exists() {
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv"]).arg(folder.join(".venv"));
        succeed(&mut venv)?;
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--requirement"]);
    pip.arg(folder.join("requirements.txt"));
    pip.arg("--disable-pip-version-check");
    succeed(&mut pip)?;
    if succeed(&mut imports(&python)).is_err() {
        apt("libuv1-dev")?;
        succeed(&mut imports(&python))?;
    }
    Ok(())
}

/// Whether socketify finds its libraries.
fn imports(python: &Path) -> Command {
    let mut import = Command::new(python);
    import.args(["-c", "import socketify"]);
    import
}

fn cargo(command: &str, workspace: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(command).current_dir(workspace);
    cargo
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}
