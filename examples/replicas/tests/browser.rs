//! Browser tabs on different replicas. Needs Chromium.

use crate::support::{Engine, Kind, Replica, over_each_engine};
use serde_json::json;
use test_kit::{Browser, Tab, soon};

over_each_engine!(tabs_on_different_replicas_talk);

/// A user with a replica's page open.
struct Visitor(Tab);

impl Visitor {
    async fn enter(browser: &mut Browser, replica: &Replica, nick: &str) -> Self {
        let page = format!("http://{}/?room=tea&nick={nick}", replica.addr);
        let mut tab = browser.open(&page).await;
        let connected =
            "document.querySelector('[role=status]')?.textContent.includes('Connected')";
        soon("a connection", tab.until(connected)).await;
        Self(tab)
    }

    async fn says(&mut self, text: &str) {
        self.0.fill("Message", text).await;
        self.0.press_enter().await;
    }

    async fn sees(&mut self, message: &str) {
        let all = "[...document.querySelectorAll('[role=log] li')].map((li) => li.innerText)";
        let condition = format!("({all}).includes({})", json!(message));
        soon("the message", self.0.until(&condition)).await;
    }
}

async fn tabs_on_different_replicas_talk(kind: Kind) {
    let engine = Engine::start(kind);
    let replicas = Replica::start_many(&engine, 2).await;
    let mut browser = Browser::launch().await;
    let mut ann = Visitor::enter(&mut browser, &replicas[0], "ann").await;
    let mut bob = Visitor::enter(&mut browser, &replicas[1], "bob").await;
    ann.sees("bob joined").await;
    ann.says("milk?").await;
    bob.sees("ann: milk?").await;
    bob.says("just tea").await;
    ann.sees("bob: just tea").await;
    browser.close().await;
}
