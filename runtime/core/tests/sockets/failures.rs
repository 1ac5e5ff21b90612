//! Code of the application that fails, or ends its session with an error.

use crate::app::{Plain, start};
use autumn_ws_core::{AppState, Closed, Event, Message, Session, close_code};

#[tokio::test]
async fn a_panic_closes_with_1011_and_affects_nobody_else() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        while let Some(event) = session.next().await {
            match event {
                Event::Message(message) if message == Message::text("panic") => panic!("on demand"),
                Event::Message(message) => session.send(message).await?,
                _ => break,
            }
        }
        Ok(())
    });
    let mut other = server.connect("/").await;
    let mut client = server.connect("/").await;
    client.send("panic").await;
    assert_eq!(client.closed().await.code(), close_code::ERROR);
    other.send("still here").await;
    assert_eq!(other.text().await, "still here");
}

#[tokio::test]
async fn any_error_closes_with_1011_and_says_nothing_to_the_client() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session| {
        while let Some(event) = session.next().await {
            if let Event::Message(message) = event {
                message.to_text()?.parse::<u8>()?;
            }
        }
        Ok(())
    });
    let mut client = server.connect("/").await;
    client.send("secret").await;
    let closed = client.closed().await;
    assert_eq!(
        (closed.code(), closed.reason()),
        (close_code::ERROR, "internal error")
    );
}

#[tokio::test]
async fn code_may_return_how_to_close() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session: Session| match session
        .next()
        .await
    {
        Some(Event::Message(message)) if message.to_text()? == "never" => {
            Err(Closed::with(close_code::ABNORMAL, "not to be sent"))
        }
        _ => Err(Closed::with(4001, "elsewhere")),
    });
    for (text, code, reason) in [
        ("now", 4001, "elsewhere"),
        ("never", close_code::ERROR, "not to be sent"),
    ] {
        let mut client = server.connect("/").await;
        client.send(text).await;
        let closed = client.closed().await;
        assert_eq!((closed.code(), closed.reason()), (code, reason));
    }
}

#[tokio::test]
async fn the_end_of_another_session_does_not_change_that_of_this_one() {
    let server = start::<Plain, _, _>(&AppState::new(), async |mut session: Session| {
        session.next().await;
        session.close(4001, "first").await.ok();
        Err(Closed::with(4002, "second"))
    });
    let mut client = server.connect("/").await;
    client.send("x").await;
    assert_eq!(client.closed().await.code(), 4001);
}
