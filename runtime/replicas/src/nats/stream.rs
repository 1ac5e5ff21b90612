//! The JetStream stream that gives all messages one order.

use crate::EngineError;
use async_nats::{Client, RequestErrorKind};
use serde_json::{Value, json};

/// Sees to it that the stream is there.
pub(super) async fn ensure(client: &Client, prefix: &str) -> Result<(), EngineError> {
    let wanted = config(prefix);
    let question = format!("$JS.API.STREAM.INFO.{prefix}");
    let mut answer = ask(client, question, &Value::Null).await?;
    if answer.pointer("/error/err_code") == Some(&NOT_FOUND.into()) {
        let order = format!("$JS.API.STREAM.CREATE.{prefix}");
        answer = ask(client, order, &wanted).await?;
    }
    check(&answer, &wanted, prefix)
}

/// There is no such stream.
const NOT_FOUND: u64 = 10059;

/// A stream that keeps nothing but its numbers.
fn config(prefix: &str) -> Value {
    json!({
        "name": prefix,
        "description": "The channels of autumn-ws, in one order.",
        "subjects": [format!("{prefix}.in.>")],
        "retention": "limits",
        "storage": "memory",
        "discard": "old",
        "max_msgs": 1,
        "num_replicas": 1,
        "republish": {
            "src": format!("{prefix}.in.>"),
            "dest": format!("{prefix}.out.>"),
        },
    })
}

async fn ask(client: &Client, subject: String, content: &Value) -> Result<Value, EngineError> {
    let payload = if content.is_null() {
        String::new()
    } else {
        content.to_string()
    };
    let answer = client.request(subject, payload.into()).await;
    let answer = answer.map_err(|error| match error.kind() {
        RequestErrorKind::NoResponders => EngineError::refused(
            "JetStream is not enabled there: start nats-server with --jetstream",
        ),
        _ => EngineError::away(error),
    })?;
    serde_json::from_slice(&answer.payload).map_err(EngineError::away)
}

/// Whether the stream does what we need.
fn check(answer: &Value, wanted: &Value, prefix: &str) -> Result<(), EngineError> {
    if let Some(error) = answer.get("error") {
        let text = error.get("description").and_then(Value::as_str);
        let text = text.unwrap_or("JetStream refuses");
        return Err(match error.get("code").and_then(Value::as_u64) {
            Some(503) => EngineError::away(text),
            _ => EngineError::refused(text),
        });
    }
    let config = answer.get("config");
    let is_wanted = |path: &str| config.and_then(|c| c.pointer(path)) == wanted.pointer(path);
    let is_silent = config.and_then(|c| c.get("no_ack")) == Some(&true.into());
    if is_silent {
        return Err(EngineError::refused(format_args!(
            "there is a stream `{prefix}` that does not tell what it takes (`no_ack`): remove it, \
             or use another prefix"
        )));
    }
    let has_all = config.and_then(|c| c.pointer("/republish/headers_only")) != Some(&true.into());
    if has_all
        && is_wanted("/retention")
        && is_wanted("/subjects")
        && is_wanted("/republish/src")
        && is_wanted("/republish/dest")
    {
        return Ok(());
    }
    Err(EngineError::refused(format_args!(
        "there is a stream `{prefix}` that does not publish again what comes to `{prefix}.in.>`: \
         remove it, or use another prefix (before NATS 2.9, no stream does that)"
    )))
}

#[cfg(test)]
mod tests {
    use super::{check, config};
    use serde_json::json;

    #[test]
    fn the_stream_has_to_be_ours() {
        let wanted = config("shop");
        let answer = |config| json!({ "config": config });
        assert!(check(&answer(wanted.clone()), &wanted, "shop").is_ok());
        let mut old = wanted.clone();
        old.as_object_mut().unwrap().remove("republish");
        let mut silent = wanted.clone();
        silent["no_ack"] = true.into();
        for other in [config("other"), old, silent, json!({})] {
            let error = check(&answer(other), &wanted, "shop").unwrap_err();
            assert!(error.is_refused());
        }
    }

    #[test]
    fn jetstream_may_be_busy_or_refuse() {
        let wanted = config("shop");
        for (code, is_refused) in [(503, false), (400, true), (404, true)] {
            let answer = json!({ "error": { "code": code, "description": "no" } });
            let error = check(&answer, &wanted, "shop").unwrap_err();
            assert_eq!(
                (error.is_refused(), error.to_string()),
                (is_refused, "no".into())
            );
        }
    }
}
