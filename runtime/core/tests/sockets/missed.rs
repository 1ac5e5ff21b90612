//! Messages that a session missed, or may have missed.

use crate::app::{Careful, Plain, next, start};
use autumn_ws_core::{
    AppState, Closed, Endpoint, Event, Missed, Session, close_code,
    testing::{self, TestClient, TestServer},
};
use tokio::sync::mpsc;

struct Skipping;

impl Endpoint for Skipping {
    const NAME: &'static str = "skipping";
    const LAG: Missed = Missed::Skip;
    const GAP: Missed = Missed::Skip;
}

/// How a session receives the messages of a channel.
#[derive(Clone, Copy)]
enum Delivery {
    Handle,
    Relay,
}

const BOTH: [Delivery; 2] = [Delivery::Handle, Delivery::Relay];

/// A client of a session that listens to the channel `feed`, of which two messages are kept.
struct App {
    state: AppState,
    /// The losses reported to the session's code, then how the session ended.
    reports: mpsc::UnboundedReceiver<String>,
    client: TestClient,
    server: TestServer,
}

impl App {
    async fn start<E: Endpoint + 'static>(delivery: Delivery) -> Self {
        let state = AppState::new();
        let (report, mut reports) = mpsc::unbounded_channel();
        let channels = state.channels().clone();
        let server = start::<E, _, _>(&state, move |mut session| {
            let feed = channels.subscribe_with_capacity("feed", 2);
            match delivery {
                Delivery::Handle => session.subscribe("feed", feed),
                Delivery::Relay => session.relay("feed", feed),
            }
            run(session, report.clone())
        });
        let client = server.connect("/").await;
        assert_eq!(next(&mut reports).await, "open");
        Self {
            state,
            reports,
            client,
            server,
        }
    }

    /// Publishes five messages, of which the session misses three: it runs in the same thread.
    fn flood(&self) {
        for n in 0..5 {
            self.state.channels().publish("feed", n.to_string());
        }
    }

    async fn hears(&mut self, texts: &[&str]) {
        for text in texts {
            assert_eq!(self.client.text().await, *text);
        }
    }

    async fn is_closed(&mut self, code: u16, reason: &str) {
        let closed = self.client.closed().await;
        assert_eq!((closed.code(), closed.reason()), (code, reason));
        let ended = next(&mut self.reports).await;
        assert_eq!(
            ended,
            format!("closed by the server with {code} ({reason})")
        );
    }
}

async fn run(mut session: Session, report: mpsc::UnboundedSender<String>) -> Result<(), Closed> {
    report.send("open".to_owned()).unwrap();
    let ended = report_missed(&mut session, &report).await;
    let closed = session.closed().unwrap();
    report.send(closed.to_string()).unwrap();
    ended
}

async fn report_missed(
    session: &mut Session,
    report: &mpsc::UnboundedSender<String>,
) -> Result<(), Closed> {
    while let Some(event) = session.next().await {
        match event {
            Event::Lagged(lagged) => {
                let text = format!("lagged {} by {}", lagged.channel, lagged.missed);
                report.send(text).unwrap();
            }
            Event::Gap(channel) => report.send(format!("gap in {channel}")).unwrap(),
            event => session.fallback(event).await?,
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_slow_client_is_closed_by_default() {
    for delivery in BOTH {
        let mut app = App::start::<Plain>(delivery).await;
        app.flood();
        app.is_closed(close_code::AGAIN, "too slow").await;
    }
}

#[tokio::test]
async fn a_gap_closes_by_default() {
    for delivery in BOTH {
        let mut app = App::start::<Plain>(delivery).await;
        app.state.channels().publish("feed", "before");
        testing::gap(app.state.channels(), "feed");
        app.state.channels().publish("feed", "after");
        app.hears(&["before"]).await;
        app.is_closed(close_code::RESTART, "messages may be missing")
            .await;
    }
}

#[tokio::test]
async fn skipped_messages_are_not_reported() {
    for delivery in BOTH {
        let mut app = App::start::<Skipping>(delivery).await;
        app.flood();
        app.hears(&["3", "4"]).await;
        testing::gap(app.state.channels(), "feed");
        app.state.channels().publish("feed", "5");
        app.hears(&["5"]).await;
        assert!(app.reports.is_empty());
    }
}

#[tokio::test]
async fn handled_losses_are_reported_in_their_place() {
    for delivery in BOTH {
        let mut app = App::start::<Careful>(delivery).await;
        app.flood();
        app.hears(&["3", "4"]).await;
        assert_eq!(next(&mut app.reports).await, "lagged feed by 3");
        testing::gap(app.state.channels(), "feed");
        assert_eq!(next(&mut app.reports).await, "gap in feed");
        assert!(app.reports.is_empty());
    }
}

/// Messages published before a shutdown are delivered before the goodbye, by the same rules.
#[tokio::test]
async fn the_rules_hold_until_the_goodbye() {
    const GOODBYE: &str = "server shutting down";
    for delivery in BOTH {
        let mut slow = App::start::<Plain>(delivery).await;
        slow.flood();
        slow.state.shutdown().begin();
        slow.is_closed(close_code::AGAIN, "too slow").await;
        slow.server.shutdown().await;

        let mut gap = App::start::<Plain>(delivery).await;
        testing::gap(gap.state.channels(), "feed");
        gap.state.shutdown().begin();
        gap.is_closed(close_code::RESTART, "messages may be missing")
            .await;

        let mut skipping = App::start::<Skipping>(delivery).await;
        skipping.flood();
        testing::gap(skipping.state.channels(), "feed");
        skipping.state.shutdown().begin();
        skipping.hears(&["3", "4"]).await;
        skipping.is_closed(close_code::RESTART, GOODBYE).await;

        let mut careful = App::start::<Careful>(delivery).await;
        careful.flood();
        testing::gap(careful.state.channels(), "feed");
        careful.state.shutdown().begin();
        careful.hears(&["3", "4"]).await;
        for missed in ["lagged feed by 3", "gap in feed"] {
            assert_eq!(next(&mut careful.reports).await, missed);
        }
        careful.is_closed(close_code::RESTART, GOODBYE).await;
    }
}
