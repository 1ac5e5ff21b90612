//! How fast a client may speak.

use tokio::time::{Duration, Instant, sleep_until};

/// A message has its time to itself: 10 per second.
const EACH: Duration = Duration::from_millis(100);

/// As many as 20 messages at once.
const BURST: Duration = Duration::from_secs(2);

/// Counts the messages of a client.
pub struct Rate {
    /// When all that was said would be over at the permitted pace.
    over: Instant,
}

impl Rate {
    pub fn new() -> Self {
        Self {
            over: Instant::now(),
        }
    }

    pub fn count(&mut self) {
        self.over = self.over.max(Instant::now()) + EACH;
    }

    pub fn has_room(&self) -> bool {
        self.over + EACH <= Instant::now() + BURST
    }

    /// Waits until there is room.
    pub async fn room(&self) {
        sleep_until(self.over + EACH - BURST).await;
    }
}
