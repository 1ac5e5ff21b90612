//! Where everything is drawn.

use crate::record::{Results, Row};

pub const WIDTH: i32 = 1100;
pub const LEFT: i32 = 28;
pub const RIGHT: i32 = WIDTH - 28;

/// The first line of the table.
pub const TABLE: i32 = 148;

/// The plot, right of the columns.
pub const PLOT: i32 = 792;

const GROUP: i32 = 32;
const ROW: i32 = 21;

/// The lines of the table, from the top.
pub struct Layout {
    lines: Vec<(i32, Line)>,
    bottom: i32,
}

pub enum Line {
    /// What the rows below it are about.
    Group(Row),
    Row(Row),
}

/// The right edge of a peer's column.
pub fn column(index: usize) -> i32 {
    let index = i32::try_from(index).unwrap_or(0);
    // The names are wider than the figures.
    400 + index * 76
}

impl Layout {
    pub fn of(results: &Results) -> Self {
        let mut lines = Vec::new();
        let mut y = TABLE;
        let mut above: Option<&Row> = None;
        for row in results.rows().filter(|row| !row.metric.is_detail) {
            if !above.is_some_and(|above| above.is_akin(row)) {
                y += GROUP;
                lines.push((y - 8, Line::Group(row.clone())));
            }
            y += ROW;
            lines.push((y - 6, Line::Row(row.clone())));
            above = Some(row);
        }
        Self { lines, bottom: y }
    }

    /// The lines, each with the height of its baseline.
    pub fn lines(&self) -> impl Iterator<Item = (i32, &Line)> {
        self.lines.iter().map(|(y, line)| (*y, line))
    }

    /// Where the table ends.
    pub fn bottom(&self) -> i32 {
        self.bottom + 6
    }

    pub fn height(&self) -> i32 {
        self.bottom() + 72
    }

    /// A rule above each group, and a band behind every second row.
    pub fn rules(&self) -> String {
        let mut is_odd = false;
        let rule = |(y, line): (i32, &Line)| match line {
            Line::Group(_) => {
                is_odd = false;
                let y = y - 18;
                format!("<path d=\"M{LEFT} {y}H{RIGHT}\" class=\"rule\"/>\n")
            }
            Line::Row(_) => {
                is_odd = !is_odd;
                let (y, width) = (y - 15, RIGHT - LEFT);
                if is_odd {
                    format!(
                        "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width}\" height=\"{ROW}\" \
                         class=\"band\"/>\n"
                    )
                } else {
                    String::new()
                }
            }
        };
        self.lines().map(rule).collect()
    }
}
