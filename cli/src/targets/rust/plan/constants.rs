//! The constants of an endpoint: those that are not what the runtime has by itself.

use super::Imports;
use crate::{
    contract::{Endpoint, Module, Policy},
    targets::rust::{
        ir::{
            Constant,
            tokens::{Str, Tokens},
        },
        names,
    },
    value::{Accept, Missed, Origins, Rate, RateUnit, WithoutSubprotocol},
};
use std::time::Duration;

/// A type, and what it needs.
#[derive(Clone, Copy)]
struct Type(&'static str, &'static [&'static str]);

const ACCEPT: Type = Type("Accept", &["autumn_ws::Accept"]);
const BOOL: Type = Type("bool", &[]);
const CODE: Type = Type("CloseCode", &["autumn_ws::CloseCode"]);
const CODES: Type = Type("&'static [CloseCode]", &["autumn_ws::CloseCode"]);
const DURATION: Type = Type("Duration", &["std::time::Duration"]);
const MAYBE_DURATION: Type = Type("Option<Duration>", &["std::time::Duration"]);
const MAYBE_COUNT: Type = Type("Option<usize>", &[]);
const MAYBE_RATE: Type = Type("Option<Rate>", &["autumn_ws::Rate"]);
const MISSED: Type = Type("Missed", &["autumn_ws::Missed"]);
const ORIGINS: Type = Type("Origins", &["autumn_ws::Origins"]);
const SIZE: Type = Type("usize", &[]);
const TEXT: Type = Type("&'static str", &[]);
const TEXTS: Type = Type("&'static [&'static str]", &[]);

pub(super) fn constants(
    module: &Module,
    endpoint: &Endpoint,
    imports: &mut Imports,
) -> Vec<Constant> {
    let mut constants = Constants {
        endpoint,
        usual: Policy::default(),
        found: Vec::new(),
        imports,
    };
    constants.own(module);
    constants.of_policy();
    constants.of_limits();
    constants.of_shutdown();
    constants.found
}

struct Constants<'a> {
    endpoint: &'a Endpoint,
    /// What holds where nothing else is said: in the runtime, too.
    usual: Policy,
    found: Vec<Constant>,
    imports: &'a mut Imports,
}

impl Constants<'_> {
    /// What is the endpoint's alone.
    fn own(&mut self, module: &Module) {
        let Endpoint {
            key,
            accept,
            closes,
            subprotocols,
            tick,
            ..
        } = self.endpoint;
        let name = format!("{}.{}", module.path.join("."), key.value.as_str());
        self.push("NAME", TEXT, text(&name));
        match self.accept(*accept) {
            Accept::Text => self.push("ACCEPT", ACCEPT, Tokens::new("Accept::Text")),
            Accept::Binary => self.push("ACCEPT", ACCEPT, Tokens::new("Accept::Binary")),
            Accept::TextAndBinary => {}
        }
        if tick.is_some() {
            self.push("TICK", MAYBE_DURATION, maybe_duration(*tick));
        }
        if !subprotocols.is_empty() {
            let names = subprotocols.iter().map(|name| name.value.0.as_str());
            self.push("SUBPROTOCOLS", TEXTS, texts(names));
        }
        if !closes.is_empty() {
            let names = closes
                .iter()
                .map(|close| names::close_constant(&close.name.value));
            let names: Vec<String> = names.map(|name| format!("Self::{name}")).collect();
            let codes = Tokens::new(format!("&[{}]", names.join(", ")));
            self.push("CLOSES", CODES, codes);
        }
    }

    /// Where messages are of declared kinds, there are binary frames only if they are declared.
    fn accept(&self, written: Accept) -> Accept {
        match &self.endpoint.typed {
            Some(typed) if !self.endpoint.has_raw_messages() => match typed.binary() {
                Some(_) => Accept::TextAndBinary,
                None => Accept::Text,
            },
            _ => written,
        }
    }

    /// What the spec's defaults may say for all endpoints.
    fn of_policy(&mut self) {
        match &self.endpoint.policy.origins {
            Origins::Own => {}
            Origins::Same => self.push("ORIGINS", ORIGINS, Tokens::new("Origins::Same")),
            Origins::Any => self.push("ORIGINS", ORIGINS, Tokens::new("Origins::Any")),
            Origins::Only(origins) => {
                let origins = texts(origins.iter().map(|origin| origin.value.0.as_str()));
                let code = Tokens::new(format!("Origins::Only({origins})"));
                self.push("ORIGINS", ORIGINS, code);
            }
        }
        self.set(
            "SUBPROTOCOL_REQUIRED",
            BOOL,
            |policy| policy.without_subprotocol,
            |without| Tokens::new((without == WithoutSubprotocol::Refuse).to_string()),
        );
    }

    fn of_limits(&mut self) {
        self.set(
            "MESSAGE_SIZE",
            SIZE,
            |policy| policy.limits.message_size,
            Tokens::bytes,
        );
        self.set(
            "HEARTBEAT",
            MAYBE_DURATION,
            |policy| policy.limits.heartbeat,
            maybe_duration,
        );
        self.set(
            "IDLE",
            MAYBE_DURATION,
            |policy| policy.limits.idle,
            maybe_duration,
        );
        self.set(
            "SEND_TIMEOUT",
            DURATION,
            |policy| policy.limits.send_timeout,
            Tokens::duration,
        );
        self.set(
            "CONNECTIONS",
            MAYBE_COUNT,
            |policy| policy.limits.connections,
            maybe_count,
        );
        self.set(
            "JOINED",
            SIZE,
            |policy| policy.limits.joined,
            Tokens::number,
        );
        self.set("RATE", MAYBE_RATE, |policy| policy.limits.rate, maybe_rate);
        self.set(
            "LIFETIME",
            MAYBE_DURATION,
            |policy| policy.limits.lifetime,
            maybe_duration,
        );
        self.set("LAG", MISSED, |policy| policy.limits.lag, missed);
        self.set("GAP", MISSED, |policy| policy.limits.gap, missed);
    }

    fn of_shutdown(&mut self) {
        self.set(
            "SHUTDOWN_CODE",
            CODE,
            |policy| policy.shutdown.code,
            Tokens::close_code,
        );
        self.set(
            "SHUTDOWN_REASON",
            TEXT,
            |policy| policy.shutdown.reason.clone(),
            |said| text(&said),
        );
        self.set(
            "DRAIN",
            DURATION,
            |policy| policy.shutdown.drain,
            Tokens::duration,
        );
        self.set(
            "SPREAD",
            DURATION,
            |policy| policy.shutdown.spread,
            Tokens::duration,
        );
    }

    fn set<T: PartialEq>(
        &mut self,
        name: &'static str,
        ty: Type,
        of: impl Fn(&Policy) -> T,
        code: impl Fn(T) -> Tokens,
    ) {
        let value = of(&self.endpoint.policy);
        if value != of(&self.usual) {
            self.push(name, ty, code(value));
        }
    }

    fn push(&mut self, name: &'static str, ty: Type, value: Tokens) {
        let Type(ty, uses) = ty;
        self.imports.need(uses.iter().copied());
        if value.as_str().starts_with("close_code::") {
            self.imports.need(["autumn_ws::close_code"]);
        }
        self.found.push(Constant { name, ty, value });
    }
}

fn text(text: &str) -> Tokens {
    Tokens::new(Str::new(text).to_string())
}

fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Tokens {
    let texts: Vec<String> = texts.map(|text| Str::new(text).to_string()).collect();
    Tokens::new(format!("&[{}]", texts.join(", ")))
}

fn maybe_duration(duration: Option<Duration>) -> Tokens {
    Tokens::option(duration.map(Tokens::duration))
}

fn maybe_count(count: Option<u32>) -> Tokens {
    Tokens::option(count.map(Tokens::number))
}

fn maybe_rate(rate: Option<Rate>) -> Tokens {
    Tokens::option(rate.map(|Rate { messages, per }| {
        let per = match per {
            RateUnit::Second => "second",
            RateUnit::Minute => "minute",
            RateUnit::Hour => "hour",
        };
        Tokens::new(format!("Rate::per_{per}({})", Tokens::number(messages)))
    }))
}

fn missed(missed: Missed) -> Tokens {
    Tokens::new(match missed {
        Missed::Close => "Missed::Close",
        Missed::Skip => "Missed::Skip",
        Missed::Handle => "Missed::Handle",
    })
}
