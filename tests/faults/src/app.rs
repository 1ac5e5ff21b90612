//! The state of the application.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::FromRef;

/// The runtime's state, and what the tests check at the end.
#[derive(Clone, Debug, Default)]
pub struct App {
    ws: autumn_ws::AppState,
    farewells: Arc<AtomicU64>,
}

impl App {
    /// The runtime's part of the state.
    #[must_use]
    pub fn ws(&self) -> &autumn_ws::AppState {
        &self.ws
    }

    /// Counts a handler that has finished its goodbye.
    pub fn note_farewell(&self) {
        self.farewells.fetch_add(1, Ordering::Relaxed);
    }

    /// How many handlers have finished their goodbye.
    #[must_use]
    pub fn farewells(&self) -> u64 {
        self.farewells.load(Ordering::Relaxed)
    }
}

impl FromRef<App> for autumn_ws::AppState {
    fn from_ref(app: &App) -> Self {
        app.ws.clone()
    }
}
