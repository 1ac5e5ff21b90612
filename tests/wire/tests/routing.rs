//! `path`, `params`, `query` and `extract`: who may connect, and what the handler gets.

use crate::app::App;

#[tokio::test]
async fn a_static_path_opens() {
    let app = App::start().await;
    assert_eq!(app.connect("/fixed").await.ask("hello").await, "hello");
    assert_eq!(app.refused("/fixed/more").await.status(), 404);
}

#[tokio::test]
async fn params_reach_the_handler_decoded() {
    let app = App::start().await;
    let mut client = app.connect("/shelves/7/caf%C3%A9%2Fbar").await;
    assert_eq!(client.ask("?").await, "shelf 7, book café/bar");
}

#[tokio::test]
async fn a_mistyped_param_is_400() {
    let app = App::start().await;
    // 65536 is not a u16.
    for path in ["/shelves/seven/x", "/shelves/-1/x", "/shelves/65536/x"] {
        assert_eq!(app.refused(path).await.status(), 400, "{path}");
    }
}

#[tokio::test]
async fn an_unused_param_is_checked() {
    let app = App::start().await;
    assert_eq!(app.refused("/numbered/many").await.status(), 400);
    assert_eq!(
        app.connect("/numbered/42").await.ask("hello").await,
        "hello"
    );
}

#[tokio::test]
async fn a_catch_all_takes_the_rest() {
    let app = App::start().await;
    let mut client = app.connect("/files/a/b%20c/d.txt").await;
    assert_eq!(client.ask("?").await, "a/b c/d.txt");
}

#[tokio::test]
async fn absent_query_fields_have_their_defaults() {
    let app = App::start().await;
    let mut client = app.connect("/search?pageSize=10").await;
    assert_eq!(client.ask("?").await, "None 10 50 -1 true 0.5 x newest");
}

#[tokio::test]
async fn query_fields_reach_the_handler() {
    let app = App::start().await;
    let query = "nick=a%26b&pageSize=1&limit=2&offset=-3&exact=false&ratio=1.5&mark=%C3%A9&sort=";
    let mut client = app.connect(&format!("/search?{query}")).await;
    assert_eq!(client.ask("?").await, r#"Some("a&b") 1 2 -3 false 1.5 é "#);
}

#[tokio::test]
async fn a_query_field_has_the_name_of_the_spec() {
    let app = App::start().await;
    assert_eq!(app.refused("/search?page_size=10").await.status(), 400);
}

#[tokio::test]
async fn clients_choose_the_names_of_params_and_query_fields() {
    let app = App::start().await;
    let query =
        "type=a&page-size=1&filter[name]=x&$top=2&user.id=3&_=4&two+words=b&gr%C3%B6%C3%9Fe=c";
    let mut client = app.connect(&format!("/listing/7?{query}")).await;
    assert_eq!(client.ask("?").await, r#"7 a 1 Some("x") 2 3 4 b c"#);

    let encoded =
        "type=a&filter%5Bname%5D=x&%24top=2&user%2Eid=3&%5F=4&two%20words=b&gr%C3%B6%C3%9Fe=c";
    let mut client = app.connect(&format!("/listing/7?{encoded}")).await;
    assert_eq!(client.ask("?").await, r#"7 a 20 Some("x") 2 3 4 b c"#);

    let renamed = query.replace("user.id", "user_id");
    let refused = app.refused(&format!("/listing/7?{renamed}")).await;
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn the_default_of_an_own_type_is_read_as_clients_write_it() {
    let app = App::start().await;
    let mut client = app.connect("/ordered").await;
    assert_eq!(client.ask("?").await, "Newest 1 ::1");
    let mut client = app
        .connect("/ordered?order=oldest&page=7&from=127.0.0.1")
        .await;
    assert_eq!(client.ask("?").await, "Oldest 7 127.0.0.1");
    for query in ["order=Newest", "order=", "page=one", "from=here"] {
        let refused = app.refused(&format!("/ordered?{query}")).await;
        assert_eq!(refused.status(), 400, "{query}");
    }
}

#[tokio::test]
async fn a_default_that_is_not_a_value_of_its_type_is_500_where_it_is_needed() {
    let app = App::start().await;
    assert_eq!(app.refused("/misordered").await.status(), 500);
    assert_eq!(app.refused("/misordered?order=best").await.status(), 400);
    let mut client = app.connect("/misordered?order=newest").await;
    assert_eq!(client.ask("?").await, "Newest");
}

#[tokio::test]
async fn a_missing_or_mistyped_query_field_is_400() {
    let app = App::start().await;
    let cases = [
        "/search",
        "/search?pageSize=ten",
        "/search?pageSize=1&limit=-1",
        "/search?pageSize=1&exact=perhaps",
        // No code uses this parameter.
        "/page",
        "/page?page=one",
    ];
    for path in cases {
        assert_eq!(app.refused(path).await.status(), 400, "{path}");
    }
    assert_eq!(
        app.connect("/page?page=1").await.ask("hello").await,
        "hello"
    );
}

#[tokio::test]
async fn an_extracted_value_reaches_the_handler() {
    let mut app = App::start().await;
    let request = app.request("/account").header("authorization", "ada");
    assert_eq!(request.open().await.ask("?").await, "hello ada");
    assert_eq!(app.note().await, "open");
}

#[tokio::test]
async fn an_extractor_refuses_before_there_is_a_socket() {
    let mut app = App::start().await;
    let refused = app.refused("/account").await;
    assert_eq!(refused.status(), 401);
    assert_eq!(refused.body(), "sign in first");
    // The handler did not run: its first note is the next client's.
    app.state.note("refused");
    let request = app.request("/account").header("authorization", "ada");
    let _client = request.open().await;
    assert_eq!(app.note().await, "refused");
    assert_eq!(app.note().await, "open");
}

#[tokio::test]
async fn an_extractor_guards_an_endpoint_without_code() {
    let app = App::start().await;
    assert_eq!(app.refused("/members").await.status(), 401);
    let request = app.request("/members").header("authorization", "ada");
    assert_eq!(request.open().await.ask("hello").await, "hello");
}

#[tokio::test]
async fn four_extractors() {
    let app = App::start().await;
    let request = app.request("/inspect").header("authorization", "ada");
    let mut client = request.header("accept-language", "de").open().await;
    assert_eq!(client.ask("?").await, "ada de GET HTTP/1.1");
}

#[tokio::test]
async fn five_extractors_beside_state_path_and_query() {
    let app = App::start().await;
    let request = app.request("/inspect/7?tag=new");
    let mut client = request.header("authorization", "ada").open().await;
    let seen = client.ask("?").await;
    assert_eq!(seen, "7 new ada en GET HTTP/1.1 /inspect/7?tag=new");
    // The last extractor can still refuse.
    assert_eq!(app.refused("/inspect/7?tag=new").await.status(), 401);
}

#[tokio::test]
async fn a_plain_request_is_refused() {
    let app = App::start().await;
    let status = app.http("GET", "/fixed").await;
    assert!((400..500).contains(&status), "{status}");
    assert_eq!(app.http("POST", "/fixed").await, 405);
    assert_eq!(app.http("GET", "/nowhere").await, 404);
}
