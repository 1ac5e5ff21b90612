//! What an endpoint takes from the request.

use super::{Imports, plain};
use crate::{
    contract::{self, Endpoint, Fill, Type},
    targets::rust::{
        ir::{
            self,
            tokens::{Comment, Str, Tokens},
        },
        names,
    },
    value::{Literal, Name, Over, Places, PlacesOf, WireName},
};
use std::collections::BTreeSet;

/// What is taken, and how.
pub(super) struct Request {
    pub(super) deserialized: Vec<ir::Deserialized>,
    pub(super) parameters: Vec<ir::Parameter>,
    pub(super) allows: bool,
    pub(super) channels: ir::Channels,
    pub(super) variables: Vec<ir::Variable>,
    /// How its places are looked up.
    pub(super) places: Vec<Tokens>,
    /// What the user's code gets of it.
    pub(super) fields: Vec<ir::RequestField>,
}

pub(super) fn request(endpoint: &Endpoint, state: &ir::State, imports: &mut Imports) -> Request {
    let used = Used::of(endpoint);
    let path = deserialized(endpoint, "Path", path_fields(endpoint, &used));
    let query = deserialized(endpoint, "Query", query_fields(endpoint, &used));
    let has_handler = endpoint.has_handler();
    let touches_channels = endpoint.topics().next().is_some();
    let own_state = touches_channels && !state.is_default;
    let mut parameters = vec![upgrade(endpoint)];
    if has_handler || (touches_channels && state.is_default) {
        parameters.push(parameter("State(state)", format!("State<{}>", state.ty)));
    }
    if own_state {
        let ty = format!("State<{}::AppState>", imports.path("autumn_ws"));
        parameters.push(parameter("State(ws)", ty));
    }
    if parameters.len() > 1 {
        imports.need(["axum::extract::State"]);
    }
    parameters.extend(
        path.as_ref()
            .map(|path| taken("path", path, &used, imports)),
    );
    parameters.extend(
        query
            .as_ref()
            .map(|query| taken("query", query, &used, imports)),
    );
    let extracts = endpoint.extract.iter();
    parameters.extend(extracts.map(|extract| extracted(extract, &used)));
    let fields = fields(endpoint, path.as_ref());
    Request {
        deserialized: path.into_iter().chain(query).collect(),
        parameters,
        allows: !endpoint.extract.is_empty(),
        channels: channels(endpoint, if own_state { "ws" } else { "state" }),
        variables: variables(endpoint, &used, imports),
        places: places(endpoint),
        fields,
    }
}

fn channels(endpoint: &Endpoint, state: &str) -> ir::Channels {
    let channels = Tokens::new(format!("{state}.channels()"));
    if endpoint.topics().count() > 1 {
        ir::Channels {
            variable: Some(channels),
            code: Tokens::new("channels"),
        }
    } else {
        ir::Channels {
            variable: None,
            code: channels,
        }
    }
}

/// Which values are read: a handler gets all of them; else they fill the names of channels.
struct Used<'a> {
    has_handler: bool,
    fills: BTreeSet<&'a Name>,
}

impl<'a> Used<'a> {
    fn of(endpoint: &'a Endpoint) -> Self {
        Self {
            has_handler: endpoint.has_handler(),
            fills: endpoint
                .topics()
                .flat_map(|topic| &topic.fills)
                .map(Fill::name)
                .chain(counted(endpoint))
                .collect(),
        }
    }

    fn contains(&self, name: &Name) -> bool {
        self.has_handler || self.fills.contains(name)
    }
}

/// The extracted values that connections are counted by.
fn counted(endpoint: &Endpoint) -> impl Iterator<Item = &Name> {
    let places = endpoint.policy.limits.connections_per.iter();
    places.filter_map(|places| match &places.of.value {
        PlacesOf::Extracted(path, _) => Some(path.value()),
        PlacesOf::Peer => None,
    })
}

/// The places that a request looks up.
fn places(endpoint: &Endpoint) -> Vec<Tokens> {
    let places = endpoint.policy.limits.connections_per.iter();
    let call = |places: &Places| {
        let most = Tokens::number(places.most);
        let over = match places.over {
            Over::Refuse => "Refuse",
            Over::Oldest => "Oldest",
        };
        Tokens::new(match &places.of.value {
            PlacesOf::Peer => format!("connections_per_peer({most}, Over::{over})"),
            PlacesOf::Extracted(path, text) => {
                let (key, value) = (Str::new(text), path.code());
                format!("connections_per({key}, &{value}, {most}, Over::{over})")
            }
        })
    };
    places.map(call).collect()
}

/// Params that are read, and those whose type is to be checked.
fn path_fields(endpoint: &Endpoint, used: &Used) -> Vec<ir::Field> {
    let params = endpoint.path.params.iter();
    let read = params
        .filter(|param| used.contains(&param.name.value) || matches!(param.ty, Type::Rust(_)));
    read.map(|param| field(&param.wire, &param.name.value, &param.ty, used))
        .collect()
}

fn query_fields(endpoint: &Endpoint, used: &Used) -> Vec<ir::Field> {
    let with_default = |query: &contract::QueryField| {
        let mut field = field(&query.wire, &query.name.value, &query.ty, used);
        if query.written_default().is_some() {
            field.ty = Tokens::new(format!("Option<{}>", field.ty));
        } else if let Some(default) = &query.default {
            let function = default_function(&query.name.value);
            let path = format!("{}Query::{function}", endpoint.key.value.camel());
            let attribute = format!("default = {}", Str::new(path));
            field.attributes.push(Tokens::new(attribute));
            field.default = Some(field_default(default, function));
        }
        field
    };
    endpoint.query.iter().map(with_default).collect()
}

