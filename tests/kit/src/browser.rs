//! Drives headless Chromium through its `DevTools` protocol, as far as these tests need.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{env, path::PathBuf, process::Stdio};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    process::{Child, ChildStderr, Command},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// Names of the browser's program.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Headless, and without network traffic of its own.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // A free port, which it prints.
    "--remote-debugging-port=0",
];

/// A browser with an empty profile. It ends when this is dropped.
pub struct Browser {
    // Dropped first: the process ends before its profile is removed.
    process: Child,
    _profile: TempDir,
    connection: Connection,
    host: String,
}

impl Browser {
    /// Starts it.
    pub async fn launch() -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut process = Command::new(find())
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the browser starts");
        let url = listening(process.stderr.take().expect("a pipe")).await;
        let host = url.split('/').nth(2).expect("a host").to_owned();
        Self {
            process,
            _profile: profile,
            connection: Connection::open(&url).await,
            host,
        }
    }

    /// Opens a page in a new tab.
    pub async fn open(&mut self, url: &str) -> Tab {
        let created = self
            .connection
            .call("Target.createTarget", json!({ "url": url }));
        let created = created.await.expect("a tab");
        let id = created["targetId"].as_str().expect("the tab's name");
        let url = format!("ws://{}/devtools/page/{id}", self.host);
        Tab(Connection::open(&url).await)
    }

    /// Closes the browser properly, so that none of its processes remain.
    pub async fn close(mut self) {
        let closed = self.connection.call("Browser.close", json!({}));
        closed.await.expect("the browser closes");
        self.process.wait().await.expect("the browser ends");
    }
}

/// A tab, used through labels and the keyboard.
pub struct Tab(Connection);

impl Tab {
    /// Types into the field with this label.
    pub async fn fill(&mut self, label: &str, text: &str) {
        self.call("Page.bringToFront", json!({})).await;
        let focus = format!(
            "[...document.querySelectorAll('label')]
                .find((label) => label.textContent.trim().startsWith({label}))
                .control.focus()",
            label = json!(label)
        );
        self.evaluate(&focus).await.expect("a field of this label");
        self.call("Input.insertText", json!({ "text": text })).await;
    }

    /// Presses Enter in the focused field.
    pub async fn press_enter(&mut self) {
        for kind in ["keyDown", "keyUp"] {
            let key = json!({ "type": kind, "key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13 });
            self.call("Input.dispatchKeyEvent", key).await;
        }
    }

    /// Waits until a JavaScript condition on the elements of the page holds.
    pub async fn until(&mut self, condition: &str) {
        loop {
            self.watch_for(condition).await;
            if self.seen().await.is_ok() {
                return;
            }
        }
    }

    /// Starts watching for a JavaScript condition on the page's elements that may hold only for a
    /// moment. [`seen`](Tab::seen) waits for it.
    pub async fn watch_for(&mut self, condition: &str) {
        let watch = format!(
            "globalThis.seen = new Promise((resolve) => {{
                const observer = new MutationObserver(check);
                function check() {{
                    if (!({condition})) return;
                    observer.disconnect();
                    resolve(true);
                }}
                observer.observe(document, {{ subtree: true, childList: true, characterData: true, attributes: true }});
                check();
            }}); undefined"
        );
        // If the page is left in the meantime, watch in the next one.
        while self.evaluate(&watch).await.is_err() {}
    }

    /// Waits until the watched condition has held, unless the page is left.
    pub async fn seen(&mut self) -> Result<(), Left> {
        match self.evaluate("globalThis.seen").await? {
            Value::Bool(true) => Ok(()),
            // Another page, on which nothing is watched.
            _ => Err(Left),
        }
    }

    /// Returns the value of a JavaScript expression; of a promise, its result.
    pub async fn evaluate(&mut self, expression: &str) -> Result<Value, Left> {
        let params =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.0.call("Runtime.evaluate", params).await?;
        match answer.get("exceptionDetails") {
            Some(exception) => panic!("{expression}: {exception}"),
            None => Ok(answer["result"]["value"].clone()),
        }
    }

    async fn call(&mut self, method: &str, params: Value) {
        self.0.call(method, params).await.expect("an answer");
    }
}

/// The page was left before it could answer.
#[derive(Debug)]
pub struct Left;

impl Left {
    /// Recognises it among other errors: only the message differs.
    fn from_error(error: &Value) -> Self {
        const WORDS: [&str; 4] = ["navigated", "was destroyed", "find context", "collected"];
        let text = error["message"].as_str().unwrap_or_default();
        assert!(
            WORDS.iter().any(|words| text.contains(words)),
            "the browser fails: {error}"
        );
        Self
    }
}

/// A connection to the browser, or to one of its tabs.
struct Connection {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    calls: u64,
}

impl Connection {
    async fn open(url: &str) -> Self {
        let (socket, _) = connect_async(url).await.expect("the browser's DevTools");
        Self { socket, calls: 0 }
    }

    /// Calls a method and waits for its answer. Events that arrive in the meantime are dropped.
    async fn call(&mut self, method: &str, params: Value) -> Result<Value, Left> {
        self.calls += 1;
        let call = json!({ "id": self.calls, "method": method, "params": params });
        let sent = self.socket.send(Message::text(call.to_string())).await;
        sent.expect("the browser listens");
        loop {
            let message = self.socket.next().await.expect("the browser keeps running");
            let message = message.expect("the browser answers").into_text();
            let answer: Value = serde_json::from_str(&message.expect("text")).expect("JSON");
            if answer["id"] == self.calls {
                return match answer.get("error") {
                    Some(error) => Err(Left::from_error(error)),
                    None => Ok(answer["result"].clone()),
                };
            }
        }
    }
}

/// The browser's program.
fn find() -> PathBuf {
    if let Some(named) = env::var_os("CHROMIUM") {
        return named.into();
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|program| program.is_file())
        .unwrap_or_else(|| {
            panic!(
                "this test needs one of {NAMES:?}: install it (Debian: `apt-get install chromium`), \
                 or name the program in the environment variable CHROMIUM"
            )
        })
}

/// Waits until the browser prints the address of its `DevTools`.
async fn listening(stderr: ChildStderr) -> String {
    let mut lines = BufReader::new(stderr).lines();
    let mut said = String::new();
    while let Some(line) = lines.next_line().await.expect("text") {
        if let Some(url) = line.strip_prefix("DevTools listening on ") {
            let url = url.to_owned();
            // Keep reading, so that the browser never blocks on its output.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return url;
        }
        said += &line;
        said.push('\n');
    }
    panic!("the browser ended before it listened:\n{said}");
}
