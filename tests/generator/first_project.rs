//! The project that a newcomer creates: it builds, its tests pass, and it serves.

use crate::support::{Project, built, cargo, repository};
use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpStream,
    os::unix::fs::symlink,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tungstenite::{Message, WebSocket};

/// The first commands of the README, in a folder that looks like a checkout.
#[test]
fn the_first_commands_of_the_readme_give_a_project_that_builds_and_serves() {
    let checkout = Project::new();
    symlink(repository().join("runtime"), checkout.at("runtime")).unwrap();
    let commands = first_commands();
    let [create, start, again] = commands.each_ref().map(String::as_str);
    checkout.done(&generator_arguments(create));
    assert_eq!(start, "cd demo && cargo run");

    // A test cannot reserve a port.
    let main = checkout.read("demo/src/main.rs");
    let main_on_any_port = main.replace("127.0.0.1:3000", "127.0.0.1:0");
    assert_ne!(main, main_on_any_port);
    checkout.write("demo/src/main.rs", main_on_any_port);
    fs::copy(
        repository().join("Cargo.lock"),
        checkout.at("demo/Cargo.lock"),
    )
    .unwrap();
    cargo(&checkout.at("demo"), &["test"]);
    cargo(&checkout.at("demo"), &["build"]);
    checkout.done(&generator_arguments(again));

    let mut demo = Server::start(&built("demo"));
    let mut sockets =
        ["/echo", "/lobby", "/lobby", "/greeter?name=ann"].map(|path| demo.connect(path));
    let [echo, ann, ben, _greeter] = &mut sockets;
    echo.send(Message::text("hello")).unwrap();
    assert_eq!(echo.read().unwrap(), Message::text("hello"));
    ann.send(Message::text("anybody here?")).unwrap();
    for guest in [ann, ben] {
        assert_eq!(guest.read().unwrap(), Message::text("anybody here?"));
    }
    demo.terminate();
    for socket in &mut sockets {
        let goodbye = socket.read().unwrap();
        assert!(goodbye.is_close(), "{goodbye}");
        while socket.read().is_ok() {}
    }
    assert!(demo.process.wait().unwrap().success());
}

/// The commands in the README that create a project, start it, and generate it again.
fn first_commands() -> [String; 3] {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1);
    let lines = blocks.map(|block| block.lines().next().unwrap().to_owned());
    lines.take(3).collect::<Vec<_>>().try_into().unwrap()
}

/// The arguments that `cargo run -- …` passes to `autumn-gen`.
fn generator_arguments(command: &str) -> Vec<&str> {
    let arguments = command.strip_prefix("cargo run -- ");
    arguments
        .expect("a run of the generator")
        .split(' ')
        .collect()
}

/// A server in a process of its own, which ends when this is dropped.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Starts it, and waits until it prints its address.
    fn start(program: &Path) -> Self {
        let mut process = Command::new(program)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ws://").unwrap();
        let address = address.to_owned();
        Self { process, address }
    }

    /// Opens a socket with timeouts of five seconds.
    fn connect(&self, path: &str) -> WebSocket<TcpStream> {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let url = format!("ws://{}{path}", self.address);
        tungstenite::client(url, stream).unwrap().0
    }

    /// Sends SIGTERM.
    fn terminate(&mut self) {
        let id = self.process.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &id]).status();
        assert!(kill.unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
    }
}
