//! What reaches all typed sessions but one, and typed sessions that others close.

use super::{
    app::{JsonClient, start},
    kinds::{Chat, ChatIncoming, RoomMessage, said},
};
use autumn_ws_core::{
    AppState, Event,
    messages::{Channel, Session},
};

const ROOM: Channel<RoomMessage> = Channel::fixed("room");

#[tokio::test]
async fn a_session_can_be_left_out_or_be_the_one_that_stays() {
    let state = AppState::new();
    let channels = state.channels().clone();
    let server = start(&state, move |mut session: Session<Chat>| {
        let channels = channels.clone();
        async move {
            session.relay("room", ROOM.subscribe(&channels));
            let sender = ROOM.sender(&channels);
            while let Some(event) = session.next().await {
                let count = match event {
                    Event::Message(ChatIncoming::Say(say)) if say.text == "alone" => {
                        session.close_others(&ROOM, 4001)
                    }
                    Event::Message(ChatIncoming::Say(say)) if say.text == "by name" => {
                        ROOM.publish_except(&channels, &session, said(&say.text))
                    }
                    Event::Message(ChatIncoming::Say(say)) => {
                        sender.send_except(&session, said(&say.text))
                    }
                    event => {
                        session.fallback(event).await?;
                        continue;
                    }
                };
                session.send(said(&count.to_string())).await?;
            }
            Ok(())
        }
    });
    let mut first = JsonClient::open(&server).await;
    let mut second = JsonClient::open(&server).await;
    let count = r#"{"type":"said","text":"1"}"#;
    for text in ["by name", "hello"] {
        let say = format!(r#"{{"type":"say","text":"{text}"}}"#);
        assert_eq!(first.ask(&say).await, count);
        assert_eq!(second.text().await, say.replace("say", "said"));
    }
    let alone = r#"{"type":"say","text":"alone"}"#;
    assert_eq!(second.ask(alone).await, count);
    assert_eq!(first.0.closed().await, (4001, String::new()));
    ROOM.close(state.channels(), 4401, "signed out");
    assert_eq!(second.0.closed().await, (4401, "signed out".to_owned()));
}
