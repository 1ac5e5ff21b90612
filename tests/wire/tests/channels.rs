//! `channels` and `subscribe`: who hears what.

use crate::app::App;
use autumn_ws::engine::{self, Options, testing::Hub};
use std::time::Duration;
use test_kit::{Client, briefly};
use wire_tests::AppState;
use wire_tests::ws::{
    self,
    channels::{LOBBY_CHANNEL, NEWS_CHANNEL, floor_channel, room_channel, user_channel},
};

#[tokio::test]
async fn a_fixed_channel_is_shared_by_all_clients() {
    let app = App::start().await;
    let mut ada = app.connect("/hall").await;
    let mut bob = app.connect("/hall").await;
    assert_eq!(ada.ask("hello").await, "hello");
    assert_eq!(bob.text().await, "hello");
}

#[tokio::test]
async fn an_endpoint_can_publish_without_listening() {
    let app = App::start().await;
    let mut speaker = app.connect("/say").await;
    let mut listener = app.connect("/hall").await;
    speaker.send("psst").await;
    assert_eq!(listener.text().await, "psst");
    app.shut_down();
    assert_eq!(speaker.closed().await.0, 1012);
}

#[tokio::test]
async fn a_channel_is_filled_with_who_the_client_is() {
    let app = App::start().await;
    let enter = async |name: &str| {
        let request = app.request("/mine/eve?user.0=eve");
        request.header("authorization", name).open().await
    };
    let (mut laptop, mut phone) = (enter("ada").await, enter("ada").await);
    let mut eve = enter("eve").await;
    app.publish(user_channel("ada"), "for ada");
    app.publish(user_channel("eve"), "for eve");
    assert_eq!(laptop.text().await, "for ada");
    assert_eq!(phone.text().await, "for ada");
    assert_eq!(eve.text().await, "for eve");
    laptop.send("from ada").await;
    assert_eq!(phone.text().await, "from ada");

    // It is escaped like what clients write: no name reaches another channel.
    let mut odd = enter("ada:x/%").await;
    app.publish(user_channel("ada:x/%"), "for odd");
    assert_eq!(odd.text().await, "for odd");

    assert_eq!(app.refused("/mine/ada?user.0=ada").await.status(), 401);
}

#[tokio::test]
async fn all_clients_hear_the_same_order() {
    let app = App::start().await;
    let mut clients = [
        app.connect("/rooms/tea").await,
        app.connect("/rooms/tea").await,
        app.connect("/rooms/tea").await,
    ];
    // Two clients and the server speak at once.
    for n in 0..20 {
        clients[0].send(format!("a{n}")).await;
        clients[1].send(format!("b{n}")).await;
        app.publish(room_channel("tea"), format!("s{n}"));
    }
    let mut heard = Vec::new();
    for client in &mut clients {
        heard.push(texts(client, 60).await);
    }
    assert_eq!(heard[0], heard[1]);
    assert_eq!(heard[0], heard[2]);
    for speaker in ["a", "b", "s"] {
        let own = heard[0].iter().filter(|text| text.starts_with(speaker));
        let expected: Vec<String> = (0..20).map(|n| format!("{speaker}{n}")).collect();
        assert!(own.eq(&expected), "{:?}", heard[0]);
    }
}

#[tokio::test]
async fn a_path_param_fills_the_name() {
    let app = App::start().await;
    let mut tea = app.connect("/rooms/tea").await;
    let mut also_tea = app.connect("/rooms/te%61").await;
    let mut chess = app.connect("/rooms/chess").await;
    assert_eq!(tea.ask("milk").await, "milk");
    assert_eq!(also_tea.text().await, "milk");
    assert_eq!(chess.ask("e4").await, "e4");
    assert_eq!(app.publish("room:chess", "mate"), 1);
    assert_eq!(chess.text().await, "mate");
}

