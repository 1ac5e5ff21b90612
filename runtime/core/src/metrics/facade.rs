//! The numbers for the `metrics` crate, which passes them to an exporter.

use super::{
    Metrics,
    families::{FAMILIES, MetricKind, Series},
};

impl Metrics {
    /// Hands the numbers to the recorder of the [`metrics`](https://docs.rs/metrics) crate, for
    /// applications that already have an exporter (feature `metrics`). Names and labels are those
    /// of [`prometheus`](Metrics::prometheus).
    ///
    /// Call it from a task, at least as often as the exporter is read or pushes. Every ten seconds
    /// is usual:
    ///
    /// ```
    /// use autumn_ws::AppState;
    /// use std::time::Duration;
    ///
    /// async fn record(state: AppState) {
    ///     let mut ticks = tokio::time::interval(Duration::from_secs(10));
    ///     while !state.shutdown().has_begun() {
    ///         ticks.tick().await;
    ///         state.metrics().record();
    ///     }
    /// }
    /// ```
    pub fn record(&self) {
        let snapshot = self.snapshot();
        for family in FAMILIES {
            let Some(series) = family.series(&snapshot) else {
                continue;
            };
            let (name, help) = (family.name, family.help);
            match family.kind {
                MetricKind::Counter => metrics::describe_counter!(name, help),
                MetricKind::Gauge => metrics::describe_gauge!(name, help),
            }
            for Series { labels, value } in series {
                match family.kind {
                    MetricKind::Counter => metrics::counter!(name, &labels).absolute(value),
                    MetricKind::Gauge => metrics::gauge!(name, &labels).set(to_float(value)),
                }
            }
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "nobody has 2^53 sessions open at once"
)]
fn to_float(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use crate::{AppState, ChannelName, Metrics};
    use metrics::{
        Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
        with_local_recorder,
    };
    use std::{
        collections::BTreeMap,
        sync::{
            Arc, Mutex,
            atomic::{AtomicU64, Ordering},
        },
    };

    /// Keeps what is recorded, gauges as the bits of a float.
    #[derive(Default)]
    struct Memory {
        series: Mutex<BTreeMap<String, Arc<AtomicU64>>>,
        described: Mutex<Vec<String>>,
    }

    impl Memory {
        fn series(&self, key: &Key) -> Arc<AtomicU64> {
            let labels = key.labels();
            let labels: Vec<_> = labels
                .map(|l| format!("{}={}", l.key(), l.value()))
                .collect();
            let name = format!("{} {}", key.name(), labels.join(" "));
            Arc::clone(self.series.lock().unwrap().entry(name).or_default())
        }

        fn get(&self, name: &str) -> u64 {
            self.series.lock().unwrap()[name].load(Ordering::Relaxed)
        }

        fn describe(&self, name: &KeyName) {
            self.described
                .lock()
                .unwrap()
                .push(name.as_str().to_owned());
        }
    }

    impl Recorder for Memory {
        fn describe_counter(&self, key: KeyName, _: Option<Unit>, _: SharedString) {
            self.describe(&key);
        }

        fn describe_gauge(&self, key: KeyName, _: Option<Unit>, _: SharedString) {
            self.describe(&key);
        }

        fn describe_histogram(&self, key: KeyName, _: Option<Unit>, _: SharedString) {
            self.describe(&key);
        }

        fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
            Counter::from_arc(self.series(key))
        }

        fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
            Gauge::from_arc(self.series(key))
        }

        fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
            Histogram::noop()
        }
    }

    #[test]
    fn the_total_is_recorded_each_time() {
        const LOBBY: ChannelName = ChannelName::fixed("lobby");
        let memory = Memory::default();
        let state = AppState::new();
        let record = || with_local_recorder(&memory, || Metrics::record(&state.metrics()));
        let published = "autumn_ws_channel_published_total channel=lobby";
        let subscribers = "autumn_ws_channel_subscribers channel=lobby";

        let subscription = state.channels().subscribe(LOBBY);
        state.channels().publish(LOBBY, "1");
        record();
        record();
        assert_eq!(memory.get(published), 1);
        assert_eq!(memory.get(subscribers), 1_f64.to_bits());

        drop(subscription);
        state.channels().publish(LOBBY, "2");
        record();
        assert_eq!(memory.get(published), 2);
        assert_eq!(memory.get(subscribers), 0_f64.to_bits());
        let described = memory.described.lock().unwrap();
        assert!(described.iter().any(|name| published.starts_with(name)));
    }
}
