//! The example as its README shows it.

use crate::{
    support::{Kind, over_each_engine},
    together::Chatter,
};
use std::process::Stdio;
use test_kit::{Lines, Process, http, soon};
use tokio::{process::Command, task::JoinSet};

over_each_engine!(three_replicas_talk);

fn example(engine: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_replicas"));
    command.arg(engine).env("ADDRESS", "127.0.0.1:0");
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// The addresses that three replicas print.
async fn addresses(out: &Lines) -> Vec<String> {
    let start = "listening on http://";
    let lines = out.wait_for_many(3, &[start]).await;
    let addresses = lines.iter().filter_map(|line| line.strip_prefix(start));
    addresses.map(str::to_owned).collect()
}

async fn three_replicas_talk(kind: Kind) {
    let engine = match kind {
        Kind::Redis => "redis",
        Kind::Nats => "nats",
    };
    let process = Process::start(&mut example(engine));
    let addresses = addresses(&process.out).await;
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
    let page = process.out.wait_for(&["all together on "]).await;
    let page = page.rsplit('/').next().unwrap();
    let shown = http(page.parse().unwrap(), "GET", "/").await.1;
    for address in &addresses {
        assert!(
            shown.contains(&format!("http://{address}/?room=tea")),
            "{shown}"
        );
    }

    process.terminate();
    let mut ending = JoinSet::new();
    for chatter in chatters {
        ending.spawn(chatter.until_left());
    }
    let (status, _) = process.ended().await;
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