#[tokio::test]
async fn the_decoded_value_of_a_param_fills_the_name() {
    let app = App::start().await;
    let mut seven = app.connect("/floors/7").await;
    let mut double_o_seven = app.connect("/floors/007").await;
    assert_eq!(seven.ask("up").await, "up");
    assert_eq!(double_o_seven.text().await, "up");
    assert_eq!(app.publish(floor_channel(&7), "down"), 2);
}

#[tokio::test]
async fn a_query_field_fills_the_name() {
    let app = App::start().await;
    let mut rust = app.connect("/topics?topic=rust").await;
    let mut tea = app.connect("/topics?topic=tea").await;
    assert_eq!(rust.ask("borrow").await, "borrow");
    assert_eq!(tea.ask("milk").await, "milk");
    assert_eq!(app.refused("/topics").await.status(), 400);
}

#[tokio::test]
async fn a_catch_all_fills_the_name() {
    let app = App::start().await;
    let mut cosy = app.connect("/corners/tea/by/the/fire").await;
    let mut drafty = app.connect("/corners/tea/by/the/door").await;
    assert_eq!(cosy.ask("warm").await, "warm");
    assert_eq!(drafty.ask("cold").await, "cold");
}

#[tokio::test]
async fn path_and_query_fill_a_name_together() {
    let app = App::start().await;
    let mut aisle = app.connect("/rooms/hall/seats").await;
    let mut window = app.connect("/rooms/hall/seats?seat=window").await;
    assert_eq!(window.ask("sun").await, "sun");
    assert_eq!(aisle.ask("legs").await, "legs");
    assert_eq!(app.publish("seat:hall:aisle", "by default"), 1);
    assert_eq!(aisle.text().await, "by default");
}

#[tokio::test]
async fn no_value_can_name_another_channel() {
    let cases = [
        // The separators within a name.
        ("/rooms/a%3Ab/seats?seat=c", "/rooms/a/seats?seat=b%3Ac"),
        ("/rooms/a%3A/seats?seat=b", "/rooms/a/seats?seat=%3Ab"),
        ("/rooms/a%3Ab", "/rooms/a/seats?seat=b"),
        ("/rooms/a%2Fb", "/rooms/a%3Ab"),
        ("/corners/a/b/c", "/corners/a%2Fb/c"),
        ("/corners/a/b%3Ac", "/corners/a%3Ab/c"),
        // The form of an escaped value.
        ("/rooms/a%3Ab", "/rooms/a%253Ab"),
        ("/rooms/a%2Fb", "/rooms/a%252Fb"),
        ("/rooms/%25", "/rooms/%2525"),
        // Unicode: a different normal form or case is a different value.
        ("/rooms/%C3%A9", "/rooms/e%CC%81"),
        ("/rooms/%C3%A9", "/rooms/%25C3%25A9"),
        ("/rooms/A", "/rooms/a"),
        // The empty text is a value, too.
        ("/topics?topic=", "/topics?topic=%20"),
        ("/topics?topic=", "/topics?topic=%00"),
        ("/rooms/a/seats?seat=", "/rooms/a"),
        ("/rooms/a/seats?seat=", "/rooms/a/seats"),
        // Braces have no meaning in a value.
        ("/rooms/%7Broom%7D", "/rooms/room"),
    ];
    for (one, other) in cases {
        let app = App::start().await;
        let mut first = app.connect(one).await;
        let mut second = app.connect(other).await;
        assert_eq!(first.ask("first").await, "first", "{one}");
        // If it heard the other channel, that message would come first.
        assert_eq!(second.ask("second").await, "second", "{one} {other}");
        // And each hears its own channel.
        assert_eq!(app.connect(one).await.ask("third").await, "third");
        assert_eq!(first.text().await, "third", "{one} {other}");
    }
}

#[tokio::test]
async fn the_generated_function_names_the_client_s_channel() {
    let app = App::start().await;
    let mut client = app.connect("/rooms/a%3Ab%2F%25%C3%A9").await;
    assert_eq!(app.publish(room_channel("a:b/%é"), "found"), 1);
    assert_eq!(client.text().await, "found");
}

