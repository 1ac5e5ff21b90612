//! What operators see.

use axum::http::StatusCode;
use prometheus::{
    IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder, core::Collector,
};

/// Counts by endpoint.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    open: IntGaugeVec,
    opened: IntCounterVec,
    messages: IntCounterVec,
    invalid: IntCounterVec,
}

/// The counts of one endpoint.
pub struct Counts {
    pub open: IntGauge,
    pub opened: IntCounter,
    pub received: IntCounter,
    pub sent: IntCounter,
    pub invalid: IntCounter,
}

impl Metrics {
    pub fn new() -> prometheus::Result<Self> {
        let open = Opts::new("shop_sessions_open", "Open sockets.");
        let opened = Opts::new("shop_sessions_opened_total", "Sockets that were opened.");
        let messages = Opts::new("shop_messages_total", "Messages of and to clients.");
        let invalid = Opts::new("shop_messages_invalid_total", "Messages that were refused.");
        let metrics = Self {
            registry: Registry::new(),
            open: IntGaugeVec::new(open, &["endpoint"])?,
            opened: IntCounterVec::new(opened, &["endpoint"])?,
            messages: IntCounterVec::new(messages, &["endpoint", "direction"])?,
            invalid: IntCounterVec::new(invalid, &["endpoint"])?,
        };
        metrics.register(&metrics.open)?;
        metrics.register(&metrics.opened)?;
        metrics.register(&metrics.messages)?;
        metrics.register(&metrics.invalid)?;
        Ok(metrics)
    }

    fn register(&self, collector: &(impl Collector + Clone + 'static)) -> prometheus::Result<()> {
        self.registry.register(Box::new(collector.clone()))
    }

    pub fn of(&self, endpoint: &str) -> Counts {
        Counts {
            open: self.open.with_label_values(&[endpoint]),
            opened: self.opened.with_label_values(&[endpoint]),
            received: self.messages.with_label_values(&[endpoint, "received"]),
            sent: self.messages.with_label_values(&[endpoint, "sent"]),
            invalid: self.invalid.with_label_values(&[endpoint]),
        }
    }

    /// The text that Prometheus reads.
    pub fn text(&self) -> Result<String, (StatusCode, String)> {
        let text = TextEncoder::new().encode_to_string(&self.registry.gather());
        text.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
    }
}
