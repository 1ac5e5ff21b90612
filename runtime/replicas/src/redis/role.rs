//! The role of a Redis: only one that has all messages can put them into one order.

use super::error::fault;
use crate::EngineError;
use redis::{FromRedisValue, Value, aio::MultiplexedConnection, cmd};

/// Asks a Redis whether it can carry channels. Every user may ask.
pub(super) async fn check(connection: &mut MultiplexedConnection) -> Result<(), EngineError> {
    let answer: Value = cmd("HELLO")
        .arg(3)
        .query_async(connection)
        .await
        .map_err(fault)?;
    judge(&answer)
}

fn judge(answer: &Value) -> Result<(), EngineError> {
    let why = match (
        field(answer, "mode").as_deref(),
        field(answer, "role").as_deref(),
    ) {
        (Some("sentinel"), _) => {
            "this is a Sentinel, which carries no messages: use the address of the primary that it \
             watches, such as a name or a proxy that follows it"
        }
        (Some("cluster"), _) => {
            "this is a node of a Redis Cluster, whose nodes do not have one order of messages: use a \
             Redis without `cluster-enabled`"
        }
        (_, Some("master" | "primary")) => return Ok(()),
        (_, Some(role)) if role.contains("replica") || role.contains("slave") => {
            "this is a replica, and what is published there does not reach the primary: use the \
             address of the primary"
        }
        _ => "it does not report its role, so it may not reach all replicas: Redis is needed",
    };
    Err(EngineError::refused(why))
}

/// A field of its answer.
fn field(answer: &Value, name: &str) -> Option<String> {
    let (_, value) = answer.as_map_iter()?.find(|(key, _)| {
        let key = String::from_redis_value_ref(key);
        key.is_ok_and(|key| key == name)
    })?;
    String::from_redis_value_ref(value).ok()
}

/// A value that changes with each start of Redis, if this user may see it.
pub(super) async fn run(connection: &mut MultiplexedConnection) -> Option<String> {
    let mut info = cmd("INFO");
    info.arg("server");
    let info: String = info.query_async(connection).await.ok()?;
    let run = info.lines().find_map(|line| line.strip_prefix("run_id:"))?;
    Some(run.trim().to_owned()).filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::judge;
    use redis::Value;

    fn hello(fields: &[(&str, &str)]) -> Value {
        let text = |text: &str| Value::BulkString(text.into());
        let fields = fields.iter().map(|(key, value)| (text(key), text(value)));
        Value::Map(fields.collect())
    }

    #[test]
    fn only_a_single_primary_has_one_order() {
        for role in ["master", "primary"] {
            assert!(judge(&hello(&[("mode", "standalone"), ("role", role)])).is_ok());
        }
        for (mode, role, why) in [
            ("standalone", "replica", "is a replica"),
            ("standalone", "slave", "is a replica"),
            ("standalone", "active-replica", "is a replica"),
            ("standalone", "something", "its role"),
            ("cluster", "master", "Cluster"),
            ("cluster", "replica", "Cluster"),
            ("sentinel", "", "Sentinel"),
        ] {
            let error = judge(&hello(&[("mode", mode), ("role", role)])).unwrap_err();
            assert!(
                error.is_refused() && error.to_string().contains(why),
                "{error}"
            );
        }
        for answer in [hello(&[]), Value::Okay] {
            assert!(judge(&answer).unwrap_err().is_refused());
        }
    }
}
