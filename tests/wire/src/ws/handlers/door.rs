//! The handler of `/doors/{kind}`: each door refuses in its own way.

use autumn_ws::{Closed, Message, Rejection, Session};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{DoorHandler, DoorRequest};

/// A client that was let in.
pub struct Door {
    kind: String,
}

impl DoorHandler for Door {
    async fn open(_: &crate::AppState, request: DoorRequest) -> Result<Self, Rejection> {
        match request.kind.as_str() {
            "bad-request" => Err(Rejection::bad_request("which door?")),
            "unauthorized" => Err(Rejection::unauthorized("sign in first")),
            "forbidden" => Err(Rejection::forbidden("members only")),
            "not-found" => Err(Rejection::not_found("a painted door")),
            "too-many" => Err(Rejection::too_many_requests("one at a time")),
            "unavailable" => Err(Rejection::service_unavailable("later")),
            "teapot" => Err(Rejection::new(StatusCode::IM_A_TEAPOT, "short and stout")),
            "status" => Err(StatusCode::PAYMENT_REQUIRED)?,
            "locked" => Err(Locked { minutes: 5 })?,
            _ => Ok(Self { kind: request.kind }),
        }
    }

    async fn on_open(&mut self, session: &mut Session) -> Result<(), Closed> {
        if self.kind == "revolving" {
            session.send("in").await?;
            session.close(4003, "and out").await?;
        }
        Ok(())
    }

    async fn on_message(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        session.send(message).await
    }
}

/// An application's error, with a response of its own.
struct Locked {
    minutes: u32,
}

impl IntoResponse for Locked {
    fn into_response(self) -> Response {
        let retry = [(header::RETRY_AFTER, (self.minutes * 60).to_string())];
        (StatusCode::LOCKED, retry, "locked").into_response()
    }
}
