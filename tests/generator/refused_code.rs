//! What a spec does not allow does not compile, and the compiler says why.

use crate::support::{Project, cargo, cargo_command, finish, repository};
use std::fs;

/// A statement, and what the compiler says about it. `session` is one of the endpoint `chat` of `specs/typed.yaml`,
/// `channels` are those of the application, and `answer` is that to a `prompt`.
const REFUSED: &[(&str, &str)] = &[
    (
        "let _ = session.send(messages::Left {});",
        "`typed::messages::Left` is not sent to clients of `ChatEndpoint`",
    ),
    (
        "let _ = session.send(\"text\");",
        "`str` is not sent to clients of `ChatEndpoint`",
    ),
    (
        "let _ = session.send_raw(\"text\");",
        "the method `send_raw` exists",
    ),
    (
        "room_channel(\"a\").publish(channels, messages::Left {});",
        "the channel does not carry `typed::messages::Left`",
    ),
    (
        "room_channel(\"a\").sender(channels).send(\"text\");",
        "the channel does not carry `str`",
    ),
    (
        "channels.publish(room_channel(\"a\"), \"text\");",
        "`autumn_ws::messages::Channel<RoomMessage>: AsChannelName` is not satisfied",
    ),
    (
        "let _ = answer.send(messages::Done {});",
        "`typed::messages::Done` is not a part of `ChatPrompt`",
    ),
    (
        "let _ = answer.finish(messages::Left {});",
        "`typed::messages::Left` does not end `ChatPrompt`",
    ),
    (
        "let _: ChatJoinReply = messages::Left {}.into();",
        "`typed::ChatJoinReply: From<typed::messages::Left>` is not satisfied",
    ),
];

/// What the spec allows, all in one function.
const ALLOWED: &str = r#"
    let text = String::new();
    let _ = session.send(messages::Notice { text: text.clone() });
    let _ = session.send(&messages::Typing {});
    let _ = session.read::<RoomMessage>(autumn_ws::Message::text("{}"));
    room_channel("a").publish(channels, messages::Typing {});
    NEWS_CHANNEL.sender(channels).send(messages::Notice { text: text.clone() });
    let _: ChatJoinReply = messages::Denied { reason: messages::DeniedReason::Full }.into();
    let _ = answer.send(messages::Delta { text });
    let _ = answer.finish(messages::Done {});
"#;

fn check(project: &Project, statements: &str) {
    let function = format!(
        "mod ws;\n\n#[allow(dead_code, unused)]\nfn f(session: &mut ws::typed::ChatSession, channels: &autumn_ws::Channels, answer: ws::typed::ChatPromptAnswer) {{\n    use ws::typed::*;\n{statements}\n}}\n\nfn main() {{\n    let _: axum::Router = ws::router().with_state(autumn_ws::AppState::new());\n}}\n"
    );
    project.write("src/main.rs", function);
}

#[test]
fn what_a_spec_does_not_allow_does_not_compile() {
    let project = Project::new();
    let root = repository();
    fs::copy(root.join("Cargo.lock"), project.at("Cargo.lock")).unwrap();
    let runtime = root.join("runtime").display().to_string();
    project.write(
        "Cargo.toml",
        format!("[package]\nname = \"sample\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\nresolver = \"3\"\n\n[dependencies]\nautumn-ws = {{ path = {runtime:?}, features = [\"messages\"] }}\naxum = \"0.8\"\nserde = {{ version = \"1\", features = [\"derive\"] }}\n"),
    );
    let spec = fs::read_to_string(root.join("specs/typed.yaml")).unwrap();
    project.write("specs/typed.yaml", spec);
    project.write("src/main.rs", "mod ws;\n");
    project.done(&["ws"]);
    check(&project, ALLOWED);
    cargo(project.path(), &["check"]);
    for (statement, expected) in REFUSED {
        check(&project, statement);
        let run = finish(&mut cargo_command(project.path(), &["check"]));
        assert_ne!(run.code, 0, "{statement}");
        assert!(run.stderr.contains(expected), "{statement}\n{}", run.stderr);
    }
}
