//! The handler of `/gap/handling`: reports to its client where messages may be missing.

use autumn_ws::{Closed, Rejection, Session, Subscription};

use super::{HandlingHandler, HandlingRequest};

/// One connected client of `/gap/handling`, which also listens to a channel that is not in the
/// spec.
pub struct Handling {
    weather: Option<Subscription>,
}

impl HandlingHandler for Handling {
    async fn open(state: &crate::AppState, _: HandlingRequest) -> Result<Self, Rejection> {
        let weather = Some(state.ws().channels().subscribe("weather"));
        Ok(Self { weather })
    }

    async fn on_open(&mut self, session: &mut Session) -> Result<(), Closed> {
        if let Some(weather) = self.weather.take() {
            session.subscribe("the weather", weather);
        }
        Ok(())
    }

    async fn on_gap(&mut self, channel: &'static str, session: &mut Session) -> Result<(), Closed> {
        session.send(format!("a gap in {channel}")).await
    }
}