#[tokio::test]
async fn several_channels_are_relayed() {
    let app = App::start().await;
    let mut client = app.connect("/board").await;
    assert_eq!(app.publish(LOBBY_CHANNEL, "lobby"), 1);
    assert_eq!(client.text().await, "lobby");
    assert_eq!(app.publish("site:news", vec![1, 2, 3]), 1);
    assert_eq!(*client.binary().await, [1, 2, 3]);
}

#[tokio::test]
async fn one_channel_is_handled_and_another_relayed() {
    let app = App::start().await;
    let mut client = app.connect("/clerk").await;
    app.publish(LOBBY_CHANNEL, "one");
    assert_eq!(client.text().await, "lobby: one");
    app.publish(NEWS_CHANNEL, "two");
    assert_eq!(client.text().await, "two");
}

#[tokio::test]
async fn each_handled_channel_has_its_own_method() {
    let app = App::start().await;
    let mut client = app.connect("/desk").await;
    app.publish(LOBBY_CHANNEL, "one");
    assert_eq!(client.text().await, "lobby: one");
    app.publish(NEWS_CHANNEL, "two");
    assert_eq!(client.text().await, "news: two");
    assert_eq!(client.ask("three").await, "client: three");
}

#[tokio::test]
async fn a_client_that_left_no_longer_listens() {
    let app = App::start().await;
    let leaver = app.connect("/hall").await;
    let mut stayer = app.connect("/hall").await;
    assert_eq!(app.publish(LOBBY_CHANNEL, "both"), 2);
    leaver.close(1000, "").await;
    assert_eq!(app.publish(LOBBY_CHANNEL, "one"), 1);
    assert_eq!(texts(&mut stayer, 2).await, ["both", "one"]);
}

#[tokio::test]
async fn messages_published_while_the_socket_opens_are_not_missed() {
    let mut app = App::start().await;
    let opening = app.request("/latecomer/admit").tried();
    let publishing = async {
        assert_eq!(app.note().await, "open");
        assert_eq!(app.publish(LOBBY_CHANNEL, "early"), 1);
        app.state.open_gate(1);
    };
    let (opened, ()) = tokio::join!(opening, publishing);
    let mut client = opened.unwrap();
    // `on_open` speaks first, so that a client gets the present state before changes.
    assert_eq!(client.text().await, "welcome");
    assert_eq!(client.text().await, "early");
}

/// An `open` that looks up who may enter learns of every later change, on any replica.
#[tokio::test]
async fn messages_of_another_replica_during_open_are_not_missed() {
    let hub = Hub::new();
    let replica = async || engine::connect(hub.clone(), Options::new()).await.unwrap();
    let (state, mut notes) = AppState::new();
    let state = state.sharing(replica().await);
    let elsewhere = replica().await;
    let app = App::mount(|_| ws::router().with_state(state.clone())).await;
    // The engine does not know yet that this replica listens.
    hub.stick();
    let opening = app.request("/latecomer/admit").tried();
    let publishing = async {
        let early = tokio::time::timeout(Duration::from_millis(100), notes.recv()).await;
        assert!(early.is_err(), "`open` runs before the channel is joined");
        hub.start();
        assert_eq!(briefly("`open`", notes.recv()).await.unwrap(), "open");
        elsewhere.publish(LOBBY_CHANNEL, "revoked");
        assert!(elsewhere.flush(Duration::from_secs(5)).await);
        state.open_gate(1);
    };
    let (opened, ()) = tokio::join!(opening, publishing);
    let mut client = opened.unwrap();
    assert_eq!(client.text().await, "welcome");
    assert_eq!(client.text().await, "revoked");
}

#[tokio::test]
async fn a_refused_client_does_not_listen() {
    let app = App::start().await;
    app.state.open_gate(1);
    let refused = app.refused("/latecomer/refuse").await;
    assert_eq!(refused.status(), 403);
    assert_eq!(app.publish(LOBBY_CHANNEL, "nobody"), 0);
}

async fn texts(client: &mut Client, count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    for _ in 0..count {
        texts.push(client.text().await);
    }
    texts
}
