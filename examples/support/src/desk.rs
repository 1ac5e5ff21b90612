//! The state of the application.

use crate::auth::CurrentUser;
use autumn_ws::AppState;
use axum::extract::FromRef;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::Mutex;

/// The help desk: who may sign in, and the cases it stores. Clones are the same desk.
///
/// This is the application's axum state. The sockets find theirs in it through [`FromRef`].
#[derive(Clone)]
pub struct Desk {
    sockets: AppState,
    users: Arc<HashMap<String, CurrentUser>>,
    // Stands in for a database.
    cases: Arc<Mutex<Vec<Case>>>,
}

/// What a customer said in one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The customer's name.
    pub customer: String,
    /// The customer's lines; `[9 bytes]` stands for an attachment.
    pub lines: Vec<String>,
}

impl Desk {
    /// Opens a desk for these users, each with a token to sign in.
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

    /// The user with this token.
    #[must_use]
    pub fn user(&self, token: &str) -> Option<&CurrentUser> {
        self.users.get(token)
    }

    /// Stores a case and returns its number.
    pub async fn keep(&self, case: Case) -> usize {
        let mut cases = self.cases.lock().await;
        cases.push(case);
        cases.len()
    }

    /// All stored cases.
    pub async fn cases(&self) -> Vec<Case> {
        self.cases.lock().await.clone()
    }
}

impl FromRef<Desk> for AppState {
    fn from_ref(desk: &Desk) -> Self {
        desk.sockets.clone()
    }
}
