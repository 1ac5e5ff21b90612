//! The file that a user's handler begins with. It is laid out as rustfmt would, since it is the user's from then on.

use super::text;
use crate::{
    error::Error,
    output::file::{Skeleton, Stub},
    targets::rust::{
        ir::{Crates, Endpoint, Handler, Method, MethodKind, Module},
        layout::laid_out,
    },
};
use askama::Template;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "rust/handler.rs")]
struct HandlerTemplate<'a> {
    module: &'a Module,
    endpoint: &'a Endpoint,
    handler: &'a Handler,
    runtime: String,
    beside: String,
    stubs: &'a [Stub],
    crates: &'a Crates,
}

#[derive(Template)]
#[template(path = "rust/stub.rs")]
struct StubTemplate<'a> {
    module: &'a Module,
    endpoint: &'a Endpoint,
    method: &'a Method,
    crates: &'a Crates,
}

pub(super) fn skeleton(
    module: &Module,
    endpoint: &Endpoint,
    handler: &Handler,
    crates: &Crates,
) -> Result<Skeleton, Error> {
    let mut stubs = Vec::new();
    for method in &handler.methods {
        stubs.extend(stub(module, endpoint, method, crates)?);
    }
    let runtime: BTreeSet<&str> = stubs
        .iter()
        .flat_map(|stub| stub.uses.iter().copied())
        .collect();
    let beside: BTreeSet<String> = handler
        .methods
        .iter()
        .filter(|method| method.needs.is_some())
        .flat_map(|method| method.beside.iter().cloned())
        .chain([
            handler.trait_name.to_string(),
            format!("{}Request", endpoint.camel),
        ])
        .collect();
    let template = HandlerTemplate {
        beside: in_order(&beside),
        module,
        endpoint,
        handler,
        runtime: braced(&Vec::from_iter(runtime)),
        stubs: &stubs,
        crates,
    };
    Ok(Skeleton {
        path: [module.path.as_slice(), &[endpoint.name.to_string()]].concat(),
        code: laid_out(&text(&template)?),
        trait_name: handler.trait_name.to_string(),
        methods: stubs,
    })
}

/// A method that does something harmless; `None` where the trait has a default.
fn stub(
    module: &Module,
    endpoint: &Endpoint,
    method: &Method,
    crates: &Crates,
) -> Result<Option<Stub>, Error> {
    let Some(needs) = &method.needs else {
        return Ok(None);
    };
    let template = StubTemplate {
        module,
        endpoint,
        method,
        crates,
    };
    Ok(Some(Stub {
        name: method.name.to_string(),
        code: laid_out(&text(&template)?).trim_end().to_owned(),
        uses: needs.clone(),
    }))
}

fn braced(names: &[&str]) -> String {
    match names {
        [name] => (*name).to_owned(),
        names => format!("{{{}}}", names.join(", ")),
    }
}

/// Names as rustfmt orders them: modules behind types, as it sorts by case.
fn in_order(names: &BTreeSet<String>) -> String {
    let (modules, types): (Vec<&str>, Vec<&str>) = names
        .iter()
        .map(String::as_str)
        .partition(|name| name.starts_with(char::is_lowercase));
    braced(&[types, modules].concat())
}
