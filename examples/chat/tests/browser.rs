//! The page in a real browser: two tabs that chat.
//!
//! Needs Chromium.
#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]

use autumn_ws::{AppState, Shutdown};
use serde_json::{Value, json};
use std::{io, net::SocketAddr, time::Duration};
use test_kit::{Browser, Tab};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};

/// How long a test may take before it fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// The application, which can be restarted at the same address.
struct Server {
    addr: SocketAddr,
    shutdown: Shutdown,
    ended: JoinHandle<io::Result<()>>,
}

impl Server {
    async fn start(addr: SocketAddr) -> Self {
        let listener = TcpListener::bind(addr).await.expect("a free port");
        let addr = listener.local_addr().expect("an address");
        let state = AppState::new();
        let shutdown = state.shutdown();
        let server = autumn_ws::serve(listener, chat::app(state), shutdown.clone());
        Self {
            addr,
            shutdown,
            ended: tokio::spawn(server),
        }
    }

    async fn start_anywhere() -> Self {
        Self::start(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    fn page(&self) -> String {
        format!("http://{}/", self.addr)
    }

    async fn stop(self) {
        self.shutdown.begin();
        let ended = self.ended.await.expect("the server does not panic");
        ended.expect("the server ends without an error");
    }
}

/// A user with the page open.
struct Visitor(Tab);

impl Visitor {
    /// Opens the page, and joins a room through its form.
    async fn join(browser: &mut Browser, page: &str, room: &str, nick: &str) -> Self {
        let mut tab = browser.open(page).await;
        tab.until("document.forms.door").await;
        tab.fill("Room", room).await;
        tab.fill("Nickname", nick).await;
        tab.press_enter().await;
        let mut visitor = Self(tab);
        visitor
            .sees_status(&format!("Connected to the room {room}."))
            .await;
        visitor
    }

    async fn says(&mut self, text: &str) {
        self.0.fill("Message", text).await;
        self.0.press_enter().await;
    }

    /// Waits until the status contains this.
    async fn sees_status(&mut self, text: &str) {
        self.0.until(&status(text)).await;
    }

    /// Waits until this message is on the page.
    async fn sees(&mut self, message: &str) {
        let message = json!(message);
        let condition = format!("({MESSAGES}).includes({message})");
        self.0.until(&condition).await;
    }

    /// All messages on the page.
    async fn messages(&mut self) -> Value {
        self.0.evaluate(MESSAGES).await.expect("messages")
    }
}

const MESSAGES: &str = "[...document.querySelectorAll('[role=log] li')].map((li) => li.innerText)";

/// The condition that the status contains this.
fn status(text: &str) -> String {
    format!(
        "document.querySelector('[role=status]')?.textContent.includes({})",
        json!(text)
    )
}

async fn in_time(test: impl Future<Output = ()>) {
    timeout(PATIENCE, test).await.expect("everything in time");
}

#[tokio::test]
async fn two_tabs_chat_with_each_other() {
    in_time(async {
        let server = Server::start_anywhere().await;
        let mut browser = Browser::launch().await;
        let mut ann = Visitor::join(&mut browser, &server.page(), "tea", "ann").await;
        let mut bob = Visitor::join(&mut browser, &server.page(), "tea", "bob").await;
        ann.sees("bob joined").await;

        ann.says("milk & <b>sugar</b>?").await;
        bob.sees("ann: milk & <b>sugar</b>?").await;
        bob.says("just milk").await;
        ann.sees("bob: just milk").await;

        let expected = [
            "ann joined",
            "bob joined",
            "ann: milk & <b>sugar</b>?",
            "bob: just milk",
        ];
        assert_eq!(ann.messages().await, json!(expected));
        browser.close().await;
    })
    .await;
}

#[tokio::test]
async fn rooms_do_not_mix() {
    in_time(async {
        let server = Server::start_anywhere().await;
        let mut browser = Browser::launch().await;
        let mut ann = Visitor::join(&mut browser, &server.page(), "tea", "ann").await;
        let mut bob = Visitor::join(&mut browser, &server.page(), "coffee", "bob").await;

        ann.says("black or green?").await;
        ann.sees("ann: black or green?").await;
        bob.says("black").await;
        bob.sees("bob: black").await;

        assert_eq!(bob.messages().await, json!(["bob joined", "bob: black"]));
        browser.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_page_reconnects_after_a_restart() {
    in_time(async {
        let server = Server::start_anywhere().await;
        let (addr, page) = (server.addr, server.page());
        let mut browser = Browser::launch().await;
        let mut ann = Visitor::join(&mut browser, &page, "tea", "ann").await;

        // The status shows it only until the next attempt.
        ann.0
            .watch_for(&status("server is restarting (1012). Reconnecting"))
            .await;
        server.stop().await;
        ann.0.seen().await.expect("the same page");
        let _server = Server::start(addr).await;
        ann.sees_status("Connected to the room tea.").await;
        ann.says("I am back").await;
        ann.sees("ann: I am back").await;
        browser.close().await;
    })
    .await;
}