/// A field that is only there to be checked is named as unused.
fn field(wire: &WireName, name: &Name, ty: &Type, used: &Used) -> ir::Field {
    let mut ident = names::field(name);
    if !used.contains(name) {
        ident.insert(0, '_');
    }
    let wire = wire.as_str();
    let rename = (wire != ident).then(|| format!("rename = {}", Str::new(wire)));
    ir::Field {
        attributes: rename.into_iter().map(Tokens::new).collect(),
        ident: Tokens::new(ident),
        ty: self::ty(ty),
        default: None,
    }
}

fn ty(ty: &Type) -> Tokens {
    Tokens::new(match ty {
        Type::Rust(ty) => ty.code(),
        _ => "String",
    })
}

/// Query fields whose default serde reads, if they are used.
fn variables(endpoint: &Endpoint, used: &Used, imports: &Imports) -> Vec<ir::Variable> {
    let runtime = imports.path("autumn_ws");
    let variable = |field: &contract::QueryField| {
        let default = field.written_default()?;
        let ident = names::field(&field.name.value);
        used.contains(&field.name.value).then(|| ir::Variable {
            value: Tokens::new(format!(
                "{runtime}::or_parse(query.{ident}, {})?",
                Str::new(default)
            )),
            ident: Tokens::new(ident),
        })
    };
    endpoint.query.iter().filter_map(variable).collect()
}

fn default_function(name: &Name) -> String {
    format!("default_{}", name.as_str())
}

fn field_default(default: &Literal, function: String) -> ir::FieldDefault {
    ir::FieldDefault {
        function: Tokens::new(function),
        // A number may be near one that the standard library names.
        allows: matches!(default, Literal::Float(_)),
        value: match default {
            Literal::Bool(value) => Tokens::new(value.to_string()),
            Literal::Char(value) => {
                Tokens::new(proc_macro2::Literal::character(*value).to_string())
            }
            Literal::Integer(digits) => Tokens::number(digits),
            Literal::Float(value) => Tokens::float(value),
            Literal::Text(text) | Literal::Written(text) => {
                Tokens::new(format!("{}.to_owned()", Str::new(&**text)))
            }
        },
    }
}

fn deserialized(
    endpoint: &Endpoint,
    what: &str,
    fields: Vec<ir::Field>,
) -> Option<ir::Deserialized> {
    if fields.is_empty() {
        return None;
    }
    let types = fields.iter().map(|field| field.ty.as_str());
    Some(ir::Deserialized {
        name: Tokens::new(format!("{}{what}", endpoint.key.value.camel())),
        allows: !plain::are_fields(types),
        fields,
    })
}

fn parameter(pattern: impl Into<String>, ty: impl Into<String>) -> ir::Parameter {
    ir::Parameter {
        pattern: Tokens::new(pattern),
        ty: Tokens::new(ty),
    }
}

fn upgrade(endpoint: &Endpoint) -> ir::Parameter {
    let is_changed =
        !endpoint.subscriptions.is_empty() || !endpoint.policy.limits.connections_per.is_empty();
    let pattern = if is_changed { "mut upgrade" } else { "upgrade" };
    let camel = endpoint.key.value.camel();
    parameter(pattern, format!("Upgrade<{camel}Endpoint>"))
}

/// `Path(path): Path<RoomPath>`, or without a name where nothing of it is read.
fn taken(
    variable: &str,
    what: &ir::Deserialized,
    used: &Used,
    imports: &mut Imports,
) -> ir::Parameter {
    let (extractor, import) = if variable == "path" {
        ("Path", "axum::extract::Path")
    } else {
        ("Query", "axum::extract::Query")
    };
    imports.need([import]);
    let is_read = what
        .fields
        .iter()
        .any(|field| !field.ident.as_str().starts_with('_'));
    let pattern = if is_read || used.has_handler {
        format!("{extractor}({variable})")
    } else {
        "_".to_owned()
    };
    parameter(pattern, format!("{extractor}<{}>", what.name))
}

/// A value has a name where something is read of it.
fn extracted(extract: &contract::Extract, used: &Used) -> ir::Parameter {
    let name = &extract.name.value;
    let pattern = if used.contains(name) {
        name.as_str()
    } else {
        "_"
    };
    parameter(pattern, extract.ty.code())
}

/// Everything that was extracted, for one struct.
fn fields(endpoint: &Endpoint, path: Option<&ir::Deserialized>) -> Vec<ir::RequestField> {
    let path = path.into_iter().flat_map(|path| &path.fields);
    let path = path.map(|field| ir::RequestField {
        ident: field.ident.clone(),
        ty: field.ty.clone(),
        doc: Comment::new("From the path."),
        from: Some(Tokens::new(format!("path.{}", field.ident))),
    });
    let query = endpoint.query.iter().map(|field| {
        let ident = Tokens::new(names::field(&field.name.value));
        ir::RequestField {
            ty: ty(&field.ty),
            doc: Comment::new("From the query string."),
            from: field
                .written_default()
                .is_none()
                .then(|| Tokens::new(format!("query.{ident}"))),
            ident,
        }
    });
    let extracted = endpoint.extract.iter().map(|extract| ir::RequestField {
        ident: Tokens::new(extract.name.value.as_str()),
        ty: Tokens::new(extract.ty.code()),
        doc: Comment::new("Extracted from the request."),
        from: None,
    });
    let spoken = (!endpoint.subprotocols.is_empty()).then(|| ir::RequestField {
        ident: Tokens::new(names::SUBPROTOCOL),
        ty: Tokens::new("Option<String>"),
        doc: Comment::new("The subprotocol that client and server have agreed on, if any."),
        from: Some(Tokens::new("upgrade.subprotocol().map(str::to_owned)")),
    });
    path.chain(query).chain(extracted).chain(spoken).collect()
}
