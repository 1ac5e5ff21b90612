//! The JetStream stream that puts all messages into one order.

use crate::EngineError;
use async_nats::{Client, RequestErrorKind};
use serde_json::{Value, json};

/// The stream of one application.
pub(super) struct Stream {
    prefix: String,
    /// The time of its creation, which identifies it.
    created: String,
}

impl Stream {
    /// Finds the stream, or creates it.
    pub(super) async fn open(client: &Client, prefix: &str) -> Result<Self, EngineError> {
        let mut answer = info(client, prefix).await?;
        if error_code(&answer) == Some(NOT_FOUND) {
            let order = format!("$JS.API.STREAM.CREATE.{prefix}");
            answer = ask(client, order, &config(prefix)).await?;
        }
        check(&answer, prefix)?;
        Ok(Self {
            prefix: prefix.into(),
            created: created(&answer),
        })
    }

    /// What distinguishes it from every other stream.
    pub(super) fn id(&self) -> &str {
        &self.created
    }

    /// Checks that it still exists, unchanged.
    pub(super) async fn check(&self, client: &Client) -> Result<(), EngineError> {
        let answer = info(client, &self.prefix).await?;
        check(&answer, &self.prefix)?;
        if created(&answer) == self.created {
            Ok(())
        } else {
            Err(EngineError::refused(format_args!(
                "the stream `{}` was replaced by another one",
                self.prefix
            )))
        }
    }
}

/// The stream does not exist.
const NOT_FOUND: u64 = 10059;

/// JetStream is off: for this account, or on this server.
const DISABLED: [u64; 2] = [10039, 10076];

/// Nobody answers for the stream at present: JetStream has no leader, or the stream's server is away.
const OFFLINE: [u64; 3] = [10008, 10009, 10118];

async fn info(client: &Client, prefix: &str) -> Result<Value, EngineError> {
    ask(
        client,
        format!("$JS.API.STREAM.INFO.{prefix}"),
        &Value::Null,
    )
    .await
}

fn error_code(answer: &Value) -> Option<u64> {
    answer.pointer("/error/err_code").and_then(Value::as_u64)
}

fn created(answer: &Value) -> String {
    let created = answer.get("created").and_then(Value::as_str);
    created.unwrap_or_default().into()
}

/// A stream that stores nothing but its numbers.
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

/// Whether the stream has the right settings.
fn check(answer: &Value, prefix: &str) -> Result<(), EngineError> {
    if let Some(error) = answer.get("error") {
        return Err(refusal(error, error_code(answer).unwrap_or_default()));
    }
    let wanted = config(prefix);
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
    let is_plain = config.is_some_and(|c| c.get("subject_transform").is_none());
    if has_all
        && is_plain
        && is_wanted("/discard")
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

/// Why JetStream refuses, and whether that may change.
fn refusal(error: &Value, code: u64) -> EngineError {
    if DISABLED.contains(&code) {
        return EngineError::refused("JetStream is not enabled for this account");
    }
    let text = error.get("description").and_then(Value::as_str);
    let text = text.unwrap_or("JetStream refuses");
    let is_unavailable = error.get("code").and_then(Value::as_u64) == Some(503);
    if is_unavailable || OFFLINE.contains(&code) {
        EngineError::away(text)
    } else {
        EngineError::refused(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{check, config};
    use serde_json::json;

    #[test]
    fn the_stream_has_to_be_ours() {
        let answer = |config| json!({ "config": config });
        let ours = config("shop");
        assert!(check(&answer(ours.clone()), "shop").is_ok());
        let changed = |change: fn(&mut serde_json::Value)| {
            let mut other = ours.clone();
            change(&mut other);
            other
        };
        for other in [
            config("other"),
            json!({}),
            changed(|c| drop(c.as_object_mut().unwrap().remove("republish"))),
            changed(|c| c["no_ack"] = true.into()),
            changed(|c| c["discard"] = "new".into()),
            changed(|c| c["retention"] = "interest".into()),
            changed(|c| c["subjects"] = json!(["shop.in.a"])),
            changed(|c| c["republish"]["src"] = "shop.in.a".into()),
            changed(|c| c["republish"]["headers_only"] = true.into()),
            changed(|c| c["subject_transform"] = json!({ "src": ">", "dest": "other.>" })),
        ] {
            let error = check(&answer(other.clone()), "shop").unwrap_err();
            assert!(error.is_refused(), "{other}");
        }
    }

    #[test]
    fn jetstream_may_be_busy_or_refuse() {
        for (code, err_code, is_refused) in [
            (503, 10008, false),
            (503, 10023, false),
            (500, 10118, false),
            (400, 10027, true),
            (404, 10059, true),
            (500, 10028, true),
            (503, 10039, true),
            (503, 10076, true),
        ] {
            let error = json!({ "code": code, "err_code": err_code, "description": "no" });
            let error = check(&json!({ "error": error }), "shop").unwrap_err();
            assert_eq!(error.is_refused(), is_refused, "{err_code}");
        }
    }
}
