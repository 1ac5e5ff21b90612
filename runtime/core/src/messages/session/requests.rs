//! The requests of a session that are answered beside it.

use crate::messages::{queue::Request, request_id::RequestId};
use std::{collections::BTreeMap, sync::Arc};
use tokio_util::sync::CancellationToken;

/// How many may be under way in one session.
const MOST: usize = 64;

/// The requests that are under way. When the session ends, they are cancelled.
#[derive(Default)]
pub(super) struct Requests(BTreeMap<RequestId, CancellationToken>);

impl Requests {
    /// Whether a request with this id may begin, and what must be the case if it may not.
    pub(super) fn admit(&self, id: &RequestId) -> Result<(), &'static str> {
        if self.0.contains_key(id) {
            Err("not belong to a request that is under way")
        } else if self.0.len() >= MOST {
            Err("wait: 64 requests are under way")
        } else {
            Ok(())
        }
    }

    pub(super) fn begin(&mut self, id: RequestId) -> Arc<Request> {
        let cancelled = CancellationToken::new();
        if let Some(other) = self.0.insert(id.clone(), cancelled.clone()) {
            other.cancel();
        }
        Arc::new(Request { id, cancelled })
    }

    pub(super) fn cancel(&mut self, id: &RequestId) {
        if let Some(cancelled) = self.0.remove(id) {
            cancelled.cancel();
        }
    }

    /// Notes that a request is answered. Returns whether it was under way.
    pub(super) fn finish(&mut self, request: &Request) -> bool {
        let is_wanted = !request.cancelled.is_cancelled();
        if is_wanted {
            self.0.remove(&request.id);
        }
        is_wanted
    }
}

impl Drop for Requests {
    fn drop(&mut self) {
        self.0.values().for_each(CancellationToken::cancel);
    }
}
