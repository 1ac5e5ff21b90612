//! The `use` lines of a module: what its endpoints need, and nothing else.

use std::collections::BTreeSet;

use crate::targets::rust::ir::{Channel, Endpoint, Pattern, State};

/// Groups of lines: the standard library, then crates.
pub(super) fn imports(
    state: &State,
    channels: &[Channel],
    endpoints: &[Endpoint],
) -> Vec<Vec<String>> {
    let std = standard(channels, endpoints);
    let crates = [
        runtime(state, channels, endpoints),
        axum(endpoints),
        serde(endpoints),
    ]
    .concat();
    [std, crates]
        .into_iter()
        .filter(|group| !group.is_empty())
        .collect()
}

fn standard(channels: &[Channel], endpoints: &[Endpoint]) -> Vec<String> {
    let mut lines = Vec::new();
    if channels.iter().any(|channel| !channel.fills.is_empty()) {
        lines.push("use std::fmt::Display;".to_owned());
    }
    if endpoints.iter().any(|endpoint| endpoint.handler.is_some()) {
        lines.push("use std::future::{Future, ready};".to_owned());
    }
    if !endpoints.is_empty() {
        lines.push("use std::time::Duration;".to_owned());
    }
    lines
}

fn runtime(state: &State, channels: &[Channel], endpoints: &[Endpoint]) -> Vec<String> {
    let mut names = BTreeSet::new();
    let mut need = |name, needed: bool| {
        if needed {
            names.insert(name);
        }
    };
    let handled = endpoints.iter().any(|endpoint| endpoint.handler.is_some());
    need("AppState", state.is_default);
    need("ChannelName", !channels.is_empty());
    for name in [
        "Accept",
        "CloseCode",
        "Closed",
        "Endpoint",
        "Origins",
        "Session",
        "Upgrade",
    ] {
        need(name, !endpoints.is_empty());
    }
    need(
        "Event",
        endpoints.iter().any(|endpoint| !endpoint.arms.is_empty()),
    );
    need("close_code", endpoints.iter().any(needs_close_codes));
    need(
        "Lagged",
        handled && has_pattern(endpoints, &Pattern::Lagged),
    );
    need("Message", handled);
    need("Missed", endpoints.iter().any(decides_about_missed));
    need("Rejection", handled);
    need(
        "Sender",
        endpoints
            .iter()
            .any(|endpoint| endpoint.publishes.is_some()),
    );
    if names.is_empty() {
        Vec::new()
    } else {
        vec![one_line("autumn_ws", &names)]
    }
}

fn needs_close_codes(endpoint: &Endpoint) -> bool {
    endpoint
        .rules
        .shutdown_code
        .as_str()
        .starts_with("close_code::")
}

fn decides_about_missed(endpoint: &Endpoint) -> bool {
    endpoint.rules.lag.is_some() || endpoint.rules.gap.is_some()
}

fn has_pattern(endpoints: &[Endpoint], pattern: &Pattern) -> bool {
    endpoints
        .iter()
        .flat_map(|endpoint| &endpoint.arms)
        .any(|arm| arm.pattern == *pattern)
}

fn axum(endpoints: &[Endpoint]) -> Vec<String> {
    let mut extractors = BTreeSet::new();
    for endpoint in endpoints {
        extractors.extend((!endpoint.path_params.fields.is_empty()).then_some("Path"));
        extractors.extend((!endpoint.query.fields.is_empty()).then_some("Query"));
        extractors.extend((endpoint.needs_state || endpoint.needs_ws).then_some("State"));
    }
    let mut lines = vec!["use axum::Router;".to_owned()];
    if !extractors.is_empty() {
        lines.push(one_line("axum::extract", &extractors));
    }
    if !endpoints.is_empty() {
        lines.push("use axum::response::{Response, Result};".to_owned());
        lines.push("use axum::routing::get;".to_owned());
    }
    lines
}

fn serde(endpoints: &[Endpoint]) -> Vec<String> {
    let needed = endpoints.iter().any(|endpoint| {
        !endpoint.path_params.fields.is_empty() || !endpoint.query.fields.is_empty()
    });
    if needed {
        vec!["use serde::Deserialize;".to_owned()]
    } else {
        Vec::new()
    }
}

fn one_line(root: &str, names: &BTreeSet<&str>) -> String {
    let names: Vec<&str> = names.iter().copied().collect();
    match names.as_slice() {
        [name] => format!("use {root}::{name};"),
        names => format!("use {root}::{{{}}};", names.join(", ")),
    }
}
