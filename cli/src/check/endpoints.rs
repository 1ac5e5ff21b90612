//! What an endpoint says must be there and must fit.

use super::{
    closes, places,
    topics::Scope,
    typed::{self, Heard, Vocabulary},
    values,
};
use crate::{
    contract::{Channel, Endpoint, Extract, Policy},
    diagnostic::{Diagnostic, ENOUGH, code},
    place::Place,
    spec::{self, Entry, Spec},
    value::{Period, Refuse, Setting},
};
use std::sync::Arc;

/// The endpoints of a spec, but for those whose path could not be read.
pub(super) fn understood(
    spec: &Spec,
    channels: &[Arc<Channel>],
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Endpoint> {
    let mut understood = Vec::new();
    for written in &spec.endpoints {
        if diagnostics.len() > ENOUGH {
            break;
        }
        let scope = Scope {
            spec,
            channels,
            endpoint: written,
        };
        understood.extend(endpoint(&scope, vocabulary, diagnostics));
    }
    understood
}

fn endpoint(
    scope: &Scope,
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Endpoint> {
    let written = scope.endpoint;
    check_counts(written, diagnostics);
    check_heartbeat(written, diagnostics);
    check_spread(written, diagnostics);
    places::check(written, diagnostics);
    let subscriptions = scope.subscriptions(diagnostics);
    let mut on_message = scope.on_message(diagnostics);
    let on_demand = scope.on_demand(diagnostics);
    let heard = Heard {
        subscriptions: &subscriptions,
        on_demand: &on_demand,
    };
    let typed = typed::typed(scope, vocabulary, heard, &mut on_message, diagnostics);
    let route = written.path.as_ref()?;
    let closes_refused = match &written.refuse {
        Some(refuse) => refuse.value == Refuse::Close,
        None => typed.is_some(),
    };
    Some(Endpoint {
        key: written.key.clone(),
        description: written.description.as_ref().map(|at| at.value.clone()),
        path: values::path(written, route, diagnostics),
        query: values::query(written, diagnostics),
        extract: extract(written),
        subscriptions,
        on_demand: on_demand.into_iter().map(|at| at.value).collect(),
        opens: written.open.is_some(),
        typed,
        on_message,
        tick: written.tick.as_ref().map(|at| at.value.0),
        accept: written.accept(),
        subprotocols: written.subprotocols.clone(),
        closes: closes::understood(written, closes_refused, diagnostics),
        closes_refused,
        policy: Policy::of(&written.settings),
    })
}

fn extract(written: &spec::Endpoint) -> Vec<Extract> {
    let extract = |extract: &spec::Extract| {
        Some(Extract {
            name: extract.name.clone(),
            ty: extract.ty.as_ref()?.value.clone(),
        })
    };
    written.extract.iter().filter_map(extract).collect()
}

/// More than these would be too many for a reader to keep in mind.
fn check_counts(endpoint: &spec::Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    let fields = endpoint.query.get(spec::QueryField::MOST);
    let channels = endpoint.subscribe.get(spec::Subscribe::MOST);
    let field = fields.map(|field| field.wire.place.of_key());
    let channel = channels.map(|subscribe| subscribe.channel.place.clone());
    let mut too_many = |place: Option<Place>, most: usize, what: &str, help: &str| {
        let message = format!("endpoint `{}` {what}", endpoint.key.value.as_str());
        diagnostics.extend(place.map(|place| {
            Diagnostic::error(code::TOO_MANY, place, message)
                .label(format!("at most {most}"))
                .help(help)
        }));
    };
    too_many(
        field,
        spec::QueryField::MOST,
        "has too many query fields",
        "let the client send them in its first message",
    );
    too_many(
        channel,
        spec::Subscribe::MOST,
        "subscribes to too many channels",
        "publish to fewer channels, or subscribe in your code with `session.subscribe`",
    );
}

/// A ping after the idle timeout would come too late.
fn check_heartbeat(endpoint: &spec::Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    let limits = &endpoint.settings.limits;
    let (Some(heartbeat), Some(idle)) = (limits.heartbeat(), limits.idle()) else {
        return;
    };
    let written = [
        limits.heartbeat.as_ref().map(|at| &at.place),
        limits.idle.as_ref().map(|at| &at.place),
    ];
    let last = written.into_iter().flatten().next_back();
    let Some(place) = last.filter(|_| heartbeat >= idle) else {
        return;
    };
    let message = format!(
        "a heartbeat every {} cannot keep a connection that is closed after {} of silence",
        Period(heartbeat).written(),
        Period(idle).written()
    );
    let help = format!(
        "set `heartbeat: {}` or less, or `heartbeat: off` to close silent clients",
        Period(idle / 2).written()
    );
    diagnostics.push(
        Diagnostic::error(code::HEARTBEAT_TOO_SLOW, place.clone(), message)
            .label("`idle` must be longer than `heartbeat`")
            .help(help),
    );
}

/// A session that has not said goodbye after `drain` is cut.
fn check_spread(endpoint: &spec::Endpoint, diagnostics: &mut Vec<Diagnostic>) {
    let shutdown = &endpoint.settings.shutdown;
    let (spread, drain) = (shutdown.spread(), shutdown.drain());
    let written = [
        shutdown.drain.as_ref().map(|at| &at.place),
        shutdown.spread.as_ref().map(|at| &at.place),
    ];
    let last = written.into_iter().flatten().next_back();
    let Some(place) = last.filter(|_| spread >= drain && !spread.is_zero()) else {
        return;
    };
    let message = format!(
        "endpoint `{}` cannot spread its close frames over {}: after {}, sessions are cut",
        endpoint.key.value.as_str(),
        Period(spread).written(),
        Period(drain).written()
    );
    let help = format!(
        "set `spread: {}` or less, or a longer `drain`",
        Period(drain / 2).written()
    );
    diagnostics.push(
        Diagnostic::error(code::SPREAD_TOO_LONG, place.clone(), message)
            .label("`spread` must be shorter than `drain`")
            .help(help),
    );
}
