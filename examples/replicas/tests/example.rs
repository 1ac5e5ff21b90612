//! The example as its README shows it.

use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::support::{Kind, get, lines, over_each_engine, soon, wait_for_line};
use crate::together::Chatter;

over_each_engine!(three_replicas_talk);

fn example(engine: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_replicas"));
    command.arg(engine).env("ADDRESS", "127.0.0.1:0");
    command.stdin(Stdio::null()).kill_on_drop(true);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The addresses that replicas print.
async fn addresses(out: &mut watch::Receiver<Vec<String>>) -> Vec<String> {
    let listening = |line: &String| line.strip_prefix("listening on http://").map(str::to_owned);
    let all = |lines: &Vec<String>| lines.iter().filter_map(listening).collect::<Vec<_>>();
    let there = out.wait_for(|lines| all(lines).len() == 3);
    let lines = soon("three replicas", there).await.unwrap();
    all(&lines)
}

fn signal(process: &Child, signal: Signal) {
    let id = process.id().unwrap().cast_signed();
    kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
}

async fn three_replicas_talk(kind: Kind) {
    let engine = match kind {
        Kind::Redis => "redis",
        Kind::Nats => "nats",
    };
    let mut process = example(engine).spawn().unwrap();
    let mut out = lines(process.stdout.take().unwrap());
    let _log = lines(process.stderr.take().unwrap());
    let addresses = addresses(&mut out).await;
    let mut chatters = Vec::new();
    for (address, nick) in addresses.iter().zip(["ann", "bob", "carl"]) {
        let mut chatter = Chatter::enter_at(address, &format!("/rooms/tea?nick={nick}")).await;
        chatter.hears(&format!("{nick} joined")).await;
        chatters.push(chatter);
    }
    chatters[2].say("tea?").await;
    for chatter in &mut chatters {
        chatter.hears("carl: tea?").await;
    }
    let page = wait_for_line(&mut out, "all together on ").await;
    let page = page.rsplit('/').next().unwrap();
    let shown = get(page.parse().unwrap(), "/").await.1;
    for address in &addresses {
        assert!(
            shown.contains(&format!("http://{address}/?room=tea")),
            "{shown}"
        );
    }

    signal(&process, Signal::TERM);
    let mut ending = JoinSet::new();
    for chatter in chatters {
        ending.spawn(chatter.until_left());
    }
    let status = soon("the end", process.wait()).await.unwrap();
    assert_eq!(status.code(), Some(0));
    // Nothing listens any more.
    for address in &addresses {
        assert!(tokio::net::TcpStream::connect(address).await.is_err());
    }
}

#[tokio::test]
async fn a_missing_engine_is_reported_with_how_to_install_it() {
    for (engine, package) in [("redis", "redis-server"), ("nats", "nats-server")] {
        let output = example(engine).env("PATH", "").output();
        let output = soon("the end", output).await.unwrap();
        assert_eq!(output.status.code(), Some(1));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            stderr.contains(&format!("apt-get install {package}")),
            "{stderr}"
        );
    }
}

#[tokio::test]
async fn an_unknown_engine_prints_the_usage() {
    let output = soon("the end", example("kafka").output()).await.unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr.starts_with("usage: cargo run -p replicas -- redis\n"),
        "{stderr}"
    );
}
