//! Requests, and answers that have parts.

use super::{
    app::{JsonClient, chat, start},
    kinds::{Chat, ChatIncoming, ChatPrompt, Done, delta, said},
};
use crate::app::{in_time, next, until};
use autumn_ws_core::{
    AppState, Closed, Event, close_code,
    messages::{Answer, SendError, Session},
    testing::TestServer,
};
use tokio::sync::mpsc;

/// Hands each answer to the test.
fn start_handing(state: &AppState) -> (TestServer, mpsc::UnboundedReceiver<Answer<ChatPrompt>>) {
    let (hand, answers) = mpsc::unbounded_channel();
    let server = start(state, move |mut session: Session<Chat>| {
        let hand = hand.clone();
        async move {
            while let Some(event) = session.next().await {
                match event {
                    Event::Message(ChatIncoming::Prompt(id, prompt)) => {
                        assert_eq!(prompt.text, "why?");
                        hand.send(session.answer(id)).unwrap();
                    }
                    Event::Message(ChatIncoming::Say(say)) => session.send(said(&say.text)).await?,
                    event => session.fallback(event).await?,
                }
            }
            Ok(())
        }
    });
    (server, answers)
}

fn prompt(id: &str) -> String {
    format!(r#"{{"type":"prompt","$id":{id},"text":"why?"}}"#)
}

fn part(id: &str, text: &str) -> String {
    format!(r#"{{"type":"delta","$id":{id},"text":"{text}"}}"#)
}

fn end(id: &str) -> String {
    format!(r#"{{"type":10,"$id":{id}}}"#)
}

#[tokio::test]
async fn a_reply_carries_the_id_of_its_request() {
    let server = start(&AppState::new(), chat);
    let mut client = JsonClient::open(&server).await;
    for id in ["7", "-9007199254740991", r#""a\"b""#, "7"] {
        let request = format!(r#"{{"$id":{id},"name":"x","type":"join"}}"#);
        let reply = format!(r#"{{"type":"joined","$id":{id},"name":"x"}}"#);
        assert_eq!(client.ask(&request).await, reply);
    }
    let long = "x".repeat(65);
    let id = "be an integer or a string of at most 64 bytes";
    for bad in [
        "null",
        "1.5",
        "[7]",
        "9007199254740992",
        &format!("\"{long}\""),
    ] {
        let errors = client
            .errors(&format!(r#"{{"type":"join","$id":{bad},"name":"x"}}"#))
            .await;
        assert_eq!(errors, [("/$id".to_owned(), id.to_owned())]);
    }
}

#[tokio::test]
async fn several_answers_are_under_way_beside_the_session() {
    let (server, mut answers) = start_handing(&AppState::new());
    let mut client = JsonClient::open(&server).await;
    client.send(&prompt("1")).await;
    client.send(&prompt("2")).await;
    let (first, second) = (next(&mut answers).await, next(&mut answers).await);
    second.send(delta("a")).await.unwrap();
    assert_eq!(client.text().await, part("2", "a"));
    first.send(delta("b")).await.unwrap();
    assert_eq!(client.text().await, part("1", "b"));
    client.works().await;
    second.finish(Done {}).await.unwrap();
    assert_eq!(client.text().await, end("2"));
    first.send(&delta("c")).await.unwrap();
    first.finish(Done {}).await.unwrap();
    assert_eq!(client.text().await, part("1", "c"));
    assert_eq!(client.text().await, end("1"));
    client.works().await;
}

#[tokio::test]
async fn an_id_is_taken_while_its_request_is_under_way() {
    let (server, mut answers) = start_handing(&AppState::new());
    let mut client = JsonClient::open(&server).await;
    client.send(&prompt("1")).await;
    let answer = next(&mut answers).await;
    let taken = [(
        "/$id".to_owned(),
        "not belong to a request that is under way".to_owned(),
    )];
    assert_eq!(client.errors(&prompt("1")).await, taken);
    assert_eq!(
        client
            .errors(r#"{"type":"join","$id":1.0,"name":"x"}"#)
            .await,
        taken
    );
    answer.finish(Done {}).await.unwrap();
    assert_eq!(client.text().await, end("1"));
    client.send(&prompt("1")).await;
    next(&mut answers).await.finish(Done {}).await.unwrap();
    assert_eq!(client.text().await, end("1"));
}

#[tokio::test]
async fn nothing_is_sent_after_a_cancel() {
    let (server, mut answers) = start_handing(&AppState::new());
    let mut client = JsonClient::open(&server).await;
    client.send(&prompt("1")).await;
    let answer = next(&mut answers).await;
    for other in ["2", r#""1""#, "null"] {
        client
            .send(&format!(r#"{{"type":"$cancel","$id":{other}}}"#))
            .await;
    }
    client.send(r#"{"type":"$cancel"}"#).await;
    client.works().await;
    assert!(!answer.is_cancelled());
    client.send(r#"{"type":"$cancel","$id":1}"#).await;
    in_time(answer.cancelled()).await;
    assert!(matches!(
        answer.send(delta("late")).await,
        Err(SendError::Cancelled)
    ));
    // The id is free, and what belongs to the cancelled request is not taken for the new one.
    client.send(&prompt("1")).await;
    let again = next(&mut answers).await;
    assert!(matches!(
        answer.finish(Done {}).await,
        Err(SendError::Cancelled)
    ));
    again.finish(Done {}).await.unwrap();
    assert_eq!(client.text().await, end("1"));
    client.works().await;
}

#[tokio::test]
async fn answers_are_cancelled_when_the_socket_goes() {
    let (server, mut answers) = start_handing(&AppState::new());
    let mut client = JsonClient::open(&server).await;
    client.send(&prompt("1")).await;
    let answer = next(&mut answers).await;
    drop(client);
    in_time(answer.cancelled()).await;
    assert!(answer.send(delta("late")).await.is_err());
}

#[tokio::test]
async fn answers_are_cancelled_by_the_shutdown() {
    let state = AppState::new();
    let (server, mut answers) = start_handing(&state);
    let mut client = JsonClient::open(&server).await;
    client.send(&prompt("1")).await;
    let answer = next(&mut answers).await;
    state.shutdown().begin();
    in_time(answer.cancelled()).await;
    assert_eq!(client.closed().await.0, close_code::RESTART);
}

#[tokio::test]
async fn a_part_waits_while_the_client_takes_nothing_and_fails_once_it_is_cancelled() {
    let (server, mut answers) = start_handing(&AppState::new());
    let mut client = JsonClient::open(&server).await;
    client.send(&prompt("1")).await;
    let answer = next(&mut answers).await;
    let flood = tokio::spawn(async move {
        let large = delta(&"x".repeat(1 << 20));
        loop {
            if let Err(error) = answer.send(&large).await {
                return error;
            }
        }
    });
    client.send(r#"{"type":"$cancel","$id":1}"#).await;
    let reading = tokio::spawn(async move { while client.0.frame().await.is_some() {} });
    assert!(matches!(
        in_time(flood).await.unwrap(),
        SendError::Cancelled
    ));
    reading.abort();
}

#[tokio::test]
async fn an_answer_without_an_end_is_a_failure() {
    let state = AppState::new();
    let (server, mut answers) = start_handing(&state);
    let mut client = JsonClient::open(&server).await;
    client.send(&prompt("1")).await;
    client.send(&prompt("2")).await;
    let (first, second) = (next(&mut answers).await, next(&mut answers).await);
    drop(first);
    let closed = client.closed().await;
    assert_eq!(closed, (close_code::ERROR, "internal error".to_owned()));
    in_time(second.cancelled()).await;
    assert_eq!(state.metrics().snapshot().endpoints[0].errors, 1);
}

#[tokio::test]
async fn a_cancelled_answer_needs_no_end() {
    let state = AppState::new();
    let (server, mut answers) = start_handing(&state);
    let mut client = JsonClient::open(&server).await;
    client.send(&prompt("1")).await;
    let answer = next(&mut answers).await;
    client.send(r#"{"type":"$cancel","$id":1}"#).await;
    in_time(answer.cancelled()).await;
    drop(answer);
    client.works().await;
    assert_eq!(state.metrics().snapshot().endpoints[0].errors, 0);
}

#[tokio::test]
async fn at_most_64_are_under_way() {
    let (server, mut answers) = start_handing(&AppState::new());
    let mut client = JsonClient::open(&server).await;
    for id in 0..64 {
        client.send(&prompt(&id.to_string())).await;
    }
    let wait = [(
        "/$id".to_owned(),
        "wait: 64 requests are under way".to_owned(),
    )];
    assert_eq!(client.errors(&prompt("64")).await, wait);
    next(&mut answers).await.finish(Done {}).await.unwrap();
    assert_eq!(client.text().await, end("0"));
    client.send(&prompt("64")).await;
    let mut taken = 0;
    until("the 65th is taken", || {
        while answers.try_recv().is_ok_and(|answer| {
            std::mem::forget(answer);
            true
        }) {
            taken += 1;
        }
        taken == 64
    })
    .await;
}

#[tokio::test]
async fn an_answer_may_be_finished_in_the_session_itself() {
    let server = start(&AppState::new(), async |mut session: Session<Chat>| {
        while let Some(event) = session.next().await {
            match event {
                Event::Message(ChatIncoming::Prompt(id, _)) => {
                    let answer = session.answer::<ChatPrompt>(id);
                    answer.send(delta("short")).await?;
                    answer.finish(Done {}).await?;
                }
                event => session.fallback(event).await?,
            }
        }
        Ok::<(), Closed>(())
    });
    let mut client = JsonClient::open(&server).await;
    for id in ["1", "2"] {
        assert_eq!(client.ask(&prompt(id)).await, part(id, "short"));
        assert_eq!(client.text().await, end(id));
    }
}
