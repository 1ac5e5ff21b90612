//! The page, in a real browser. Needs Chromium.

use super::server::{Shop, Visitor};
use serde_json::json;
use test_kit::{Browser, Tab, soon};

#[tokio::test]
async fn a_customer_follows_an_order_and_gets_help() {
    let shop = Shop::open().await;
    let sue = shop.sign_in("sue").await;
    let mut browser = Browser::launch().await;
    let mut page = browser.open(&format!("http://{}/", shop.public)).await;
    let visit = visit(&mut page, &shop, &sue);
    Box::pin(soon("the whole visit", visit)).await;
    browser.close().await;
}

async fn visit(page: &mut Tab, shop: &Shop, sue: &Visitor) {
    page.until("document.querySelector('#say')").await;
    page.fill("Name", "ann").await;
    page.fill("Key", "ann-key").await;
    page.press_enter().await;
    page.until("!document.querySelector('#shop').hidden").await;

    page.fill("Item", "tea").await;
    page.press_enter().await;
    sees(page, "#orders", "tea: placed").await;
    press(page, "Watch").await;
    opened(shop, "order").await;
    sue.set_status(&json!({ "id": 1 }), "sent").await;
    sees(page, "#orders", "tea: sent").await;

    let notice = json!({ "text": "we close at six" });
    sue.call("POST", "/users/1/notices", &notice).await;
    sees(page, "#status", "The shop says: we close at six").await;

    press(page, "Enter").await;
    page.until("!document.querySelector('#say').text.disabled")
        .await;
    opened(shop, "support").await;
    page.fill("Message", "<b>hello</b>").await;
    page.press_enter().await;
    sees(page, "#lines", "ann: <b>hello</b>").await;

    press(page, "Sign out").await;
    sees(page, "#status", "Closed: signed out").await;
    page.until("!document.querySelector('#door').hidden").await;
}

/// Waits until a text is on the page.
async fn sees(page: &mut Tab, place: &str, text: &str) {
    let condition = format!(
        "document.querySelector({}).textContent.includes({})",
        json!(place),
        json!(text)
    );
    page.until(&condition).await;
}

async fn press(page: &mut Tab, button: &str) {
    let click = format!(
        "[...document.querySelectorAll('button')].find((button) => button.textContent === {}).click()",
        json!(button)
    );
    page.evaluate(&click).await.unwrap();
}

/// Waits until the page has a socket there.
async fn opened(shop: &Shop, endpoint: &str) {
    test_kit::until("a socket", async || {
        shop.metric("sessions_open", endpoint).await == 1
    })
    .await;
}
