//! The picture: a table of ratios, and the same as dots on a logarithmic scale.

mod axis;
mod layout;
mod mark;

use self::layout::{Layout, Line};
use super::{machine::machine, number, ratio, unit};
use crate::{
    args::Plan,
    peer::Peer,
    record::{Better, Results, Row},
};

/// It has its own background and colours, so that it is legible on any page, light or dark.
const STYLE: &str = "
  svg { font: 12.5px system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif;
        font-variant-numeric: tabular-nums; }
  .card { fill: #ffffff; stroke: #d7dde3; }
  .band { fill: #f4f6f8; }
  .rule { stroke: #d7dde3; }
  text, .base { fill: #1b2229; }
  .base { stroke: #1b2229; }
  .soft { fill: #5d6a76; }
  .behind { fill: #b3261e; font-weight: 650; }
  .mark { stroke: #ffffff; }
  .axum { color: #0072b2; }
  .autumn-web { color: #c95f00; }
  .fastwebsockets { color: #00805c; }
  .bun { color: #b0528c; }
  .uwebsockets { color: #6b5bd2; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #12171c; stroke: #36414c; }
    .band { fill: #1a2128; }
    .rule { stroke: #36414c; }
    text, .base { fill: #e8edf2; }
    .base { stroke: #e8edf2; }
    .soft { fill: #9aa7b3; }
    .behind { fill: #ff8a80; }
    .mark { stroke: #12171c; }
    .axum { color: #5cb8f2; }
    .autumn-web { color: #ff9d47; }
    .fastwebsockets { color: #3ecfa0; }
    .bun { color: #f09fce; }
    .uwebsockets { color: #a79bff; }
  }
  .title { font-size: 21px; font-weight: 650; }
  .strong { font-weight: 650; }
  .end { text-anchor: end; }
  .middle { text-anchor: middle; }
  .small { font-size: 11px; }
";

pub fn picture(results: &Results, plan: &Plan) -> String {
    let layout = Layout::of(results);
    let (width, height) = (layout::WIDTH, layout.height());
    let parts = [
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\">\n\
             <title>WebSocket servers, side by side</title>\n<style>{STYLE}</style>\n"
        ),
        format!(
            "<rect width=\"{width}\" height=\"{height}\" rx=\"12\" \
             class=\"card\"/>\n"
        ),
        heading(),
        columns(plan, &layout),
        layout
            .lines()
            .map(|(y, line)| show(results, plan, y, line))
            .collect(),
        axis::grid(layout::TABLE, layout.bottom()),
        points(results, plan, &layout),
        footer(&layout, plan),
        "</svg>\n".to_owned(),
    ];
    parts.concat()
}

fn heading() -> String {
    text(layout::LEFT, 44, "title", "WebSocket servers, side by side")
        + &text(
            layout::LEFT,
            68,
            "soft",
            "The figures of autumn-gen, and how many times better they are (×). Red, and below 1: \
             the other is better.",
        )
}

/// The servers' names above their columns, with their marks in the plot.
fn columns(plan: &Plan, layout: &Layout) -> String {
    let baseline = layout::TABLE - 14;
    let title = |(index, peer): (usize, &Peer)| {
        let x = layout::column(index);
        let [first, second] = peer.title();
        let mark = match index {
            0 => String::new(),
            _ => mark::mark(*peer, x - 6, baseline - 36),
        };
        let class = if index == 0 { "end strong" } else { "end" };
        mark + &text(x, baseline - 16, class, first) + &text(x, baseline, class, second)
    };
    let titles: String = plan.peers.iter().enumerate().map(title).collect();
    titles + &axis::labels(baseline) + &layout.rules()
}

fn show(results: &Results, plan: &Plan, y: i32, line: &Line) -> String {
    match line {
        Line::Group(row) => {
            let better = match row.metric.better {
                Better::Less => "less is better",
                Better::More => "more is better",
            };
            let title = escape(&capital(row.metric.name)) + &unit(row.metric.unit);
            let note = format!("<tspan class=\"soft small\" dx=\"8\">{better}</tspan>");
            format!(
                "<text x=\"{}\" y=\"{y}\" class=\"strong\">{title}{note}</text>\n",
                layout::LEFT
            )
        }
        Line::Row(row) => {
            let cell = |(index, peer): (usize, &Peer)| cell(results, plan, row, *peer, index, y);
            let cells: String = plan.peers.iter().enumerate().map(cell).collect();
            text(layout::LEFT + 12, y, "", &row.case) + &cells
        }
    }
}

fn cell(results: &Results, plan: &Plan, row: &Row, peer: Peer, index: usize, y: i32) -> String {
    let x = layout::column(index);
    let Some(figure) = results.figure(row, peer) else {
        return text(x, y, "end soft", "–");
    };
    match results.behind(row, peer, plan) {
        None if index == 0 => text(x, y, "end strong", &number(figure.median)),
        None => text(x, y, "end", "="),
        Some(behind) if behind < 0.995 => text(x, y, "end behind", &ratio(behind)),
        Some(behind) => text(x, y, "end", &ratio(behind)),
    }
}

/// The ratios as dots, each with a line from the best round to the worst.
fn points(results: &Results, plan: &Plan, layout: &Layout) -> String {
    let mut points = String::new();
    for (y, line) in layout.lines() {
        let Line::Row(row) = line else { continue };
        for peer in plan.peers.iter().skip(1) {
            let behind = results.behind(row, *peer, plan);
            let figure = results.figure(row, *peer);
            let (Some(behind), Some(figure)) = (behind, figure) else {
                continue;
            };
            let [from, to] = [figure.min, figure.max].map(|end| behind * end / figure.median);
            // For "more is better" the ratio is inverted.
            let [from, to] = match row.metric.better {
                Better::Less => [from, to],
                Better::More => [behind * behind / to, behind * behind / from],
            };
            let y = y - 4;
            points += &axis::whisker(*peer, from, to, y);
            points += &mark::mark(*peer, axis::place(behind), y);
        }
    }
    points
}

fn footer(layout: &Layout, plan: &Plan) -> String {
    let y = layout.bottom() + 34;
    let rounds = match plan.rounds {
        1 => "One round".to_owned(),
        rounds => format!("Medians of {rounds} rounds, the peers in turn; lines span the rounds"),
    };
    let first = format!(
        "{rounds}. Server and load generator on {}, over loopback.",
        machine()
    );
    let second = "CPU is the server's, user and system. uWebSockets is driven from Python, and left \
                  out where each message would go through it. Method and versions: \
                  tests/bench/README.md";
    text(layout::LEFT, y, "soft small", &first) + &text(layout::LEFT, y + 17, "soft small", second)
}

fn text(x: i32, y: i32, class: &str, content: &str) -> String {
    let content = escape(content);
    format!("<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{content}</text>\n")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
