//! The state of the application.

use crate::auth::CurrentUser;
use autumn_ws::AppState;
use axum::extract::FromRef;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::Mutex;

/// The help desk: who may sign in, and the cases that it keeps. Clones are the same desk.
///
/// It is the axum state of the application. The sockets find theirs in it with [`FromRef`].
#[derive(Clone)]
pub struct Desk {
    sockets: AppState,
    users: Arc<HashMap<String, CurrentUser>>,
    // In place of a database.
    cases: Arc<Mutex<Vec<Case>>>,
}

/// What one customer said in one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Who said it.
    pub customer: String,
    /// What was said, and `[9 bytes]` for what was sent along.
    pub lines: Vec<String>,
}

impl Desk {
    /// Opens a desk for these users, each with the token to sign in with.
    pub fn new<'a>(users: impl IntoIterator<Item = (&'a str, CurrentUser)>) -> Self {
        let users = users
            .into_iter()
            .map(|(token, user)| (token.to_owned(), user));
        Self {
            sockets: AppState::new(),
            users: Arc::new(users.collect()),
            cases: Arc::default(),
        }
    }

    /// What the sockets of this application share.
    #[must_use]
    pub fn sockets(&self) -> &AppState {
        &self.sockets
    }

    /// The user who has this token.
    #[must_use]
    pub fn user(&self, token: &str) -> Option<&CurrentUser> {
        self.users.get(token)
    }

    /// Keeps a case and answers its number.
    pub async fn keep(&self, case: Case) -> usize {
        let mut cases = self.cases.lock().await;
        cases.push(case);
        cases.len()
    }

    /// All cases that are kept.
    pub async fn cases(&self) -> Vec<Case> {
        self.cases.lock().await.clone()
    }
}

impl FromRef<Desk> for AppState {
    fn from_ref(desk: &Desk) -> Self {
        desk.sockets.clone()
    }
}
