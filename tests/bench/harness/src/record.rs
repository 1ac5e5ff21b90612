//! What was measured.

use crate::{args::Plan, measures::Measure, peer::Peer};

/// What a row of the table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub measure: Measure,
    /// Under what conditions.
    pub case: String,
    pub metric: Metric,
}

impl Row {
    /// Whether the same is measured, even if under other conditions.
    pub fn is_akin(&self, other: &Self) -> bool {
        self.measure == other.measure && self.metric == other.metric
    }
}

/// What a figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    pub name: &'static str,
    pub unit: &'static str,
    pub better: Better,
    /// Left out of the picture.
    pub is_detail: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    Less,
    More,
}

/// All figures: rows of one kind together, otherwise in the order of their first figure.
#[derive(Debug, Default)]
pub struct Results {
    rows: Vec<(Row, Vec<(Peer, f64)>)>,
}

/// A server's figures of all rounds.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

impl Results {
    pub fn add(&mut self, row: Row, peer: Peer, value: f64) {
        if let Some((_, values)) = self.rows.iter_mut().find(|(known, _)| *known == row) {
            values.push((peer, value));
            return;
        }
        let akin = self.rows.iter().rposition(|(known, _)| known.is_akin(&row));
        let place = akin.map_or(self.rows.len(), |last| last + 1);
        self.rows.insert(place, (row, vec![(peer, value)]));
    }

    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().map(|(row, _)| row)
    }

    /// How many times better the first server is than another one.
    pub fn behind(&self, row: &Row, peer: Peer, plan: &Plan) -> Option<f64> {
        let first = plan.peers.first().filter(|first| **first != peer)?;
        let base = self.figure(row, *first)?;
        self.figure(row, peer)?.behind(&base, row.metric.better)
    }

    /// A server's figure, if there is one.
    pub fn figure(&self, row: &Row, peer: Peer) -> Option<Figure> {
        let (_, values) = self.rows.iter().find(|(known, _)| known == row)?;
        let its = values.iter().filter(|(its, _)| *its == peer);
        Figure::of(its.map(|(_, value)| *value).collect())
    }
}

impl Figure {
    /// How many times better `base` is, unless both are zero.
    pub fn behind(&self, base: &Self, better: Better) -> Option<f64> {
        let ratio = match better {
            Better::Less => self.median / base.median,
            Better::More => base.median / self.median,
        };
        // Both are zero.
        (!ratio.is_nan()).then_some(ratio)
    }

    /// Half the range of the rounds, in percent of its middle.
    pub fn spread(&self) -> f64 {
        match self.max + self.min {
            0.0 => 0.0,
            sum => (self.max - self.min) / sum * 100.0,
        }
    }

    fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let upper = *values.get(middle)?;
        let median = match values.len() % 2 {
            0 => f64::midpoint(*values.get(middle - 1)?, upper),
            _ => upper,
        };
        Some(Self {
            median,
            min: *values.first()?,
            max: *values.last()?,
        })
    }
}
