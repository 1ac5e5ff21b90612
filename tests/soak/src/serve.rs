//! The process that the clients meet.

use std::io::{self, Read};
use std::panic::{self, PanicHookInfo};
use std::time::Duration;
use std::{fmt::Write, thread};

use autumn_ws::{AppState, Sender, Shutdown};
use axum::extract::State;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::time::interval;

use crate::ws;

/// The message of panics that clients ask for.
pub const ON_DEMAND: &str = "on demand";

/// How often ticks are published, and how many at once: more than the channel keeps.
const TICKS: (Duration, usize) = (Duration::from_millis(100), 64);

/// Serves until standard input ends, as it also does when the parent process is gone.
pub async fn serve() -> io::Result<()> {
    hide_panics_on_demand();
    let state = AppState::new();
    let router = ws::router().route("/measures", get(measures));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    end_with_input(state.shutdown());
    tokio::spawn(tick(state.channels().sender(ws::sockets::TICKS_CHANNEL)));
    autumn_ws::serve(listener, router.with_state(state.clone()), state.shutdown()).await
}

/// Counters.
async fn tick(ticks: Sender) {
    let (pause, burst) = TICKS;
    let mut interval = interval(pause);
    for first in (0_usize..).step_by(burst) {
        interval.tick().await;
        for number in first..first + burst {
            ticks.send(number.to_string());
        }
    }
}

/// What the process holds now, and what it has counted, one per line.
async fn measures(State(state): State<AppState>) -> String {
    let metrics = state.metrics().snapshot();
    let (endpoints, channels) = (&metrics.endpoints, &metrics.channels);
    let held = [
        ("tasks", Handle::current().metrics().num_alive_tasks()),
        ("sessions", endpoints.iter().map(|one| one.open).sum()),
        ("channels", channels.iter().map(|one| one.open).sum()),
        (
            "subscribers",
            channels.iter().map(|one| one.subscribers).sum(),
        ),
    ];
    let rejected = endpoints.iter().flat_map(|one| &one.rejected);
    let gone_through = [
        ("opened", endpoints.iter().map(|one| one.opened).sum()),
        ("rejected", rejected.map(|reason| reason.count).sum()),
        ("failed", endpoints.iter().map(|one| one.failed).sum()),
        (
            "send_timeouts",
            endpoints.iter().map(|one| one.send_timeouts).sum(),
        ),
        (
            "idle_timeouts",
            endpoints.iter().map(|one| one.idle_timeouts).sum(),
        ),
        ("panics", endpoints.iter().map(|one| one.panics).sum()),
        (
            "received",
            endpoints.iter().map(|one| one.received.messages).sum(),
        ),
        (
            "sent",
            endpoints.iter().map(|one| one.sent.messages).sum::<u64>(),
        ),
        ("lagged", channels.iter().map(|one| one.lagged).sum()),
    ];
    let mut text = String::new();
    for (name, number) in held {
        let _ = writeln!(text, "{name} {number}");
    }
    for (name, number) in gone_through {
        let _ = writeln!(text, "{name} {number}");
    }
    text
}

fn end_with_input(shutdown: Shutdown) {
    thread::spawn(move || {
        // At the end, or on an error: the other side is gone.
        let _ = io::stdin().read_to_end(&mut Vec::new());
        shutdown.begin();
    });
}

/// All other panics are reported as usual.
fn hide_panics_on_demand() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |info: &PanicHookInfo| {
        let is_asked_for = info
            .payload_as_str()
            .is_some_and(|text| text.contains(ON_DEMAND));
        if !is_asked_for {
            tell(info);
        }
    }));
}
