//! `refuse: close`: refusals that a web page sees.

use crate::app::App;
use test_kit::Request;

/// A page's request.
fn page(app: &App, path: &str) -> Request {
    app.request(path).origin(&format!("http://{}", app.addr))
}

#[tokio::test]
async fn a_page_sees_a_refusal_as_a_close_code() {
    let app = App::start().await;
    // By an extractor, by `open`, and by a limit.
    let mut client = page(&app, "/refusals/seen/0").open().await;
    assert_eq!(client.closed().await, (4401, "sign in first".to_owned()));
    client.gone().await;
    let signed_in = |path| page(&app, path).header("authorization", "ann");
    let mut client = signed_in("/refusals/seen/403").open().await;
    assert_eq!(client.closed().await, (4403, "not today".to_owned()));
    client.gone().await;
    let mut first = signed_in("/refusals/seen/0").open().await;
    assert_eq!(first.ask("hello").await, "hello");
    let mut second = signed_in("/refusals/seen/0").open().await;
    assert_eq!(second.closed().await.0, 4429);
    let metrics = app.state.ws().metrics().snapshot();
    let seen = metrics
        .endpoints
        .iter()
        .find(|of| of.endpoint == "refusals.seen")
        .unwrap();
    let rejected: u64 = seen.rejected.iter().map(|of| of.count).sum();
    let closed: u64 = seen.closed.iter().map(|of| of.count).sum();
    assert_eq!((rejected, seen.opened, closed), (3, 1, 0));
}

#[tokio::test]
async fn programs_and_other_endpoints_get_the_status() {
    let app = App::start().await;
    assert_eq!(app.refused("/refusals/seen/0").await.status(), 401);
    let unseen = page(&app, "/refusals/unseen").refused().await;
    assert_eq!(unseen.status(), 401);
    let foreign = app
        .request("/refusals/seen/0")
        .origin("https://evil.example");
    assert_eq!(foreign.refused().await.status(), 403);
    let signed_in = page(&app, "/refusals/seen/302").header("authorization", "ann");
    assert_eq!(signed_in.refused().await.status(), 302);
}
