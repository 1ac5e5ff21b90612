//! The text that Prometheus reads.

use super::{
    families::{FAMILIES, Label, MetricKind, Series},
    snapshot::Snapshot,
};
use std::fmt::{self, Write};

/// The numbers in the text format, version 0.0.4.
pub(super) struct Text<'a>(pub(super) &'a Snapshot);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for family in FAMILIES {
            let Some(series) = family.series(self.0) else {
                continue;
            };
            let name = family.name;
            writeln!(f, "# HELP {name} {}", family.help)?;
            writeln!(f, "# TYPE {name} {}", family.kind)?;
            series
                .iter()
                .try_for_each(|series| write_series(f, name, series))?;
        }
        Ok(())
    }
}

fn write_series(f: &mut fmt::Formatter<'_>, name: &str, series: &Series) -> fmt::Result {
    f.write_str(name)?;
    write_labels(f, &series.labels)?;
    writeln!(f, " {}", series.value)
}

fn write_labels(f: &mut fmt::Formatter<'_>, labels: &[Label]) -> fmt::Result {
    for (index, (name, value)) in labels.iter().enumerate() {
        let before = if index == 0 { '{' } else { ',' };
        write!(f, "{before}{name}=\"{}\"", Escaped(value))?;
    }
    f.write_str(if labels.is_empty() { "" } else { "}" })
}

impl fmt::Display for MetricKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
        })
    }
}

/// A label's value. It is the application's text, and may contain anything.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '\\' => f.write_str(r"\\"),
            '"' => f.write_str("\\\""),
            '\n' => f.write_str(r"\n"),
            other => f.write_char(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Text;
    use crate::metrics::{ChannelSnapshot, EngineSnapshot, Snapshot};

    #[test]
    fn there_is_a_line_for_each_series() {
        let channel = |pattern, published| ChannelSnapshot {
            pattern,
            published,
            ..ChannelSnapshot::default()
        };
        let engine = EngineSnapshot {
            gaps_sent: 2,
            ..EngineSnapshot::default()
        };
        let snapshot = Snapshot {
            channels: vec![channel("lobby", 1), channel("\\ \" \n é", u64::MAX)],
            engine: Some(engine),
            ..Snapshot::default()
        };
        let text = Text(&snapshot).to_string();
        for expected in [
            "# HELP autumn_ws_channel_published_total Messages that were published.\n\
             # TYPE autumn_ws_channel_published_total counter\n\
             autumn_ws_channel_published_total{channel=\"lobby\"} 1\n\
             autumn_ws_channel_published_total{channel=\"\\\\ \\\" \\n é\"} 18446744073709551615\n",
            "# TYPE autumn_ws_engine_connected gauge\nautumn_ws_engine_connected 0\n",
            "autumn_ws_engine_gaps_total{direction=\"in\"} 0\n\
             autumn_ws_engine_gaps_total{direction=\"out\"} 2\n",
            // Without endpoints, their families are still there.
            "# TYPE autumn_ws_sessions_open gauge\n# HELP",
        ] {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
        let alone = Snapshot::default();
        assert!(!Text(&alone).to_string().contains("engine"));
    }
}
