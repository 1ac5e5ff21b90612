//! The logarithmic scale of ratios.

use super::{
    layout::{PLOT, RIGHT},
    text,
};
use crate::peer::Peer;

/// The ends of the scale, as powers of two. Ratios beyond are drawn at the end.
const FROM: f64 = -3.0;
const TO: f64 = 6.6;

/// The ratios with a label.
const LABELS: [(f64, &str); 5] = [
    (0.25, "¼×"),
    (1.0, "1×"),
    (4.0, "4×"),
    (16.0, "16×"),
    (64.0, "64×"),
];

/// The position of a ratio.
pub fn place(ratio: f64) -> i32 {
    let share = (ratio.log2().clamp(FROM, TO) - FROM) / (TO - FROM);
    #[expect(clippy::cast_possible_truncation, reason = "a place in a picture")]
    let offset = (share * f64::from(RIGHT - PLOT - 24)).round() as i32;
    PLOT + 12 + offset
}

pub fn labels(y: i32) -> String {
    let label = |(ratio, label): &(f64, &str)| text(place(*ratio), y, "middle soft small", label);
    let one = place(1.0);
    let better = text(one - 10, y - 36, "end soft small", "← better");
    let worse = text(one + 10, y - 36, "soft small", "worse →");
    let base = text(one, y - 18, "middle strong small", "autumn-gen");
    LABELS.iter().map(label).collect::<String>() + &better + &base + &worse
}

/// A line for each label, and a stronger one at the ratio 1.
pub fn grid(top: i32, bottom: i32) -> String {
    let line = |(ratio, _): &(f64, &str)| {
        let x = place(*ratio);
        let look = match *ratio {
            1.0 => "class=\"base\" stroke-width=\"1.5\"",
            _ => "class=\"rule\" stroke-dasharray=\"2 3\"",
        };
        format!("<path d=\"M{x} {top}V{bottom}\" {look}/>\n")
    };
    LABELS.iter().map(line).collect()
}

/// From the best round to the worst.
pub fn whisker(peer: Peer, from: f64, to: f64, y: i32) -> String {
    let (from, to) = (place(from), place(to));
    format!(
        "<path d=\"M{from} {y}H{to}\" class=\"{}\" stroke=\"currentColor\" stroke-width=\"2\" \
         opacity=\".45\"/>\n",
        peer.name()
    )
}
