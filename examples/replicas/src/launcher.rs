//! Starts the engine and the replicas, and shows them side by side.

use crate::{engine::Program, kept::Kept};
use autumn_ws::AppState;
use axum::{Router, response::Html, routing::get};
use std::{env, fmt::Write, io, net::SocketAddr, process::Stdio};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    task::JoinSet,
};

/// The clients on the page, one on each replica.
const NICKS: [&str; 3] = ["ann", "bob", "carl"];

/// Runs the engine and the replicas, and serves a page that shows them all, until Ctrl-C.
///
/// The page is on `ADDRESS`, and the replicas are on the ports after it.
///
/// # Errors
///
/// If a process or the page does not start.
pub async fn run(engine: &'static Program) -> io::Result<()> {
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(&address).await?;
    let page = listener.local_addr()?;
    let mut addresses = Vec::new();
    for n in (1..).take(NICKS.len()) {
        let is_any = address.ends_with(":0");
        let port = if is_any {
            0
        } else {
            page.port().saturating_add(n)
        };
        addresses.push(free(SocketAddr::new(page.ip(), port)).await?);
    }

    let folder = TempDir::new()?;
    let port = free(([127, 0, 0, 1], 0).into()).await?.port();
    let start = move || engine.start(port, folder.path());
    let server = Kept::start(engine.name().to_owned(), start)?;
    let mut replicas = Vec::new();
    for address in &addresses {
        let (address, url) = (*address, engine.url(port));
        let start = move || replica(address, &url);
        replicas.push(Kept::start(format!("the replica on {address}"), start)?);
    }

    println!("all together on http://{page}");
    let state = AppState::new();
    let tabs = tabs(&addresses);
    let app = Router::new().route("/", get(|| async { Html(tabs) }));
    autumn_ws::serve(listener, app, state.shutdown()).await?;
    let ending: JoinSet<()> = replicas.into_iter().map(Kept::end).collect();
    ending.join_all().await;
    // The engine ends last, so that the replicas' goodbyes reach each other.
    server.end().await;
    Ok(())
}

/// The address, with a free port if its port is 0.
async fn free(address: SocketAddr) -> io::Result<SocketAddr> {
    TcpListener::bind(address).await?.local_addr()
}

/// Starts a replica: this program, with the URL of its engine. It ends when its input does.
fn replica(address: SocketAddr, channels: &str) -> io::Result<Child> {
    Command::new(env::current_exe()?)
        .arg("replica")
        .env("ADDRESS", address.to_string())
        .env("AUTUMN_WS_CHANNELS", channels)
        .stdin(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}

/// A page with the chat of each replica.
fn tabs(addresses: &[SocketAddr]) -> String {
    let mut tabs = String::new();
    for (address, nick) in addresses.iter().zip(NICKS) {
        // Writing to a `String` cannot fail.
        let _ = write!(
            tabs,
            "<iframe title=\"{nick}\" src=\"http://{address}/?room=tea&amp;nick={nick}\"></iframe>"
        );
    }
    include_str!("page.html").replace("{tabs}", &tabs)
}
