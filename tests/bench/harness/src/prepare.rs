//! Builds and installs the servers.

use crate::peer::Peer;
use anyhow::{Context, Result, ensure};
use std::{env, path::PathBuf, process::Command};

/// Makes a server ready to be started.
pub fn prepare(peer: Peer) -> Result<()> {
    eprintln!("preparing {}", peer.name());
    match peer {
        Peer::AutumnGen => {
            generate()?;
            build(peer)
        }
        Peer::Axum => build(peer),
    }
}

/// Where the binary of a Rust server is.
pub fn binary(peer: Peer) -> PathBuf {
    target().join("release").join(package(peer))
}

/// The folder of the benchmark.
fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Set by `run`.
fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn package(peer: Peer) -> String {
    format!("server-{}", peer.name())
}

/// What is measured is what the generator of this checkout makes.
fn generate() -> Result<()> {
    let mut cargo = cargo("run");
    cargo.args(["--quiet", "--package", "autumn-gen", "--manifest-path"]);
    cargo.arg(root().join("../../Cargo.toml"));
    cargo.args(["--", "ws", "--quiet", "--manifest-path"]);
    cargo.arg(root().join("servers/autumn-gen/Cargo.toml"));
    succeed(&mut cargo)
}

/// One package at a time, so that none gets features that only others ask for.
fn build(peer: Peer) -> Result<()> {
    let mut cargo = cargo("build");
    cargo.args(["--quiet", "--release", "--package", &package(peer)]);
    succeed(&mut cargo)
}

fn cargo(command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(command).current_dir(root());
    cargo
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}
